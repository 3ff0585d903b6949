import { Injectable } from '@nestjs/common';
import {
  Commands,
  isRefusal,
  type Actor,
  type Db,
  type Json,
  type Refusal,
  type Tx,
} from '../../platform/index.ts';
import type { Agreed, BulkFilter } from './bulk.rules.ts';
import { BulkPlans } from './bulk-plans.service.ts';
import { BulkRuns } from './bulk-runs.service.ts';
import { EngineRegistry } from '../machine/registry.ts';

/** How long an answer waits for its run, so that a short run is answered with its outcome. */
const patienceMs = 2_000;

export interface BulkCommand {
  readonly commandId: string;
}
interface RunBulk extends BulkCommand {
  readonly step: string;
  readonly payload?: unknown;
  readonly filter: BulkFilter;
  readonly expectedCount: number;
}
export type RunId = { readonly runId: string };

/** Commands of the central office on many processes: a command begins a run, which then goes on by itself. */
@Injectable()
export class BulkCommands {
  readonly #commands: Commands;
  readonly #runs: BulkRuns;
  readonly #begins: BulkPlans;
  readonly #registry: EngineRegistry;

  constructor(commands: Commands, runs: BulkRuns, begins: BulkPlans, registry: EngineRegistry) {
    this.#commands = commands;
    this.#runs = runs;
    this.#begins = begins;
    this.#registry = registry;
  }

  /** Sends a step; refuses with ChangedMeanwhile when the count does not fit, and what else `BulkPlans.begin` refuses with. */
  async runBulk(actor: Actor, { commandId, ...input }: RunBulk): Promise<RunId | Refusal> {
    return this.begun(actor, 'runBulk', commandId, input, async (tx) => {
      tx.permit(await mayIn(this.#registry, tx, 'bulk.run'));
      const { step, payload, filter, expectedCount } = input;
      const agreed: Agreed = { kind: 'STEP', step, ...(payload != null && { payload: payload as Json }) };
      return this.#begins.begin(tx, agreed, filter, expectedCount);
    });
  }

  /** Begins a run by one command, and waits a moment so that a short run is answered with its outcome. */
  async begun<I>(
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

/** Whether the actor may do this to processes anywhere in the administration. */
export async function mayIn(registry: EngineRegistry, db: Db, action: string): Promise<boolean> {
  const [may] = await registry.authority.may(db, db.actor, action, [{}]);
  return may === true;
}
