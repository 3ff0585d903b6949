import { Injectable } from '@nestjs/common';
import { isRefusal, refuseFaults, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import { BuiltInSteps } from './built-in-steps.service.ts';
import { FourEyes } from './four-eyes.service.ts';
import { StepInputs } from './step-inputs.service.ts';
import type { Machine } from '../machine/machine.rules.ts';
import type { Fired } from './clock.rules.ts';
import { decide, type Decision } from './move.rules.ts';
import { readPayload } from '../definition/payload.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import {
  refuseFourEyes,
  refuseFunction,
  refuseGuards,
  refuseState,
  refuseVersion,
  stepOf,
} from './refusals.rules.ts';
import { StepWriter } from './step-writer.service.ts';
import type { Ask, Move } from './transition.rules.ts';

const mostFollowUps = 10;

/** The process after a step and after the automatic steps that followed it. */
export interface StepTaken {
  readonly process: ProcessRow;
  readonly step: string;
  readonly followedBy: readonly string[];
}

/** A process after the automatic steps that followed. */
type SettledSteps = Omit<StepTaken, 'step'>;

/** What a step would do, process by process. */
export interface Evaluated {
  readonly ask: Ask;
  readonly moves: readonly Move[];
  readonly refused: ReadonlyMap<string, Refusal>;
}
type Permitted = Pick<Move, 'process' | 'onBehalfOf'>;

export interface StepRequest {
  readonly step: string;
  readonly payload?: unknown;
  readonly fired?: Fired;
  /** The version the asker last saw. */
  readonly expectedVersion?: number | null | undefined;
  /** The command has already checked that the actor may do this to all of the processes. */
  readonly isPermitted?: true;
}

/**
 * Moves locked processes. It checks permission, state and payload, evaluates facts and guards, takes the pure step and
 * writes the result. One process and thousands of processes take this same path.
 */
@Injectable()
export class Steps {
  readonly #builtInSteps: BuiltInSteps;
  readonly #fourEyes: FourEyes;
  readonly #inputs: StepInputs;
  readonly #writer: StepWriter;

  constructor(builtInSteps: BuiltInSteps, fourEyes: FourEyes, inputs: StepInputs, writer: StepWriter) {
    this.#builtInSteps = builtInSteps;
    this.#fourEyes = fourEyes;
    this.#inputs = inputs;
    this.#writer = writer;
  }

  /** All processes take the step or none does: the first refusal ends it. */
  async takeAll(
    tx: Tx,
    machine: Machine,
    processes: readonly ProcessRow[],
    asked: StepRequest,
  ): Promise<StepTaken[] | Refusal> {
    const { ask, moves, refused } = await this.evaluate(tx, machine, processes, asked);
    const [no] = refused.values();
    if (no?.__typename === 'NotAllowed') tx.permit(no);
    if (no) return no;
    tx.permit(true);
    return this.#take(tx, ask, moves);
  }

  /** The processes that can take the step take it; each other gets its refusal. A refusal by an effect refuses all. */
  async takeSome(
    tx: Tx,
    machine: Machine,
    processes: readonly ProcessRow[],
    asked: StepRequest,
  ): Promise<{ taken: StepTaken[]; refused: ReadonlyMap<string, Refusal> } | Refusal> {
    const { ask, moves, refused } = await this.evaluate(tx, machine, processes, asked);
    tx.permit(true); // permission was checked for each process
    const taken = await this.#take(tx, ask, moves);
    return isRefusal(taken) ? taken : { taken, refused };
  }

  /**
   * What each process would do, or its refusal. Permission is checked before state, payload and guards, so that an actor
   * without permission learns nothing about the process.
   */
  async evaluate(
    db: Db,
    machine: Machine,
    processes: readonly ProcessRow[],
    asked: StepRequest,
  ): Promise<Evaluated> {
    const { step: name, payload, fired } = asked;
    const step = stepOf(machine.chart, name);
    const refused = new Map<string, Refusal>();
    const permitted = await this.#permitted(db, machine, processes, asked, refused);
    const read = readPayload(step.payload, payload);
    const ask: Ask = {
      machine,
      name,
      step,
      payload: 'faults' in read ? undefined : read.payload,
      fired,
    };
    if ('faults' in read) {
      for (const { process } of permitted) refused.set(process.id, refuseFaults(read.faults)!);
      return { ask, moves: [], refused };
    }
    const moves = await this.#decide(db, ask, permitted, refused);
    return {
      ask,
      moves: step.does ? await this.#builtInSteps.perform(db, ask, moves, refused) : moves,
      refused,
    };
  }

  /** The processes whose state handles the step and where the actor may take it, with whom the actor represents. */
  async #permitted(
    db: Db,
    { chart }: Machine,
    processes: readonly ProcessRow[],
    { step: name, fired, expectedVersion, isPermitted }: StepRequest,
    refused: Map<string, Refusal>,
  ): Promise<Permitted[]> {
    const step = stepOf(chart, name);
    const nameOf = (code: string) => this.#inputs.nameOf(code);
    const permissions = isPermitted ? [] : await this.#inputs.permissions(db, processes, step);
    const strandings = await this.#fourEyes.strandings(
      db,
      chart,
      name,
      permissions.flatMap(({ permission, onBehalfOf }, i) =>
        'as' in permission
          ? [{ process: processes[i]!, people: [db.actor.person, onBehalfOf ?? []].flat() }]
          : [],
      ),
    );
    return processes.flatMap((process, i) => {
      const { permission, onBehalfOf = null } = permissions[i] ?? {};
      const stranding = strandings.get(process.id);
      const denied = permission && 'denied' in permission ? permission.denied : undefined;
      const no =
        (denied === 'NO_FUNCTION' && refuseFunction(step, nameOf)) ||
        refuseVersion(process, expectedVersion) ||
        refuseState(chart, process, name, step, nameOf, fired) ||
        (denied && refuseFourEyes()) ||
        (stranding && refuseGuards(process, step, [stranding]));
      if (!no) return { process, onBehalfOf };
      refused.set(process.id, no);
      return [];
    });
  }

  async #decide(
    db: Db,
    { machine, name, step, payload }: Ask,
    asking: readonly Permitted[],
    refused: Map<string, Refusal>,
  ): Promise<Move[]> {
    const processes = asking.map(({ process }) => process);
    const names = new Set(
      processes.flatMap(({ states }) => [...this.#inputs.factsAsked(machine, states, [name])]),
    );
    const facts = await this.#inputs.facts(db, processes, names, { name, payload: payload ?? {} });
    const alike = new Map<string, Decision>();
    const moves: Move[] = [];
    for (const { process, onBehalfOf } of asking) {
      const known = facts.get(process.id)!;
      // Thousands of processes are usually in few states: the guards of each state are evaluated once.
      const kind = asking.length === 1 ? '' : JSON.stringify([process.snapshot, ...known]);
      let decision = alike.get(kind);
      if (!decision)
        alike.set(
          kind,
          (decision = decide(machine, process.snapshot, name, this.#inputs.guardContext(machine, known))),
        );
      const { moved } = decision;
      if (moved) moves.push({ process, decision: { ...decision, moved }, facts: known, onBehalfOf });
      else refused.set(process.id, refuseGuards(process, step, decision.reasons));
    }
    return moves;
  }

  async #take(tx: Tx, ask: Ask, moves: readonly Move[]): Promise<StepTaken[] | Refusal> {
    const moved = await this.#writer.write(tx, ask, moves);
    if (isRefusal(moved)) return moved;
    const settled = await this.settleAll(tx, ask.machine, moved);
    return isRefusal(settled) ? settled : settled.map((one) => ({ ...one, step: ask.name }));
  }

  /**
   * Takes the automatic steps that have become possible, in rounds, until no process has one left. Each round takes one
   * step of each process, the first possible in its chart's order, and evaluates processes in the same state together.
   */
  async settleAll(
    tx: Tx,
    machine: Machine,
    processes: readonly ProcessRow[],
  ): Promise<SettledSteps[] | Refusal> {
    const settled = new Map(
      processes.map((process) => [process.id, { process, followedBy: [] as string[] }]),
    );
    let moving = processes;
    for (let left = mostFollowUps; left > 0; left -= 1) {
      const moved = await this.#follow(tx.asSystem(), machine, moving);
      if (isRefusal(moved)) return moved;
      if (moved.length === 0) return [...settled.values()];
      for (const { process, step } of moved) {
        const { followedBy } = settled.get(process.id)!;
        settled.set(process.id, { process, followedBy: [...followedBy, step] });
      }
      moving = moved.map(({ process }) => process);
    }
    throw new Error(`Automatic steps do not come to rest: ${moving.map(({ id }) => id).join(', ')}`);
  }

  /** One round. Processes in the same state try the same steps in the same order. */
  async #follow(
    tx: Tx,
    machine: Machine,
    processes: readonly ProcessRow[],
  ): Promise<{ process: ProcessRow; step: string }[] | Refusal> {
    const moving = processes.filter(({ status }) => status === 'RUNNING');
    const kindOf = ({ states, suspendedAt }: ProcessRow) => `${suspendedAt !== null} ${states.join()}`;
    const followed: { process: ProcessRow; step: string }[] = [];
    for (const alike of Map.groupBy(moving, kindOf).values()) {
      let waiting = alike;
      for (const name of automaticSteps(machine, alike[0]!)) {
        if (waiting.length === 0) break;
        const ask = { machine, name, step: stepOf(machine.chart, name), payload: undefined };
        const bySystem = waiting.map((process) => ({ process, onBehalfOf: null }));
        const moves = await this.#decide(tx, ask, bySystem, new Map());
        const moved = await this.#writer.write(tx, ask, moves);
        if (isRefusal(moved)) return moved;
        followed.push(...moved.map((process) => ({ process, step: name })));
        const gone = new Set(moved.map(({ id }) => id));
        waiting = waiting.filter(({ id }) => !gone.has(id));
      }
    }
    return followed;
  }
}

/** The automatic steps to try in a process's state, in the chart's order. */
export const automaticSteps = (
  { chart }: Machine,
  { states, suspendedAt }: Pick<ProcessRow, 'states' | 'suspendedAt'>,
): string[] =>
  chart.steps(states).filter((name) => {
    const { automatic, whileSuspended } = stepOf(chart, name);
    return automatic && (!suspendedAt || whileSuspended);
  });
