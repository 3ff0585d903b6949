import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  ConfirmRatingsInput,
  ConfirmTakenOverInput,
  CriterionRatingInput,
  RateCriteriaInput,
  ResolveDifferenceInput,
  TakeOverRatingsInput,
} from '../../graphql.ts';
import { Persons } from '../../identity/index.ts';
import { CurrentActor, isRefusal, Reads, type Actor, type Refusal } from '../../platform/index.ts';
import { CarryOver } from '../succession/carry-over.service.ts';
import { ChecklistViews } from './checklist-view.service.ts';
import type { Conflict } from './checklist.rules.ts';
import { Checklists, type CriterionRating } from './checklist.service.ts';
import { completionOf } from '../course/opening-process.resolver.ts';

type Receipt = { readonly processId: string; readonly criterionIds: readonly string[] };
/** What refusals of a checklist carry beside their message. */
type Facts = { readonly conflicts?: readonly Conflict[]; readonly criterionIds?: readonly string[] };

@Resolver()
export class ChecklistResolver {
  readonly #reads: Reads;
  readonly #views: ChecklistViews;
  readonly #checklists: Checklists;
  readonly #carryOver: CarryOver;

  constructor(reads: Reads, views: ChecklistViews, checklists: Checklists, carryOver: CarryOver) {
    this.#reads = reads;
    this.#views = views;
    this.#checklists = checklists;
    this.#carryOver = carryOver;
  }

  @Query()
  checklist(@Args('processId') processId: string, @CurrentActor() actor: Actor) {
    return this.#reads.within(actor, (db) => this.#views.checklist(db, processId));
  }

  @Mutation()
  async rateCriteria(@Args('input') input: RateCriteriaInput, @CurrentActor() actor: Actor) {
    const ratings = input.ratings.map(ratingOf);
    return this.#answer(
      'RateCriteriaSuccess',
      actor,
      input,
      await this.#checklists.rateCriteria(actor, { ...input, ratings }),
    );
  }

  @Mutation()
  async confirmRatings(@Args('input') input: ConfirmRatingsInput, @CurrentActor() actor: Actor) {
    const ratings = input.ratings.map(ratingOf);
    return this.#answer(
      'ConfirmRatingsSuccess',
      actor,
      input,
      await this.#checklists.confirmRatings(actor, { ...input, ratings }),
    );
  }

  @Mutation()
  async resolveDifference(@Args('input') input: ResolveDifferenceInput, @CurrentActor() actor: Actor) {
    const command = { ...input, level: input.level ?? null };
    return this.#answer(
      'ResolveDifferenceSuccess',
      actor,
      input,
      await this.#checklists.resolveDifference(actor, command),
    );
  }

  @Mutation()
  async takeOverRatings(@Args('input') input: TakeOverRatingsInput, @CurrentActor() actor: Actor) {
    const command = { ...input, criterionIds: input.criterionIds ?? null };
    const outcome = await this.#carryOver.takeOverRatings(actor, command);
    if (isRefusal(outcome)) return outcome;
    const { items } = await this.#views.items(
      await this.#reads.db(actor),
      input.processId,
      outcome.criterionIds,
    );
    return { __typename: 'TakeOverRatingsSuccess', takenOver: outcome.criterionIds.length, items };
  }

  @Mutation()
  async confirmTakenOver(@Args('input') input: ConfirmTakenOverInput, @CurrentActor() actor: Actor) {
    return this.#answer(
      'ConfirmTakenOverSuccess',
      actor,
      input,
      await this.#carryOver.confirmTakenOver(actor, input),
    );
  }

  async #answer(
    typename: string,
    actor: Actor,
    { processId }: { processId: string },
    outcome: Receipt | Refusal,
  ) {
    const db = await this.#reads.db(actor);
    if (isRefusal(outcome)) {
      const { conflicts, criterionIds } = outcome as Facts;
      if (conflicts) return { ...outcome, conflicts: await this.#views.conflicts(db, processId, conflicts) };
      if (criterionIds)
        return { ...outcome, criteria: await this.#views.criteriaById(db, processId, criterionIds) };
      return outcome;
    }
    const { opening, items } = await this.#views.items(db, processId, outcome.criterionIds);
    return { __typename: typename, items, completion: completionOf(opening) };
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
