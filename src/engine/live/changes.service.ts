import { Injectable } from '@nestjs/common';
import { ClientError, Reads, type Actor, type Db } from '../../platform/index.ts';
import { isSnapshot } from './live.rules.ts';
import { Live } from './live.service.ts';
import { readProcesses } from '../steps/process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import type { Changed } from './watch.ts';
import { snapshot, missed, oneProcess } from './changes.sql.ts';

export interface WhichProcesses {
  readonly processId?: string | null;
  readonly seriesId?: string | null;
}

/** One event on its way to a reader: which process, and where it belongs, so that the right to it is asked there. */
export interface ChangeEvent {
  readonly processId: string;
  readonly scopeId: string;
  readonly seriesId: string | null;
  /** Everything up to here has been told once this has arrived. */
  readonly cursor: string;
  /** One of many: a reader without a right to it is not told, instead of sent away. */
  readonly isOneOfMany: boolean;
}

const mostMissed = 1000;

/** Which processes took steps, live and since a cursor. What a reader sees of them is read afterwards, by their rights. */
@Injectable()
export class Changes {
  readonly #reads: Reads;
  readonly #live: Live;

  constructor(reads: Reads, live: Live) {
    this.#reads = reads;
    this.#live = live;
  }

  /** Watches first and looks then, so that nothing falls between. Ends with the signal. */
  async *of(
    actor: Actor,
    which: WhichProcesses,
    since: string | null,
    ended: AbortSignal,
  ): AsyncGenerator<ChangeEvent> {
    checkWhich(which, since);
    const { processId, seriesId } = which;
    const wanted = processId ? { process: processId } : { series: seriesId! };
    const watch = this.#live.watch({ tenant: actor.tenant, ...wanted }, ended);
    const db = await this.#reads.db(actor);
    let cursor = await this.#cursor(db);
    if (which.processId) yield* await this.#one(db, which.processId, cursor);
    else if (since !== null) yield* closing(await this.#missed(db, which, since), since, cursor);
    for await (const { changed, told } of watch) {
      const before = cursor;
      cursor = changed === 'much' ? await this.#cursor(db) : (told ?? cursor);
      const events = changed === 'much' ? await this.#missed(db, which, before) : changed.map(named(which));
      yield* closing(events, before, cursor);
    }
  }

  /** What was missed, as one answer. */
  async since(db: Db, which: WhichProcesses, since: string): Promise<ChangeEvent[]> {
    checkWhich(which, since);
    const cursor = await this.#cursor(db);
    const events = await this.#missed(db, which, since);
    if (events.length <= mostMissed) return closing(events, since, cursor);
    throw new ClientError('TOO_COMPLEX', {
      de: `Seither haben sich mehr als ${mostMissed} Vorgänge geändert. Bitte die Liste neu lesen.`,
      en: `More than ${mostMissed} processes have changed since. Please read the list anew.`,
    });
  }

  processes(db: Db, ids: readonly string[]): Promise<ProcessRow[]> {
    return readProcesses(db, ids);
  }

  async #cursor(db: Db): Promise<string> {
    const [row] = await db.call<{ cursor: string }>(snapshot);
    return row!.cursor;
  }

  async #missed(db: Db, which: WhichProcesses, since: string): Promise<Told[]> {
    const rows = await db.call<Told>(missed, [since, which.processId ?? null, which.seriesId ?? null]);
    return rows.map((row) => ({ ...row, isOneOfMany: !which.processId }));
  }

  async #one(db: Db, id: string, cursor: string): Promise<ChangeEvent[]> {
    const rows = await db.call<Told>(oneProcess, [id]);
    return rows.map((row) => ({ ...row, cursor, isOneOfMany: false }));
  }
}

type Told = Omit<ChangeEvent, 'cursor'>;

const named =
  ({ processId }: WhichProcesses) =>
  ({ id, scopeId, seriesId }: Changed): Told => ({
    processId: id,
    scopeId,
    seriesId,
    isOneOfMany: !processId,
  });

/** Only the last of a batch moves the reader's place: whoever breaks off in the middle is told the batch again. */
const closing = (events: readonly Told[], before: string, cursor: string): ChangeEvent[] =>
  events.map((event, i) => ({ ...event, cursor: i === events.length - 1 ? cursor : before }));

function checkWhich({ processId, seriesId }: WhichProcesses, since: string | null): void {
  if (!processId === !seriesId)
    throw new ClientError('BAD_INPUT', {
      de: 'Bitte entweder einen Vorgang oder eine Reihe von Vorgängen angeben.',
      en: 'Please give either a process or a series of processes.',
    });
  if (since !== null && !isSnapshot(since))
    throw new ClientError('BAD_INPUT', {
      de: 'Bitte den zuletzt erhaltenen `cursor` unverändert angeben.',
      en: 'Please give the last `cursor` as it arrived.',
    });
}
