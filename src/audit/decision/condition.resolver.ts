import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  AssessConditionInput,
  DropConditionInput,
  ProposeConditionsInput,
  ReconfirmCoreCriteriaInput,
  ShowConditionInput,
} from '../../graphql.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { Conditions } from './conditions.service.ts';
import { DecisionViews } from './decision-views.service.ts';
import { OpeningAnswers } from '../opening/opening-answers.service.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { Surveillance } from './surveillance.service.ts';

@Resolver('OpeningProcess')
export class ConditionResolver {
  readonly #conditions: Conditions;
  readonly #surveillance: Surveillance;
  readonly #views: DecisionViews;
  readonly #answers: OpeningAnswers;
  readonly #reads: Reads;

  constructor(
    conditions: Conditions,
    surveillance: Surveillance,
    views: DecisionViews,
    answers: OpeningAnswers,
    reads: Reads,
  ) {
    this.#conditions = conditions;
    this.#surveillance = surveillance;
    this.#views = views;
    this.#answers = answers;
    this.#reads = reads;
  }

  @ResolveField()
  async conditions(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.conditions(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async surveillance(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.surveillance(await this.#reads.db(actor), opening);
  }

  @Mutation()
  async proposeConditions(@Args('input') input: ProposeConditionsInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('ProposeConditionsSuccess', actor, await this.#conditions.propose(actor, input));
  }

  @Mutation()
  async dropCondition(@Args('input') input: DropConditionInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('DropConditionSuccess', actor, await this.#conditions.drop(actor, input));
  }

  @Mutation()
  async showCondition(@Args('input') input: ShowConditionInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('ShowConditionSuccess', actor, await this.#conditions.show(actor, input));
  }

  @Mutation()
  async assessCondition(@Args('input') input: AssessConditionInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('AssessConditionSuccess', actor, await this.#conditions.assess(actor, input));
  }

  @Mutation()
  async reconfirmCoreCriteria(
    @Args('input') input: ReconfirmCoreCriteriaInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.#answers.of(
      'ReconfirmCoreCriteriaSuccess',
      actor,
      await this.#surveillance.reconfirm(actor, input),
    );
  }
}
