import { Injectable } from '@nestjs/common';
import { placeOf } from '../audit/index.ts';
import { Definitions, Engine, type ProcessRow } from '../engine/index.ts';
import { isRefusal, type Refusal, type Tx } from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { enterStatuses, type MeasureRow, type StatusEntry } from './measure.sql.ts';
import { reportedBy } from './measure.rules.ts';

/** The deadline that falls on the day agreed on, and the state in which it runs. */
const TERM = 'due';
const TERM_RUNS = 'live.term.running';

/**
 * The process behind each measure that was agreed on, one to one with it: its steps decide, and their effects write
 * what became of the measure. Whoever calls has locked the process the measure came from.
 */
@Injectable()
export class MeasureProcess {
  readonly #engine: Engine;
  readonly #definitions: Definitions;
  readonly #responsibility: Responsibility;

  constructor(engine: Engine, definitions: Definitions, responsibility: Responsibility) {
    this.#engine = engine;
    this.#definitions = definitions;
    this.#responsibility = responsibility;
  }

  /** The processes of new measures begin as decided, because the agreement decides on them; the others take over its days. */
  async agree(tx: Tx, opening: ProcessRow, measures: readonly MeasureRow[]): Promise<Refusal | undefined> {
    const ids = measures.map(({ id }) => id);
    const running = new Map((await this.#engine.processes(tx, ids)).map((process) => [process.id, process]));
    const begun = await this.#begin(
      tx,
      opening,
      measures.filter(({ id, status }) => status === 'AGREED' && !running.has(id)),
    );
    return begun ?? this.#renew(tx, measures, running);
  }

  /** The processes of measures go on where their unit's successor is; its team may report on them from now on. */
  async moveTo(tx: Tx, heir: ProcessRow, measureIds: readonly string[]): Promise<void> {
    const running = (await this.#engine.processes(tx, measureIds)).map(({ id }) => id);
    await this.#engine.handOver(tx, running, heir);
    await this.#entrust(
      tx,
      heir,
      running.map((id) => ({ id, competentPostId: null })),
    );
  }

  /** What is reported or decided goes through the process; the measure's rows are written by its steps. */
  async enter(tx: Tx, entries: readonly StatusEntry[]): Promise<Refusal | undefined> {
    const ids = entries.map(({ measureId }) => measureId);
    const running = new Set((await this.#engine.processes(tx, ids)).map(({ id }) => id));
    // A measure that was agreed on before measures had processes has its rows alone.
    const plain = entries.filter(({ measureId }) => !running.has(measureId));
    if (plain.length > 0) await enterStatuses(tx, plain);
    for (const entry of entries) {
      if (!running.has(entry.measureId)) continue;
      const taken = await this.#engine.take(tx, { processId: entry.measureId, ...reportedBy(entry) });
      if (isRefusal(taken)) return taken;
    }
    return undefined;
  }

  async #begin(tx: Tx, opening: ProcessRow, measures: readonly MeasureRow[]): Promise<Refusal | undefined> {
    const definitionId = await this.#definitions.newest(tx, 'measure');
    if (measures.length === 0 || !definitionId) return undefined;
    const started = await this.#engine.start(tx, {
      definitionId,
      seriesId: opening.seriesId,
      items: measures.map(({ id, unitId }) => ({ processId: id, scopeId: unitId })),
      first: { step: 'ADOPT' },
    });
    if (isRefusal(started)) return started;
    await this.#entrust(tx, opening, measures);
    return undefined;
  }

  /** Who may report on measures: the team of the process they came from, and whoever is at the competent post. */
  async #entrust(
    tx: Tx,
    opening: ProcessRow,
    measures: readonly Pick<MeasureRow, 'id' | 'competentPostId'>[],
  ): Promise<void> {
    const team = await this.#responsibility.holders(tx, 'OWNER', placeOf(opening));
    const people = team.flatMap(({ personId, postId }) => (postId ? [] : [{ personId }]));
    const owning = { fn: 'OWNER', scope: 'PROCESS' as const, from: tx.today };
    const grants = measures.flatMap(({ id, competentPostId }) =>
      [...people, ...(competentPostId ? [{ postId: competentPostId }] : [])].map((holder) => ({
        ...holder,
        ...owning,
        scopeId: id,
      })),
    );
    await this.#responsibility.grant(tx, grants);
  }

  /** An agreement made anew may set other days for what is under way. */
  async #renew(
    tx: Tx,
    measures: readonly MeasureRow[],
    running: ReadonlyMap<string, ProcessRow>,
  ): Promise<Refusal | undefined> {
    const underWay = measures.filter(({ id }) => running.get(id)?.states.includes(TERM_RUNS));
    const deadlines = await this.#engine.deadlines(
      tx,
      underWay.map(({ id }) => id),
    );
    for (const { id, dueOn } of underWay) {
      const term = deadlines.find(({ processId, name }) => processId === id && name === TERM);
      if (term?.dueOn === dueOn) continue;
      const taken = await this.#engine.take(tx, { processId: id, step: 'RENEW_TERMS' });
      if (isRefusal(taken)) return taken;
    }
    return undefined;
  }
}
