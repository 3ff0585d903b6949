import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { daysBetween, Reads, type Actor, type Db } from '../../platform/index.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { SUSPENSION } from '../steps/clock.rules.ts';
import { changesOf, labelOfDeadline } from '../steps/deadline.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import {
  readClockEntries,
  readDeadlines,
  readWords,
  type DeadlineRow,
  type WordsRow,
} from '../steps/process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { labelOfStep } from '../steps/refusals.rules.ts';

type Loader<K, R> = DataLoader<K, R>;
interface Entry {
  readonly processId: string;
  readonly seq: number;
}
interface DeadlineLoaders {
  readonly deadlines: Loader<string, DeadlineRow[]>;
  readonly entries: Loader<string, Awaited<ReturnType<typeof readClockEntries>>>;
  readonly words: Loader<Entry, WordsRow>;
}

/** Deadlines in words, those that stand and those that are over; one question for each kind, however many processes. */
@Injectable()
export class DeadlineViews {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #loaders = new WeakMap<Actor, DeadlineLoaders>();

  constructor(reads: Reads, definitions: Definitions) {
    this.#reads = reads;
    this.#definitions = definitions;
  }

  async deadlines(actor: Actor, { id, definitionId }: ProcessRow) {
    const rows = await this.#of(actor).deadlines.load(id);
    const db = await this.#reads.db(actor);
    const chart = await this.#chart(db, definitionId);
    return Promise.all(
      rows.map(async (row) => ({
        ...row,
        label: labelOfDeadline(chart, row.name),
        state: row.pausedOn ? 'PAUSED' : 'RUNNING',
        overdue: !row.pausedOn && row.dueAt <= db.at,
        remainingDays: daysBetween(row.pausedOn ?? db.today, row.dueOn),
        openRequest: await this.#request(actor, row),
        trouble: row.refusal && { message: row.refusal, tries: row.refusals, retryAt: row.retryAt },
      })),
    );
  }

  async changes(actor: Actor, { id }: ProcessRow) {
    const entries = await this.#of(actor).entries.load(id);
    const db = await this.#reads.db(actor);
    const ids = [...new Set(entries.map(({ definitionId }) => definitionId))];
    const charts = new Map(
      await Promise.all(ids.map(async (of) => [of, await this.#chart(db, of)] as const)),
    );
    return changesOf(entries, (of) => charts.get(of)!).map((change) => {
      const chart = charts.get(change.definitionId)!;
      return {
        ...change,
        label: labelOfDeadline(chart, change.name),
        stepLabel: labelOfStep(chart, change.step),
      };
    });
  }

  async suspension(actor: Actor, { id, suspendedAt, suspendedUntil }: ProcessRow) {
    if (!suspendedAt) return null;
    const rows = await this.#of(actor).deadlines.load(id);
    // The engine's own deadline is never moved: what set it is the step that suspended.
    const { epoch: seq } = rows.find(({ name }) => name === SUSPENSION)!;
    const { body } = await this.#of(actor).words.load({ processId: id, seq });
    return {
      since: suspendedAt,
      until: suspendedUntil,
      reason: body?.reason ?? null,
      note: body?.note ?? null,
      seq,
    };
  }

  async #request(actor: Actor, { processId, askedSeq: seq, askedUntil: until }: DeadlineRow) {
    if (seq === null) return null;
    const { at, body } = await this.#of(actor).words.load({ processId, seq });
    return { until, askedAt: at, seq, reason: body?.reason ?? null };
  }

  async #chart(db: Db, definitionId: string): Promise<Chart> {
    return (await this.#definitions.machineOf(db, definitionId)).chart;
  }

  #of(actor: Actor): DeadlineLoaders {
    let loaders = this.#loaders.get(actor);
    if (!loaders) this.#loaders.set(actor, (loaders = this.#make(actor)));
    return loaders;
  }

  // They batch, but keep nothing: a request may move a process between two looks at it.
  #make(actor: Actor): DeadlineLoaders {
    const grouped = <R extends { processId: string }>(
      read: (db: Db, ids: readonly string[]) => Promise<R[]>,
    ) =>
      new DataLoader<string, R[]>(
        async (ids) => {
          const rows = Map.groupBy(
            await read(await this.#reads.db(actor), ids),
            ({ processId }) => processId,
          );
          return ids.map((id) => rows.get(id) ?? []);
        },
        { cache: false, maxBatchSize: 500 },
      );
    const words = async (of: readonly Entry[]) => {
      const rows = await readWords(await this.#reads.db(actor), of);
      return of.map((one) =>
        rows.find(({ processId, seq }) => processId === one.processId && seq === one.seq)!,
      );
    };
    return {
      deadlines: grouped(readDeadlines),
      entries: grouped(readClockEntries),
      words: new DataLoader(words, { cache: false, maxBatchSize: 500 }),
    };
  }
}
