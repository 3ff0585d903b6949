import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { ConfirmTakenOverInput, TakeOverRatingsInput } from '../../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../../platform/index.ts';
import { ChecklistViews } from '../checklist/checklist-views.service.ts';
import { CarryOver } from './carry-over.service.ts';

@Resolver()
export class CarryOverResolver {
  readonly #reads: Reads;
  readonly #views: ChecklistViews;
  readonly #carryOver: CarryOver;

  constructor(reads: Reads, views: ChecklistViews, carryOver: CarryOver) {
    this.#reads = reads;
    this.#views = views;
    this.#carryOver = carryOver;
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
    return this.#views.answer(
      await this.#reads.db(actor),
      'ConfirmTakenOverSuccess',
      input,
      await this.#carryOver.confirmTakenOver(actor, input),
    );
  }
}
