import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { isRefusal, type Json, type Refusal, type Tx } from '../../platform/index.ts';
import { Calendars } from './calendars.service.ts';
import { clocksOf, together, type Clocks } from './clock.rules.ts';
import { commit } from './commit.sql.ts';
import type { Moved } from '../machine/machine.rules.ts';
import { effectsOf } from './move.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { keepReminded } from './reminder.sql.ts';
import { EngineRegistry, type StepContext } from '../machine/registry.ts';
import { transition, type Ask, type Move, type Written } from './transition.rules.ts';

/** Writes steps that were decided: effects run, clocks are set, and one call writes all rows. */
@Injectable()
export class StepWriter {
  readonly #calendars: Calendars;
  readonly #registry: EngineRegistry;

  constructor(calendars: Calendars, registry: EngineRegistry) {
    this.#calendars = calendars;
    this.#registry = registry;
  }

  /** The processes after their steps, or what an effect refuses: then the whole command is taken back. */
  async write(tx: Tx, ask: Ask, moves: readonly Move[]): Promise<ProcessRow[] | Refusal> {
    const written = await this.prepare(tx, ask, moves);
    if (isRefusal(written)) return written;
    commit(
      tx,
      written.map(({ row }) => row),
    );
    return written.map(({ process }) => process);
  }

  /** Effects run, and what is left to write are the engine's own rows: the caller commits them. */
  async prepare(tx: Tx, ask: Ask, moves: readonly Move[]): Promise<Written[] | Refusal> {
    const clocksOfMove = await this.#clocks(tx, ask);
    const written: Written[] = [];
    for (const move of moves) {
      const effects = await this.#apply(tx, ask, move);
      if (isRefusal(effects)) return effects;
      const salt = ask.payload ? randomBytes(16).toString('hex') : undefined;
      written.push(transition(tx, ask, move, effects, clocksOfMove(move), salt));
    }
    return written;
  }

  /** The clocks of each move; those that move alike and do not rest share them. */
  async #clocks(tx: Tx, { machine: { chart }, fired }: Ask): Promise<(move: Move) => Clocks> {
    const { calendar, today } = await this.#calendars.at(tx);
    const shared = new Map<Moved, Clocks>();
    return ({ decision: { moved }, facts, process, done }) => {
      const known = shared.get(moved);
      if (known && !process.suspendedAt && !done) return known;
      const resting = done?.rest === undefined ? process.suspendedAt !== null : done.rest !== null;
      const own = clocksOf(chart, moved, calendar, today, { facts, fired, resting });
      if (!resting && !done) shared.set(moved, own);
      return done ? together(done.clocks, own) : own;
    };
  }

  async #apply(tx: Tx, ask: Ask, { process, decision, done }: Move): Promise<Json[] | Refusal> {
    const { name, payload } = ask;
    const { states, taken } = decision.moved;
    const step: StepContext = {
      name,
      payload: payload ?? {},
      seq: process.version + 1,
      at: tx.at,
      from: process.states,
      to: states,
    };
    const results: Json[] = done?.record ? [done.record] : [];
    if (done?.reminds?.length) keepReminded(tx, process.id, step.seq, done.reminds);
    for (const { effect, with: params = {} } of effectsOf(ask.step, taken)) {
      const result = await this.#registry.effect(effect).apply(tx, process, params, step);
      if (isRefusal(result)) return result;
      results.push({ effect, ...(result != null && { result }) });
    }
    return results;
  }
}
