import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type {
  AcceptAssignmentsInput,
  AssignResponsibilityInput,
  ConfirmAssignmentsInput,
  DeclineAssignmentsInput,
  EndAssignmentInput,
  HandBackAssignmentInput,
  QueryAssignmentHistoryArgs,
  QueryEndingAssignmentsArgs,
  QueryPersonalUnionsArgs,
  QueryPostLoadArgs,
  QueryResponsibilitiesArgs,
  QueryResponsibilityGapsArgs,
  QueryVacanciesArgs,
} from '../../graphql.ts';
import { CurrentActor, isRefusal, type Actor, type Refusal } from '../../platform/index.ts';
import { AssignmentViews } from './assignment-views.service.ts';
import { Answers } from './answers.service.ts';
import { Assignments } from './assignments.service.ts';
import type { StepReceipt } from './assignment-gate.service.ts';
import { Questions } from './questions.service.ts';

/** Arguments with a default in the SDL are there when a resolver runs. */
type Complete<T, K extends keyof T> = T & { readonly [P in K]-?: NonNullable<T[P]> };

@Resolver()
export class AssignmentResolver {
  readonly #assignments: Assignments;
  readonly #answers: Answers;
  readonly #questions: Questions;
  readonly #views: AssignmentViews;

  constructor(assignments: Assignments, answers: Answers, questions: Questions, views: AssignmentViews) {
    this.#assignments = assignments;
    this.#answers = answers;
    this.#questions = questions;
    this.#views = views;
  }

  @Query()
  responsibilities(
    @Args() args: Complete<QueryResponsibilitiesArgs, 'catalogue'>,
    @CurrentActor() actor: Actor,
  ) {
    return this.#questions.ofUnit(actor, args);
  }

  @Query()
  responsibilityGaps(
    @Args() args: Complete<QueryResponsibilityGapsArgs, 'catalogue'>,
    @CurrentActor() actor: Actor,
  ) {
    return this.#questions.gaps(actor, args);
  }

  @Query()
  vacancies(@Args() { under }: QueryVacanciesArgs, @CurrentActor() actor: Actor) {
    return this.#questions.vacancies(actor, under);
  }

  @Query()
  endingAssignments(
    @Args() args: Complete<QueryEndingAssignmentsArgs, 'withinDays'>,
    @CurrentActor() actor: Actor,
  ) {
    return this.#questions.ending(actor, args);
  }

  @Query()
  postLoad(@Args() { postId }: QueryPostLoadArgs, @CurrentActor() actor: Actor) {
    return this.#questions.load(actor, postId);
  }

  @Query()
  myAssignments(@CurrentActor() actor: Actor) {
    return this.#questions.mine(actor);
  }

  @Query()
  assignmentHistory(@Args() { assignmentId }: QueryAssignmentHistoryArgs, @CurrentActor() actor: Actor) {
    return this.#questions.history(actor, assignmentId);
  }

  @Query()
  personalUnions(@Args() args: Complete<QueryPersonalUnionsArgs, 'catalogue'>, @CurrentActor() actor: Actor) {
    return this.#questions.unions(actor, args);
  }

  @Mutation()
  async assignResponsibility(
    @Args('input') input: Complete<AssignResponsibilityInput, 'catalogue'>,
    @CurrentActor() actor: Actor,
  ) {
    return this.#shown('AssignResponsibilitySuccess', actor, await this.#assignments.assign(actor, input));
  }

  @Mutation()
  async acceptAssignments(@Args('input') input: AcceptAssignmentsInput, @CurrentActor() actor: Actor) {
    return this.#shown('AcceptAssignmentsSuccess', actor, await this.#answers.accept(actor, input));
  }

  @Mutation()
  async declineAssignments(@Args('input') input: DeclineAssignmentsInput, @CurrentActor() actor: Actor) {
    return this.#shown('DeclineAssignmentsSuccess', actor, await this.#answers.decline(actor, input));
  }

  @Mutation()
  async confirmAssignments(@Args('input') input: ConfirmAssignmentsInput, @CurrentActor() actor: Actor) {
    return this.#shown('ConfirmAssignmentsSuccess', actor, await this.#assignments.confirm(actor, input));
  }

  @Mutation()
  async endAssignment(@Args('input') input: EndAssignmentInput, @CurrentActor() actor: Actor) {
    return this.#left('EndAssignmentSuccess', actor, await this.#assignments.end(actor, input));
  }

  @Mutation()
  async handBackAssignment(@Args('input') input: HandBackAssignmentInput, @CurrentActor() actor: Actor) {
    return this.#left('HandBackAssignmentSuccess', actor, await this.#answers.handBack(actor, input));
  }

  async #shown(__typename: string, actor: Actor, outcome: StepReceipt | Refusal) {
    if (isRefusal(outcome)) return outcome;
    const { assignmentIds, count } = outcome;
    return { __typename, assignments: await this.#views.byIds(actor, assignmentIds), count };
  }

  async #left(__typename: string, actor: Actor, outcome: { unitId: string; catalogue: string } | Refusal) {
    if (isRefusal(outcome)) return outcome;
    return { __typename, responsibilities: await this.#questions.ofUnit(actor, outcome) };
  }
}
