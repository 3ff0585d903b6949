import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { CastVoteInput } from '../../graphql.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { DecisionViews } from './decision-views.service.ts';
import { Decisions } from './decisions.service.ts';
import { OpeningAnswers } from '../opening/opening-answers.service.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';

@Resolver('OpeningProcess')
export class DecisionResolver {
  readonly #decisions: Decisions;
  readonly #views: DecisionViews;
  readonly #answers: OpeningAnswers;
  readonly #reads: Reads;

  constructor(decisions: Decisions, views: DecisionViews, answers: OpeningAnswers, reads: Reads) {
    this.#decisions = decisions;
    this.#views = views;
    this.#answers = answers;
    this.#reads = reads;
  }

  @ResolveField()
  async recognition(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.recognition(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async recommendations(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.recommendations(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async ballot(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.ballot(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async decisions(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.decisions(await this.#reads.db(actor), opening);
  }

  @Mutation()
  async castVote(@Args('input') input: CastVoteInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('CastVoteSuccess', actor, await this.#decisions.castVote(actor, input));
  }
}
