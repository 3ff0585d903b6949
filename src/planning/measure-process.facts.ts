import { Injectable } from '@nestjs/common';
import { Engine, EngineRegistry, type Fact, type ProcessRow } from '../engine/index.ts';
import type { Db } from '../platform/index.ts';
import { measuresById, objectionInTime, type MeasureRow } from './measure.sql.ts';
import { lacking } from './measure.rules.ts';
import { signaturesOf } from './measure-signature.sql.ts';
import { requiredCoSigners } from './target.rules.ts';

/** What guards of a measure's process ask about the measure. */
@Injectable()
export class MeasureProcessFacts {
  readonly #engine: Engine;

  constructor(registry: EngineRegistry, engine: Engine) {
    this.#engine = engine;
    registry.registerFacts({
      'measure.agreed': { type: 'bool', load: each(({ status }) => status === 'AGREED') },
      'measure.lacking': { type: 'int', load: each((measure) => lacking(measure).length) },
      'measure.links': { type: 'int', load: each(({ criterionId }) => (criterionId ? 1 : 0)) },
      'measure.dueOn': { type: 'text', load: each(({ dueOn }) => dueOn) },
      'measure.postponedUntil': {
        type: 'text',
        ofPayload: true,
        load: async (_db, processes, step) => {
          const until = step?.payload['until'];
          return new Map(processes.map(({ id }) => [id, typeof until === 'string' ? until : null]));
        },
      },
      // The approval informs her; from then on she has a week (LGG NRW § 19).
      'measure.holdInTime': {
        type: 'bool',
        load: (db, processes) =>
          objectionInTime(
            db,
            processes.map(({ id }) => id),
          ),
      },
      'measure.signaturesMissing': { type: 'int', load: (db, processes) => this.#missing(db, processes) },
      'measure.renegotiated': { type: 'bool', load: (db, processes) => this.#renegotiated(db, processes) },
    });
  }

  async #missing(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, number>> {
    const measures = await measuresOf(db, processes);
    const signed = await signaturesOf(db, [...measures.keys()]);
    const missing = (measure: MeasureRow) =>
      requiredCoSigners([measure], { hasDirectorateAbove: false }).filter(
        (fn) =>
          !signed.some(
            (one) => one.measureId === measure.id && one.termsVersion === measure.version && one.fn === fn,
          ),
      ).length;
    return new Map([...measures].map(([id, measure]) => [id, missing(measure)]));
  }

  /** Whether the targets that a measure belongs to are being written down anew. */
  async #renegotiated(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, boolean>> {
    const measures = await measuresOf(db, processes);
    const openings = await this.#engine.processes(db, [
      ...new Set([...measures.values()].map(({ processId }) => processId)),
    ]);
    const open = new Set(openings.filter(({ tags }) => tags.includes('targets')).map(({ id }) => id));
    return new Map([...measures].map(([id, { processId }]) => [id, open.has(processId)]));
  }
}

/** A measure and its process bear the same id. */
async function measuresOf(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, MeasureRow>> {
  const rows = await measuresById(
    db,
    processes.map(({ id }) => id),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function each(value: (measure: MeasureRow) => boolean | number | string | null): Fact['load'] {
  return async (db, processes) =>
    new Map([...(await measuresOf(db, processes))].map(([id, measure]) => [id, value(measure)]));
}
