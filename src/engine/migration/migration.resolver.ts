import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  ProposeMigrationInput,
  QueryMigrationProposalArgs,
  QueryTryMigrationArgs,
  RunMigrationInput,
  UndoMigrationInput,
} from '../../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../../platform/index.ts';
import type { RunRow } from '../bulk/bulk.sql.ts';
import { BulkViews, orBadInput } from '../bulk/bulk-views.service.ts';
import { countAble, grouped } from '../bulk/bulk.rules.ts';
import {
  MigrationPlans,
  shownMoves,
  shownPlan,
  type PlanRow,
  type Proposal,
} from '../plan/migration-plans.service.ts';
import { MigrationCommands } from './migration-commands.service.ts';
import type { TrialRow } from './migration-trial.rules.ts';
import { MigrationTrials, type Trial } from './migration-trials.service.ts';
import { ProcessViews } from '../view/process-views.service.ts';

const mostGroups = 100;

@Resolver()
export class MigrationResolver {
  readonly #reads: Reads;
  readonly #plans: MigrationPlans;
  readonly #trials: MigrationTrials;
  readonly #commands: MigrationCommands;
  readonly #views: BulkViews;

  constructor(
    reads: Reads,
    plans: MigrationPlans,
    trials: MigrationTrials,
    commands: MigrationCommands,
    views: BulkViews,
  ) {
    this.#reads = reads;
    this.#plans = plans;
    this.#trials = trials;
    this.#commands = commands;
    this.#views = views;
  }

  @Query()
  async migrationProposal(
    @Args() { fromDefinitionId, toDefinitionId }: QueryMigrationProposalArgs,
    @CurrentActor() actor: Actor,
  ) {
    const db = await this.#reads.db(actor);
    const { moves, ...proposal } = await this.#plans.proposal(db, fromDefinitionId, toDefinitionId);
    return { ...proposal, ...shownMoves(moves) };
  }

  @Query()
  async migrationPlans(@CurrentActor() actor: Actor) {
    return (await this.#plans.list(await this.#reads.db(actor))).map(shownPlan);
  }

  @Query()
  async migrationPlan(@Args('id') id: string, @CurrentActor() actor: Actor) {
    const plan = await this.#plans.find(await this.#reads.db(actor), id);
    return plan ? shownPlan(plan) : null;
  }

  @Query()
  async tryMigration(@Args() { planId, filter }: QueryTryMigrationArgs, @CurrentActor() actor: Actor) {
    return this.#reads.within(actor, async (db) => {
      const { from, to } = await this.#plans.one(db, planId);
      const trial = orBadInput(await this.#trials.try(db, planId, filter));
      return { ...trial, rows: trial.rows.map((row) => ({ ...row, from, to })) };
    });
  }

  @Mutation()
  async proposeMigration(@Args('input') input: ProposeMigrationInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#commands.proposeMigration(actor, input);
    if (isRefusal(outcome)) return outcome;
    const plan = await this.#plans.one(await this.#reads.db(actor), outcome.planId);
    return { __typename: 'ProposeMigrationSuccess', plan: shownPlan(plan) };
  }

  @Mutation()
  async runMigration(@Args('input') input: RunMigrationInput, @CurrentActor() actor: Actor) {
    const begun = await this.#commands.runMigration(actor, input);
    return this.#views.answer(actor, 'RunMigrationSuccess', begun);
  }

  @Mutation()
  async undoMigration(@Args('input') input: UndoMigrationInput, @CurrentActor() actor: Actor) {
    const begun = await this.#commands.undoMigration(actor, input);
    return this.#views.answer(actor, 'UndoMigrationSuccess', begun);
  }
}

@Resolver('MigrationProposal')
export class MigrationProposalResolver {
  readonly #views: ProcessViews;

  constructor(views: ProcessViews) {
    this.#views = views;
  }

  @ResolveField()
  from(@Parent() { from }: Proposal, @CurrentActor() actor: Actor) {
    return this.#views.definition(actor, from);
  }

  @ResolveField()
  to(@Parent() { to }: Proposal, @CurrentActor() actor: Actor) {
    return this.#views.definition(actor, to);
  }
}

@Resolver('MigrationPlan')
export class MigrationPlanResolver {
  readonly #views: ProcessViews;

  constructor(views: ProcessViews) {
    this.#views = views;
  }

  @ResolveField()
  from(@Parent() { from }: PlanRow, @CurrentActor() actor: Actor) {
    return this.#views.definition(actor, from);
  }

  @ResolveField()
  to(@Parent() { to }: PlanRow, @CurrentActor() actor: Actor) {
    return this.#views.definition(actor, to);
  }

  @ResolveField()
  proposedByMe(@Parent() { proposedBy }: PlanRow, @CurrentActor() actor: Actor) {
    return proposedBy === actor.person;
  }
}

@Resolver('MigrationTrial')
export class MigrationTrialResolver {
  readonly #reads: Reads;
  readonly #trials: MigrationTrials;

  constructor(reads: Reads, trials: MigrationTrials) {
    this.#reads = reads;
    this.#trials = trials;
  }

  @ResolveField()
  found(@Parent() { forecast }: Trial) {
    return forecast.processes.length;
  }

  @ResolveField()
  able(@Parent() { forecast }: Trial) {
    return countAble(forecast);
  }

  @ResolveField()
  refused(@Parent() { forecast }: Trial) {
    const groups = grouped(forecast).filter(({ reason }) => reason !== null);
    return groups.slice(0, mostGroups);
  }

  @ResolveField()
  async conformance(@Parent() trial: Trial, @CurrentActor() actor: Actor) {
    return this.#trials.conformance(await this.#reads.db(actor), trial);
  }
}

@Resolver('MigrationTrialRow')
export class MigrationTrialRowResolver {
  readonly #views: ProcessViews;

  constructor(views: ProcessViews) {
    this.#views = views;
  }

  @ResolveField()
  fromStageLabel(@Parent() { from, fromStage }: ShownRow, @CurrentActor() actor: Actor) {
    return this.#views.stageLabel(actor, from, fromStage);
  }

  @ResolveField()
  toStageLabel(@Parent() { to, toStage }: ShownRow, @CurrentActor() actor: Actor) {
    return this.#views.stageLabel(actor, to, toStage);
  }

  @ResolveField()
  deadlines(@Parent() { deadlines }: ShownRow) {
    return [...deadlines.values()];
  }
}

/** A row knows the definitions whose words it is told in. */
type ShownRow = TrialRow & Pick<PlanRow, 'from' | 'to'>;

/** The plan of a run that migrates; other runs have none. */
@Resolver('BulkRun')
export class BulkRunPlanResolver {
  readonly #reads: Reads;
  readonly #plans: MigrationPlans;

  constructor(reads: Reads, plans: MigrationPlans) {
    this.#reads = reads;
    this.#plans = plans;
  }

  @ResolveField()
  async plan(@Parent() { planId }: RunRow, @CurrentActor() actor: Actor) {
    return planId && shownPlan(await this.#plans.one(await this.#reads.db(actor), planId));
  }
}
