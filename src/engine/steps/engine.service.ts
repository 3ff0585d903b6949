import { Injectable } from '@nestjs/common';
import { found, isRefusal, type Db, type Refusal, type Statement, type Tx } from '../../platform/index.ts';
import type { Step } from '../definition/definition.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import { handedOver } from './hand-over.rules.ts';
import { START } from './log.rules.ts';
import { commit } from './commit.sql.ts';
import { readDue } from './clock.sql.ts';
import { SUSPENSION } from './clock.rules.ts';
import { startSnapshot } from './move.rules.ts';
import { areSame, type Belonging } from './place.rules.ts';
import { PossibleSteps, type PossibleStep } from './possible-steps.service.ts';
import {
  lockOf,
  lockProcesses,
  lockProcessesOf,
  placeAnew,
  readDeadlines,
  readProcesses,
  readTaggedTasks,
  type DeadlineRow,
  type TaggedTaskRow,
} from './process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { readRemindedBy } from './reminder.sql.ts';
import { StepWriter } from './step-writer.service.ts';
import { Steps, type StepTaken } from './steps.service.ts';
import { readRetirement } from '../publish/retirement.sql.ts';
import { refuseRetired } from '../publish/retirement.rules.ts';

const theProcess = { de: 'Vorgang', en: 'Process' };

export interface Start {
  readonly definitionId: string;
  readonly seriesId: string | null;
  readonly items: readonly { readonly processId: string; readonly scopeId: string }[];
  /** A step that every process takes at once; the caller has asked whether the actor may take it for all of them. */
  readonly first?: { readonly step: string; readonly payload?: unknown };
}
export interface Take {
  readonly processId: string;
  readonly step: string;
  readonly payload?: unknown;
  /** The version the asker last saw. */
  readonly expectedVersion?: number | null;
}
/**
 * Starts and moves processes. Every method works inside the caller's command: the process row is locked first, then
 * facts, permission, guards and the pure step decide, then effects and the engine's rows are written (ADR 0021).
 */
@Injectable()
export class Engine {
  readonly #definitions: Definitions;
  readonly #steps: Steps;
  readonly #writer: StepWriter;
  readonly #possible: PossibleSteps;

  constructor(definitions: Definitions, steps: Steps, writer: StepWriter, possible: PossibleSteps) {
    this.#definitions = definitions;
    this.#steps = steps;
    this.#writer = writer;
    this.#possible = possible;
  }

  /** Starts one process for each item, all or none; thousands cost a second or two. The caller asks for permission. */
  async start(
    tx: Tx,
    { definitionId, seriesId, items, first }: Start,
  ): Promise<readonly ProcessRow[] | Refusal> {
    const machine = await this.#definitions.machineOf(tx, definitionId);
    const retired = refuseRetired(await readRetirement(tx, definitionId));
    if (retired) return retired;
    const moved = machine.start();
    const blank = {
      definitionId,
      seriesId,
      version: 0,
      states: [],
      tags: [],
      stage: '',
      head: '',
      snapshot: startSnapshot(moved),
    };
    const moves = items.map(({ processId, scopeId }) => ({
      process: {
        ...blank,
        id: processId,
        scopeId,
        status: 'RUNNING',
        stageSince: tx.at,
        startedAt: tx.at,
        suspendedAt: null,
        suspendedOn: null,
        suspendedUntil: null,
      } as ProcessRow,
      decision: { moved, answers: [], reasons: [] },
      facts: new Map(),
      onBehalfOf: null,
    }));
    const started = await this.#writer.write(
      tx,
      { machine, name: START, step: noStep, payload: undefined },
      moves,
    );
    if (isRefusal(started) || !first) return started;
    const taken = await this.#steps.takeAll(tx, machine, started, { ...first, isPermitted: true });
    return isRefusal(taken) ? taken : taken.map(({ process }) => process);
  }

  /** Processes as they stand; unknown ids are left out. */
  processes(db: Db, ids: readonly string[]): Promise<ProcessRow[]> {
    return readProcesses(db, ids);
  }

  /** What may come next, for the asking actor, with the reasons for what is closed; by process. */
  possibleSteps(db: Db, ids: readonly string[]): Promise<Map<string, PossibleStep[]>> {
    return this.#possible.of(db, ids);
  }

  /** Whose turn it is, and for what: their open tasks with the tags of the states that ask, the earliest due first. */
  openTasks(db: Db, ids: readonly string[]): Promise<TaggedTaskRow[]> {
    return readTaggedTasks(db, ids);
  }

  /** Whom a log entry reminded by hand: posts, and persons without one; undefined when it is no such entry. */
  remindedBy(db: Db, entry: { readonly processId: string; readonly seq: number }) {
    return readRemindedBy(db, entry);
  }

  /** Their deadlines that run, the next one first. */
  deadlines(db: Db, ids: readonly string[]): Promise<DeadlineRow[]> {
    return readDeadlines(db, ids);
  }

  /** The lock of a process as `CommandRequest.ahead`: it then costs a command no round trip of its own. */
  lockAhead(processId: string): Statement {
    return lockOf(processId);
  }

  /** Locks a process for this command and reads it. Whoever changes what a guard reads must hold this lock first. */
  async lock(tx: Tx, processId: string): Promise<ProcessRow> {
    const [row] = await lockProcesses(tx, [processId]);
    return found(row, theProcess);
  }

  /** Locks all running processes about these scopes, without knowing what they are. */
  lockScopes(tx: Tx, scopeIds: readonly string[]): Promise<ProcessRow[]> {
    return lockProcessesOf(tx, scopeIds);
  }

  /**
   * Hands running processes over to another scope and series, as when what they are about has a successor. An entry of
   * its own in each log says so; states, deadlines and tasks stay as they are. The caller asks for permission.
   */
  async handOver(tx: Tx, processIds: readonly string[], to: Belonging): Promise<void> {
    const locked = await lockProcesses(tx, processIds);
    const moving = locked.filter((process) => process.status === 'RUNNING' && !areSame(process, to));
    if (moving.length === 0) return;
    const written = moving.map((process) => handedOver(tx, process, to));
    commit(
      tx,
      written.map(({ row }) => row),
    );
    await placeAnew(
      tx,
      written.map(({ process }) => process.id),
      to.scopeId,
      to.seriesId,
    );
  }

  /**
   * Takes a step with the actor's rights, and the automatic steps that become possible by it. Refuses with
   * ChangedMeanwhile, NotPossibleNow (with reasons), NotAllowed, InvalidInput, or what an effect refuses with.
   */
  async take(tx: Tx, { processId, ...asked }: Take): Promise<StepTaken | Refusal> {
    const process = await this.lock(tx, processId);
    const machine = await this.#definitions.machineOf(tx, process.definitionId);
    const taken = await this.#steps.takeAll(tx, machine, [process], asked);
    return isRefusal(taken) ? taken : taken[0]!;
  }

  /** Takes the automatic steps whose guards have come to hold; the names of those taken. */
  async settle(tx: Tx, processId: string): Promise<readonly string[] | Refusal> {
    const process = await this.lock(tx, processId);
    const machine = await this.#definitions.machineOf(tx, process.definitionId);
    const settled = await this.#steps.settleAll(tx, machine, [process]);
    return isRefusal(settled) ? settled : settled[0]!.followedBy;
  }

  /** Takes the step of a deadline whose time has come; undefined when it no longer runs (an earlier visit's, or done). */
  async fire(
    tx: Tx,
    { processId, name, epoch }: { processId: string; name: string; epoch: number },
  ): Promise<StepTaken | Refusal | undefined> {
    const process = await this.lock(tx, processId);
    const fired = await readDue(tx, { processId, name, epoch });
    if (!fired) return undefined;
    const machine = await this.#definitions.machineOf(tx, process.definitionId);
    // The end of a rest was granted with it: no function has to be held for it.
    const isPermitted = name === SUSPENSION || undefined;
    const asked = { step: fired.nextStep, fired, ...(isPermitted && { isPermitted }) };
    const taken = await this.#steps.takeAll(tx, machine, [process], asked);
    return isRefusal(taken) ? taken : taken[0];
  }
}

const noStep: Step = { label: { de: 'Beginn', en: 'Start' }, who: [] };
