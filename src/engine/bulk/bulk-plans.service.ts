import { Injectable } from '@nestjs/common';
import { found, isRefusal, newId, refuse, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import { findProcesses, insertBulkItems, insertBulkRun, readDone, type RunRow } from './bulk.sql.ts';
import { countAble, mostProcesses, type Agreed, type BulkFilter, type Forecast } from './bulk.rules.ts';
import { BulkWorks } from './bulk-works.service.ts';
import { readProcesses } from '../steps/process.sql.ts';

type Begun = { readonly runId: string };

/** Counts what a run would do, and begins it when the count is the one expected. */
@Injectable()
export class BulkPlans {
  readonly #works: BulkWorks;

  constructor(works: BulkWorks) {
    this.#works = works;
  }

  /** Previews, without writing, what the run would do today for this actor to the processes that the filter finds. */
  async forecast(db: Db, agreed: Agreed, filter: BulkFilter): Promise<Forecast | Refusal> {
    const processes = await findProcesses(db, filter);
    if (processes.length > mostProcesses) return tooMany;
    const work = await this.#works.of(db, agreed);
    return { processes, refused: await work.evaluate(db, processes) };
  }

  /**
   * Begins a run within the caller's command. Refuses with ChangedMeanwhile when not exactly `expectedCount` processes
   * would do it: somebody acted since they were counted.
   */
  async begin(tx: Tx, agreed: Agreed, filter: BulkFilter, expectedCount: number): Promise<Begun | Refusal> {
    const forecast = await this.forecast(tx, agreed, filter);
    if (isRefusal(forecast)) return forecast;
    const able = countAble(forecast);
    if (able !== expectedCount) return countChanged(expectedCount, able);
    if (able === 0) return nobody;
    return this.#insert(tx, agreed, filter, forecast);
  }

  async #insert(tx: Tx, agreed: Agreed, filter: BulkFilter, forecast: Forecast): Promise<Begun> {
    const { processes, refused } = forecast;
    const runId = newId();
    await insertBulkRun(tx, runId, agreed, filter, processes.length, countAble(forecast) === 0);
    const reasons = processes.map(({ id }) => refused.get(id)?.message ?? null);
    await insertBulkItems(
      tx,
      runId,
      processes.map(({ id }) => id),
      reasons.map((reason) => reason && JSON.stringify(reason)),
    );
    return { runId };
  }

  /** Begins to undo a migration run; processes that cannot go back are listed as refused. */
  async beginUndo(
    tx: Tx,
    run: RunRow | undefined,
    processIds: readonly string[] | null,
  ): Promise<Begun | Refusal> {
    const { id: undoesId, kind, planId, finishedAt } = found(run, { de: 'Sammellauf', en: 'Bulk run' });
    if (kind !== 'MIGRATE' || !finishedAt) return notUndoable;
    const moved = (await readDone(tx, undoesId, processIds)).map(({ processId }) => processId);
    if (moved.length === 0) return notUndoable;
    const agreed: Agreed = { kind: 'UNDO', planId: planId!, undoesId };
    // It takes every process that was moved, also those that have ended since, so that each gets its reason for staying.
    const processes = await readProcesses(tx, moved);
    const work = await this.#works.of(tx, agreed);
    const refused = await work.evaluate(tx, processes);
    return this.#insert(tx, agreed, { processIds: moved }, { processes, refused });
  }
}

const notUndoable = refuse(
  'NotPossibleNow',
  {
    de: 'Zurücknehmen lässt sich eine Umstellung, die zu Ende ist und bei diesen Vorgängen etwas getan hat.',
    en: 'What can be taken back is a migration that has ended and did something to these processes.',
  },
  { state: null, reasons: [] },
);

const tooMany = refuse(
  'InvalidInput',
  {
    de: `Mehr als ${mostProcesses} Vorgänge; bitte enger auswählen.`,
    en: `More than ${mostProcesses} processes; please narrow the filter.`,
  },
  { faults: [] },
);

const nobody = refuse(
  'NotPossibleNow',
  {
    de: 'Kein Vorgang, auf den die Auswahl passt, kann das tun.',
    en: 'No process that the filter finds could do it.',
  },
  { state: null, reasons: [] },
);

const countChanged = (expected: number, able: number) =>
  refuse(
    'ChangedMeanwhile',
    {
      de: `Die Zahl der Vorgänge ist eine andere: erwartet ${expected}, jetzt ${able}. Bitte neu zählen und erneut entscheiden.`,
      en: `The number of processes is another one: ${expected} expected, now ${able}. Please count again and decide again.`,
    },
    { currentVersion: null },
  );
