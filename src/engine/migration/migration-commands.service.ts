import { Injectable } from '@nestjs/common';
import {
  blankFaultsIn,
  Commands,
  isRefusal,
  Reads,
  refuse,
  refuseFaults,
  repeatedFaults,
  type Actor,
  type Refusal,
} from '../../platform/index.ts';
import { BulkCommands, mayIn, type BulkCommand, type RunId } from '../bulk/bulk-commands.service.ts';
import { BulkPlans } from '../bulk/bulk-plans.service.ts';
import { readRuns } from '../bulk/bulk.sql.ts';
import type { BulkFilter } from '../bulk/bulk.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import type { DeadlineChoice, TaskChoice } from '../plan/migration-plan.rules.ts';
import { MigrationPlans, type Proposal } from '../plan/migration-plans.service.ts';
import { MigrationTrials } from './migration-trials.service.ts';

interface ProposeMigration extends BulkCommand {
  readonly fromDefinitionId: string;
  readonly toDefinitionId: string;
  readonly states?: readonly { readonly from: string; readonly to: readonly string[] }[] | null;
  readonly begin?: readonly string[] | null;
  readonly deadlines?: readonly { readonly name: string; readonly choice: DeadlineChoice }[] | null;
  readonly tasks?: TaskChoice | null;
}
interface RunMigration extends BulkCommand {
  readonly planId: string;
  readonly filter?: BulkFilter | null;
  readonly expectedCount: number;
}
interface UndoMigration extends BulkCommand {
  readonly runId: string;
  readonly processIds?: readonly string[] | null;
}

/** A running process's way to another definition: one person proposes a proved plan, another runs it. */
@Injectable()
export class MigrationCommands {
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #bulk: BulkCommands;
  readonly #begins: BulkPlans;
  readonly #plans: MigrationPlans;
  readonly #trials: MigrationTrials;
  readonly #registry: EngineRegistry;

  constructor(
    commands: Commands,
    reads: Reads,
    bulk: BulkCommands,
    begins: BulkPlans,
    plans: MigrationPlans,
    trials: MigrationTrials,
    registry: EngineRegistry,
  ) {
    this.#commands = commands;
    this.#reads = reads;
    this.#bulk = bulk;
    this.#begins = begins;
    this.#plans = plans;
    this.#trials = trials;
    this.#registry = registry;
  }

  /** Proves and keeps a plan; what the input leaves out is the proposal's. Refuses with every fault. */
  async proposeMigration(actor: Actor, { commandId, ...input }: ProposeMigration) {
    const proved = await this.#proved(actor, input);
    return this.#commands.run(actor, { name: 'proposeMigration', commandId, input }, async (tx) => {
      tx.permit(proved !== undefined && (await mayIn(this.#registry, tx, 'migration.propose')));
      if (isRefusal(proved)) return proved;
      return this.#plans.keep(tx, proved!.plan, proved!.proof);
    });
  }

  /** The whole plan with its proof, worked out before the transaction; undefined for whoever may not propose. */
  async #proved(actor: Actor, input: Omit<ProposeMigration, 'commandId'>) {
    const db = await this.#reads.db(actor);
    if (!(await mayIn(this.#registry, db, 'migration.propose'))) return undefined;
    const repeated = refuseFaults(faultsOfLists(input));
    if (repeated) return repeated;
    const proposal = await this.#plans.proposal(db, input.fromDefinitionId, input.toDefinitionId);
    const plan = { from: proposal.from, to: proposal.to, ...movesOf(input, proposal) };
    return { plan, proof: await this.#plans.prove(db, plan) };
  }

  /** Runs a plan of somebody else's. Refuses with FourEyesNeeded, or with ChangedMeanwhile when the count does not fit. */
  async runMigration(actor: Actor, { commandId, ...input }: RunMigration): Promise<RunId | Refusal> {
    return this.#bulk.begun(actor, 'runMigration', commandId, input, async (tx) => {
      tx.permit(await mayIn(this.#registry, tx, 'migration.run'));
      const { planId, expectedCount } = input;
      const plan = await this.#plans.one(tx, planId);
      if (plan.proposedBy === tx.actor.person) return ownPlan;
      const filter = await this.#trials.filterOf(tx, planId, input.filter);
      return this.#begins.begin(tx, { kind: 'MIGRATE', planId }, filter, expectedCount);
    });
  }

  /** Takes a run back as far as nobody acted since. Refuses with NotPossibleNow when it moved nothing or still goes on. */
  async undoMigration(actor: Actor, { commandId, ...input }: UndoMigration): Promise<RunId | Refusal> {
    return this.#bulk.begun(actor, 'undoMigration', commandId, input, async (tx) => {
      tx.permit(await mayIn(this.#registry, tx, 'migration.run'));
      const [run] = await readRuns(tx, [input.runId]);
      return this.#begins.beginUndo(tx, run, input.processIds ?? null);
    });
  }
}

/** What would be lost or mean nothing once lists become maps. */
function faultsOfLists({ states, deadlines }: Omit<ProposeMigration, 'commandId'>) {
  const [paths, names] = [states?.map(({ from }) => from) ?? [], deadlines?.map(({ name }) => name) ?? []];
  return [
    ...blankFaultsIn(states ?? [], 'states', 'from'),
    ...repeatedFaults(paths, (at) => `states.${at}.from`),
    ...repeatedFaults(names, (at) => `deadlines.${at}.name`),
  ];
}

function movesOf(
  { states, begin, deadlines, tasks }: Omit<ProposeMigration, 'commandId'>,
  { moves }: Proposal,
) {
  return {
    states: states ? Object.fromEntries(states.map(({ from, to }) => [from, [...to]])) : moves.states,
    begin: begin ? [...begin] : moves.begin,
    deadlines: deadlines
      ? Object.fromEntries(deadlines.map(({ name, choice }) => [name, choice]))
      : moves.deadlines,
    tasks: tasks ?? moves.tasks,
  };
}

const ownPlan = refuse('FourEyesNeeded', {
  de: 'Vier Augen: Den Plan muss eine andere Person ausführen als die, die ihn vorgeschlagen hat.',
  en: 'Four eyes: somebody else than the person who proposed the plan must run it.',
});
