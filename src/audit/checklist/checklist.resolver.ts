import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  ConfirmRatingsInput,
  CriterionRatingInput,
  RateCriteriaInput,
  ResolveDifferenceInput,
} from '../../graphql.ts';
import { Persons } from '../../identity/index.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { ChecklistViews } from './checklist-views.service.ts';
import { Checklists, type CriterionRating } from './checklists.service.ts';

@Resolver()
export class ChecklistResolver {
  readonly #reads: Reads;
  readonly #views: ChecklistViews;
  readonly #checklists: Checklists;

  constructor(reads: Reads, views: ChecklistViews, checklists: Checklists) {
    this.#reads = reads;
    this.#views = views;
    this.#checklists = checklists;
  }

  @Query()
  checklist(@Args('processId') processId: string, @CurrentActor() actor: Actor) {
    return this.#reads.within(actor, (db) => this.#views.checklist(db, processId));
  }

  @Mutation()
  async rateCriteria(@Args('input') input: RateCriteriaInput, @CurrentActor() actor: Actor) {
    const ratings = input.ratings.map(ratingOf);
    return this.#views.answer(
      await this.#reads.db(actor),
      'RateCriteriaSuccess',
      input,
      await this.#checklists.rateCriteria(actor, { ...input, ratings }),
    );
  }

  @Mutation()
  async confirmRatings(@Args('input') input: ConfirmRatingsInput, @CurrentActor() actor: Actor) {
    const ratings = input.ratings.map(ratingOf);
    return this.#views.answer(
      await this.#reads.db(actor),
      'ConfirmRatingsSuccess',
      input,
      await this.#checklists.confirmRatings(actor, { ...input, ratings }),
    );
  }

  @Mutation()
  async resolveDifference(@Args('input') input: ResolveDifferenceInput, @CurrentActor() actor: Actor) {
    const command = { ...input, level: input.level ?? null };
    return this.#views.answer(
      await this.#reads.db(actor),
      'ResolveDifferenceSuccess',
      input,
      await this.#checklists.resolveDifference(actor, command),
    );
  }
}

const ratingOf = ({
  evidenceIds,
  newEvidence,
  notApplicable,
  ...rating
}: CriterionRatingInput): CriterionRating => ({
  ...rating,
  notApplicable: notApplicable ?? false,
  evidenceIds: evidenceIds ?? [],
  newEvidence: newEvidence ?? [],
});

@Resolver('Competent')
export class CompetentResolver {
  readonly #reads: Reads;
  readonly #persons: Persons;

  constructor(reads: Reads, persons: Persons) {
    this.#reads = reads;
    this.#persons = persons;
  }

  @ResolveField()
  async persons(@Parent() { personIds }: { personIds: readonly string[] }, @CurrentActor() actor: Actor) {
    const names = await this.#persons.names(await this.#reads.db(actor), personIds);
    return [...names].map(([id, displayName]) => ({ id, displayName }));
  }
}
