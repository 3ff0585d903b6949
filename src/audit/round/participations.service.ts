import { Injectable } from '@nestjs/common';
import { EngineRegistry, type Fact, type ProcessRow, type StepContext } from '../../engine/index.ts';
import { found, newId, type Db, type Tx } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { placeOf } from '../opening/opening-gate.service.ts';
import { ofProcesses, entries, add, addEntry } from './participation.sql.ts';

export const representations = ['PR', 'GB', 'SBV'] as const;
export type Representation = (typeof representations)[number];

export interface ParticipationRow {
  readonly id: string;
  readonly processId: string;
  readonly body: Representation;
  readonly matter: string;
  readonly coDetermined: boolean;
  readonly personId: string;
  readonly recordedAt: Date;
}
export interface ParticipationEntryRow {
  readonly participationId: string;
  readonly kind: 'CONSENT' | 'COMMENT' | 'REFUSAL' | 'RETRACTED';
  readonly said: string | null;
  readonly personId: string;
  readonly recordedAt: Date;
}

/** Requests to the representations with what they answered. Silence of any of them is no consent. */
@Injectable()
export class Participations {
  readonly #responsibility: Responsibility;

  constructor(registry: EngineRegistry, responsibility: Responsibility) {
    this.#responsibility = responsibility;
    registry.registerFacts(this.#facts());
    registry.registerEffects({
      requestParticipation: {
        isOwn: true,
        apply: (tx, process, _params, step) => this.#request(tx, process, step),
      },
      answerParticipation: {
        isOwn: true,
        apply: (tx, process, _params, { payload }) => {
          const { answer, text } = payload as { answer: ParticipationEntryRow['kind']; text?: string };
          return this.#enter(tx, process, answer, text);
        },
      },
      retractParticipation: {
        isOwn: true,
        apply: (tx, process, _params, { payload }) =>
          this.#enter(tx, process, 'RETRACTED', (payload as { reason: string }).reason),
      },
    });
  }

  /** The requests of a process, the latest first. */
  async of(db: Db, processIds: readonly string[]): Promise<ParticipationRow[]> {
    return db.call<ParticipationRow>(ofProcesses, [processIds]);
  }

  entries(db: Db, ids: readonly string[]): Promise<ParticipationEntryRow[]> {
    return db.call<ParticipationEntryRow>(entries, [ids]);
  }

  #facts(): Record<string, Fact> {
    const ofPayload = (says: (payload: Readonly<Record<string, unknown>>) => boolean): Fact => ({
      type: 'bool',
      ofPayload: true,
      load: async (_db, processes, step) => new Map(processes.map(({ id }) => [id, says(step!.payload)])),
    });
    return {
      'participation.coDetermined': ofPayload(({ coDetermined }) => coDetermined === true),
      'participation.consents': ofPayload(({ answer }) => answer === 'CONSENT'),
      'participation.asksActor': { type: 'bool', load: (db, processes) => this.#asksActor(db, processes) },
    };
  }

  /** Whether the asker acts for the representation that the last request went to. */
  async #asksActor(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, boolean>> {
    const last = await this.#last(
      db,
      processes.map(({ id }) => id),
    );
    const held = await this.#responsibility.capacitiesAt(db, processes.map(placeOf));
    return new Map(processes.map(({ id }, at) => [id, held[at]!.has(last.get(id)?.body ?? '')]));
  }

  async #request(tx: Tx, { id }: ProcessRow, { payload }: StepContext) {
    const { body, matter, coDetermined } = payload as {
      body: Representation;
      matter: string;
      coDetermined: boolean;
    };
    const requestId = newId();
    await tx.call(add, [requestId, id, body, matter, coDetermined, tx.actor.person]);
    return { request: requestId, body };
  }

  async #enter(tx: Tx, { id }: ProcessRow, kind: ParticipationEntryRow['kind'], said?: string) {
    const request = found((await this.#last(tx, [id])).get(id), { de: 'Beteiligung', en: 'Participation' });
    await tx.call(addEntry, [request.id, kind, said ?? null, tx.actor.person]);
    return { request: request.id, answer: kind };
  }

  async #last(db: Db, processIds: readonly string[]): Promise<Map<string, ParticipationRow>> {
    const rows = await this.of(db, processIds);
    return new Map(rows.toReversed().map((row) => [row.processId, row]));
  }
}
