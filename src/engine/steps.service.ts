import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { isRefusal, refuseFaults, type Json, type Refusal, type Tx } from '../platform/index.ts';
import { Calendars } from './calendars.service.ts';
import type { Step } from './definition.rules.ts';
import { Hearing } from './hearing.service.ts';
import type { Machine, Moved } from './machine.rules.ts';
import { clocksOf, type Clocks, type Fired } from './clock.rules.ts';
import { decide, effectsOf, type Decision } from './move.rules.ts';
import { readPayload } from './payload.rules.ts';
import type { ProcessRow } from './process.rules.ts';
import { refuseFourEyes, refuseFunction, refuseGuards, refuseState, stepOf } from './refusals.rules.ts';
import { EngineRegistry, type StepInHand } from './registry.ts';
import { transition, type Ask, type Move, type Written } from './transition.rules.ts';

const commit = 'select engine.commit_transition($1::jsonb)';
/** So many transitions go into one call: memory stays bounded, the round trip is shared. */
const batch = 1000;
const mostFollowUps = 10;

/** The process after a step, the automatic ones that followed included. */
export interface StepTaken {
  readonly process: ProcessRow;
  readonly step: string;
  readonly followedBy: readonly string[];
}

export interface Asked {
  readonly step: string;
  readonly payload?: unknown;
  readonly fired?: Fired;
  /** The command itself has asked whether the actor may do this to all of them. */
  readonly isPermitted?: true;
}

/**
 * Moves locked processes: state, permission and payload are asked, then facts and guards decide, the pure step is
 * taken, effects run, and one call writes everything. One path for one process and for thousands.
 */
@Injectable()
export class Steps {
  readonly #calendars: Calendars;
  readonly #hearing: Hearing;
  readonly #registry: EngineRegistry;

  constructor(calendars: Calendars, hearing: Hearing, registry: EngineRegistry) {
    this.#calendars = calendars;
    this.#hearing = hearing;
    this.#registry = registry;
  }

  async takeAll(
    tx: Tx,
    machine: Machine,
    processes: readonly ProcessRow[],
    asked: Asked,
  ): Promise<StepTaken[] | Refusal> {
    const step = stepOf(machine.chart, asked.step);
    for (const process of processes) {
      const no = refuseState(machine.chart, process, asked.step, step);
      if (no) return no;
    }
    const represented = asked.isPermitted
      ? processes.map(() => null)
      : await this.#permit(tx, processes, step);
    const read = readPayload(step.payload, asked.payload);
    if ('faults' in read) return refuseFaults(read.faults)!;
    const ask: Ask = { machine, name: asked.step, step, payload: read.payload, fired: asked.fired };
    const moves = await this.#decide(tx, ask, processes, represented);
    if (isRefusal(moves)) return moves;
    const moved = await this.write(tx, ask, moves);
    if (isRefusal(moved)) return moved;
    return this.#settleAll(tx, machine, moved, asked.step);
  }

  /** Whom the actor represents at each process. No function or no second pair of eyes ends the command. */
  async #permit(tx: Tx, processes: readonly ProcessRow[], step: Step): Promise<(string | null)[]> {
    const held = await this.#hearing.held(tx, processes, [step]);
    const represented: (string | null)[] = [];
    for (const process of processes) {
      const { warrant, onBehalfOf } = await this.#hearing.warrant(tx, process, step, held);
      if ('denied' in warrant)
        tx.permit(warrant.denied === 'FOUR_EYES' ? refuseFourEyes() : refuseFunction(step));
      represented.push(onBehalfOf);
    }
    tx.permit(true);
    return represented;
  }

  async #decide(
    tx: Tx,
    { machine, name, step, payload }: Ask,
    processes: readonly ProcessRow[],
    represented: (string | null)[],
  ): Promise<Move[] | Refusal> {
    const names = new Set(
      processes.flatMap(({ states }) => [...this.#hearing.factsAsked(machine, states, [name])]),
    );
    const facts = await this.#hearing.facts(tx, processes, names, { name, payload: payload ?? {} });
    const alike = new Map<string, Decision>();
    const moves: Move[] = [];
    for (const [i, process] of processes.entries()) {
      const known = facts.get(process.id)!;
      // Thousands of processes usually stand alike: each kind is judged once.
      const kind = JSON.stringify([process.snapshot, ...known]);
      let decision = alike.get(kind);
      if (!decision)
        alike.set(
          kind,
          (decision = decide(machine, process.snapshot, name, this.#hearing.court(machine, known))),
        );
      const { moved } = decision;
      if (!moved) return refuseGuards(process, step, decision.reasons);
      moves.push({ process, decision: { ...decision, moved }, facts: known, onBehalfOf: represented[i]! });
    }
    return moves;
  }

  async write(tx: Tx, ask: Ask, moves: readonly Move[]): Promise<ProcessRow[] | Refusal> {
    const { calendar, today } = await this.#calendars.at(tx);
    const written: Written[] = [];
    const clocks = new Map<Moved, Clocks>();
    for (const move of moves) {
      const effects = await this.#apply(tx, ask, move);
      if (isRefusal(effects)) return effects;
      const { moved } = move.decision;
      if (!clocks.has(moved))
        clocks.set(moved, clocksOf(ask.machine.chart, moved, calendar, today, ask.fired));
      const salt = ask.payload ? randomBytes(16).toString('hex') : undefined;
      written.push(transition(tx, ask, move, effects, clocks.get(moved)!, salt));
    }
    for (let i = 0; i < written.length; i += batch)
      await tx.call(commit, [JSON.stringify(written.slice(i, i + batch).map(({ row }) => row))]);
    return written.map(({ process }) => process);
  }

  async #apply(tx: Tx, { name, payload }: Ask, { process, decision }: Move): Promise<Json[] | Refusal> {
    const { states, taken } = decision.moved;
    const step: StepInHand = {
      name,
      payload: payload ?? {},
      seq: process.version + 1,
      at: tx.at,
      from: process.states,
      to: states,
    };
    const results: Json[] = [];
    for (const { effect, with: params = {} } of effectsOf(taken)) {
      const result = await this.#registry.effect(effect).apply(tx, process, params, step);
      if (isRefusal(result)) return result;
      results.push({ effect, ...(result != null && { result }) });
    }
    return results;
  }

  async #settleAll(
    tx: Tx,
    machine: Machine,
    processes: readonly ProcessRow[],
    step: string,
  ): Promise<StepTaken[] | Refusal> {
    const settled: StepTaken[] = [];
    for (const process of processes) {
      const result = await this.settle(tx, machine, process);
      if (isRefusal(result)) return result;
      settled.push({ ...result, step });
    }
    return settled;
  }

  async settle(
    tx: Tx,
    machine: Machine,
    process: ProcessRow,
  ): Promise<{ process: ProcessRow; followedBy: string[] } | Refusal> {
    const followedBy: string[] = [];
    let now = process;
    for (let left = mostFollowUps; left > 0; left -= 1) {
      const move = await this.#automatic(tx, machine, now);
      if (!move) return { process: now, followedBy };
      const moved = await this.write(tx.asSystem(), move.ask, [move.move]);
      if (isRefusal(moved)) return moved;
      now = moved[0]!;
      followedBy.push(move.ask.name);
    }
    throw new Error(`Automatic steps of ${process.id} do not come to rest: ${followedBy.join(', ')}`);
  }

  async #automatic(
    tx: Tx,
    machine: Machine,
    process: ProcessRow,
  ): Promise<{ ask: Ask; move: Move } | undefined> {
    if (process.status === 'FINISHED' || process.suspendedAt) return undefined;
    for (const name of machine.chart.steps(process.states)) {
      const step = stepOf(machine.chart, name);
      if (!step.automatic) continue;
      const ask = { machine, name, step, payload: undefined };
      const move = await this.#decide(tx, ask, [process], [null]);
      if (!isRefusal(move)) return { ask, move: move[0]! };
    }
    return undefined;
  }
}
