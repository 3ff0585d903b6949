import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { NoteVisitInput, ProvideEvidenceInput, RateAsAuditorInput } from '../../graphql.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { OpeningAnswers } from '../opening/opening-answers.service.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { ReviewViews } from './review-views.service.ts';
import { Reviews } from './reviews.service.ts';

@Resolver('OpeningProcess')
export class ReviewResolver {
  readonly #reviews: Reviews;
  readonly #views: ReviewViews;
  readonly #answers: OpeningAnswers;
  readonly #reads: Reads;

  constructor(reviews: Reviews, views: ReviewViews, answers: OpeningAnswers, reads: Reads) {
    this.#reviews = reviews;
    this.#views = views;
    this.#answers = answers;
    this.#reads = reads;
  }

  @ResolveField()
  async review(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.review(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async evidenceRequests(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.requests(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async visitNotes(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.notes(await this.#reads.db(actor), opening);
  }

  @Mutation()
  async rateAsAuditor(@Args('input') input: RateAsAuditorInput, @CurrentActor() actor: Actor) {
    // A level neither given nor waived is no level of the scale, and refused with its place.
    const ratings = input.ratings.map(({ level, notApplicable, ...rating }) => ({
      ...rating,
      level: notApplicable ? null : (level ?? -1),
    }));
    return this.#answers.of(
      'RateAsAuditorSuccess',
      actor,
      await this.#reviews.rate(actor, { ...input, ratings }),
    );
  }

  @Mutation()
  async provideEvidence(@Args('input') input: ProvideEvidenceInput, @CurrentActor() actor: Actor) {
    return this.#answers.of(
      'ProvideEvidenceSuccess',
      actor,
      await this.#reviews.provideEvidence(actor, input),
    );
  }

  @Mutation()
  async noteVisit(@Args('input') input: NoteVisitInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('NoteVisitSuccess', actor, await this.#reviews.noteVisit(actor, input));
  }
}
