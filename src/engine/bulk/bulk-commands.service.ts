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
  type Db,
  type Json,
  type Refusal,
  type Tx,
} from '../../platform/index.ts';
import { readRuns } from './bulk.queries.ts';
import type { Agreed, BulkFilter } from './bulk.rules.ts';
import { BulkPlans } from './bulk-plans.service.ts';
import { BulkRuns } from './bulk.service.ts';
import { MigrationPlans, type Proposal } from '../migration/migration-plans.service.ts';
import { MigrationTrials } from '../migration/migration-trials.service.ts';
import type { DeadlineChoice, TaskChoice } from '../migration/migration-plan.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';

/** So long an answer waits for its run: a short one is told with its end. */
const patienceMs = 2_000;

interface Command {
  readonly commandId: string;
}
export interface RunBulk extends Command {
  readonly step: string;
  readonly payload?: unknown;
  readonly filter: BulkFilter;
  readonly expectedCount: number;
}
export interface ProposeMigration extends Command {
  readonly fromDefinitionId: string;
  readonly toDefinitionId: string;
  readonly states?: readonly { readonly from: string; readonly to: readonly string[] }[] | null;
  readonly begin?: readonly string[] | null;
  readonly deadlines?: readonly { readonly name: string; readonly choice: DeadlineChoice }[] | null;
  readonly tasks?: TaskChoice | null;
}
export interface RunMigration extends Command {
  readonly planId: string;
  readonly filter?: BulkFilter | null;
  readonly expectedCount: number;
}
export interface UndoMigration extends Command {
  readonly runId: string;
  readonly processIds?: readonly string[] | null;
}

type RunId = { readonly runId: string };

/** What the centre does to many processes at once; each verb one command that begins, and a run that goes on. */
@Injectable()
export class BulkCommands {
  readonly #commands: Commands;
  readonly #reads: Reads;
  readonly #runs: BulkRuns;
  readonly #begins: BulkPlans;
  readonly #plans: MigrationPlans;
  readonly #trials: MigrationTrials;
  readonly #registry: EngineRegistry;

  constructor(
    commands: Commands,
    reads: Reads,
    runs: BulkRuns,
    begins: BulkPlans,
    plans: MigrationPlans,
    trials: MigrationTrials,
    registry: EngineRegistry,
  ) {
    this.#commands = commands;
    this.#reads = reads;
    this.#runs = runs;
    this.#begins = begins;
    this.#plans = plans;
    this.#trials = trials;
    this.#registry = registry;
  }

  /** Sends a step; refuses with ChangedMeanwhile when the count does not fit, and what else `BulkPlans.begin` refuses with. */
  async runBulk(actor: Actor, { commandId, ...input }: RunBulk): Promise<RunId | Refusal> {
    return this.#begun(actor, 'runBulk', commandId, input, async (tx) => {
      await this.#permit(tx, 'bulk.run');
      const { step, payload, filter, expectedCount } = input;
      const agreed: Agreed = { kind: 'STEP', step, ...(payload != null && { payload: payload as Json }) };
      return this.#begins.begin(tx, agreed, filter, expectedCount);
    });
  }

  /** Proves and keeps a plan; what the input leaves out is the proposal's. Refuses with every fault. */
  async proposeMigration(actor: Actor, { commandId, ...input }: ProposeMigration) {
    const proved = await this.#proved(actor, input);
    return this.#commands.run(actor, { name: 'proposeMigration', commandId, input }, async (tx) => {
      tx.permit(proved !== undefined && (await this.#may(tx, 'migration.propose')));
      if (isRefusal(proved)) return proved;
      return this.#plans.keep(tx, proved!.plan, proved!.proof);
    });
  }

  /** The whole plan with its proof, worked out before the transaction; undefined for whoever may not propose. */
  async #proved(actor: Actor, input: Omit<ProposeMigration, 'commandId'>) {
    const db = await this.#reads.db(actor);
    if (!(await this.#may(db, 'migration.propose'))) return undefined;
    const repeated = refuseFaults(faultsOfLists(input));
    if (repeated) return repeated;
    const proposal = await this.#plans.proposal(db, input.fromDefinitionId, input.toDefinitionId);
    const plan = { from: proposal.from, to: proposal.to, ...movesOf(input, proposal) };
    return { plan, proof: await this.#plans.prove(db, plan) };
  }

  /** Runs a plan of somebody else's. Refuses with FourEyesNeeded, or with ChangedMeanwhile when the count does not fit. */
  async runMigration(actor: Actor, { commandId, ...input }: RunMigration): Promise<RunId | Refusal> {
    return this.#begun(actor, 'runMigration', commandId, input, async (tx) => {
      await this.#permit(tx, 'migration.run');
      const { planId, expectedCount } = input;
      const plan = await this.#plans.one(tx, planId);
      if (plan.proposedBy === tx.actor.person) return ownPlan;
      const filter = await this.#trials.filterOf(tx, planId, input.filter);
      return this.#begins.begin(tx, { kind: 'MIGRATE', planId }, filter, expectedCount);
    });
  }

  /** Takes a run back as far as nobody acted since. Refuses with NotPossibleNow when it moved nothing or still goes on. */
  async undoMigration(actor: Actor, { commandId, ...input }: UndoMigration): Promise<RunId | Refusal> {
    return this.#begun(actor, 'undoMigration', commandId, input, async (tx) => {
      await this.#permit(tx, 'migration.run');
      const [run] = await readRuns(tx, [input.runId]);
      return this.#begins.beginUndo(tx, run, input.processIds ?? null);
    });
  }

  async #permit(tx: Tx, action: string): Promise<void> {
    tx.permit(await this.#may(tx, action));
  }

  async #may(db: Db, action: string): Promise<boolean> {
    const [may] = await this.#registry.authority.may(db, db.actor, action, [{}]);
    return may === true;
  }

  async #begun<I>(
    actor: Actor,
    name: string,
    commandId: string,
    input: I,
    work: (tx: Tx) => Promise<RunId | Refusal>,
  ): Promise<RunId | Refusal> {
    const begun = await this.#commands.run(actor, { name, commandId, input }, work);
    if (isRefusal(begun)) return begun;
    await this.#runs.carryFor(patienceMs, actor.tenant, begun.runId);
    return begun;
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
