import { Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { Background, Config, openSession, Reads, systemActor } from '../platform/index.ts';
import { channel, newsOf, type Change } from './live.rules.ts';

/** A process that took steps, with where it belongs. Ids and numbers only. */
export interface Changed {
  readonly id: string;
  readonly seq: number;
  readonly scopeId: string;
  readonly seriesId: string | null;
}
type Belongs = Omit<Changed, 'seq'>;

export interface Wanted {
  readonly tenant: string;
  readonly wants: (changed: Changed) => boolean;
  /** Also what is commanded without moving a process: then nothing is named. */
  readonly commands?: boolean;
}

const reconnectMs = 500;
/** Beyond that many a reader is told that much changed, and looks for itself: nobody's slowness costs memory. */
const mostPending = 100;
const mostKnown = 20_000;
const belongs = `select id, scope_id as "scopeId", series_id as "seriesId" from engine.process where id = any($1)`;

export interface Seen {
  /** Each process once, however often it moved; or that much changed. */
  readonly changed: readonly Changed[] | 'much';
  /** Everything up to this snapshot is in what was seen by now; undefined while nobody said so. */
  readonly told: string | undefined;
}

/** What changed since somebody last looked. Iterates until it is closed, which ends a wait at once. */
export class Watch implements AsyncIterableIterator<Seen> {
  readonly wanted: Wanted;
  told: string | undefined;
  readonly #onClose: (watch: Watch) => void;
  #pending = new Map<string, Changed>();
  #much = false;
  #isClosed = false;
  #wake = () => {};

  constructor(wanted: Wanted, onClose: (watch: Watch) => void) {
    this.wanted = wanted;
    this.#onClose = onClose;
  }

  tell(changed: Seen['changed']): void {
    if (changed === 'much') this.#much = true;
    else for (const one of changed) if (this.wanted.wants(one)) this.#pending.set(one.id, one);
    if (this.#pending.size > mostPending) this.#much = true;
    if (this.#much) this.#pending.clear();
    if (this.#much || this.#pending.size > 0) this.#wake();
  }

  async next(): Promise<IteratorResult<Seen>> {
    while (!this.#isClosed && !this.#much && this.#pending.size === 0)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#isClosed) return { done: true, value: undefined };
    const changed = this.#much ? ('much' as const) : [...this.#pending.values()];
    this.#much = false;
    this.#pending = new Map();
    return { done: false, value: { changed, told: this.told } };
  }

  async return(): Promise<IteratorResult<Seen>> {
    this.#isClosed = true;
    this.#onClose(this);
    this.#wake();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/**
 * What the relay tells, handed to those on this server who watch. One connection listens, outside the pool; while it
 * was lost anything may have changed, and after it is back everybody looks once. So a lost message costs time only.
 */
@Injectable()
export class Live {
  readonly #config: Config;
  readonly #reads: Reads;
  readonly #watches = new Map<string, Set<Watch>>();
  /** Where a process belongs never changes. */
  readonly #known = new Map<string, Belongs>();
  #session: pg.Client | undefined;
  #again: AbortController | undefined;
  #isRunning = false;
  #heard = Promise.resolve();

  constructor(config: Config, reads: Reads, background: Background) {
    this.#config = config;
    this.#reads = reads;
    background.add({ name: 'live', start: () => this.start(), stop: () => this.stop() });
  }

  /** Until the signal ends it. */
  watch(wanted: Wanted, ended: AbortSignal): Watch {
    const { tenant } = wanted;
    const watch = new Watch(wanted, () => {
      const left = this.#watches.get(tenant);
      left?.delete(watch);
      if (left?.size === 0) this.#watches.delete(tenant);
    });
    const others = this.#watches.get(tenant) ?? new Set();
    this.#watches.set(tenant, others.add(watch));
    if (ended.aborted) void watch.return();
    ended.addEventListener('abort', () => void watch.return(), { once: true });
    return watch;
  }

  /**
   * For what is read as a whole: beats at once, and again whenever it may have changed, with a pause after each beat
   * that gathers what comes meanwhile.
   */
  async *beats(
    wanted: Wanted,
    pause: { readonly named: number; readonly much: number },
    ended: AbortSignal,
  ): AsyncGenerator<object> {
    const watch = this.watch(wanted, ended);
    yield {};
    for await (const { changed } of watch) {
      yield {};
      await rest(changed === 'much' ? pause.much : pause.named, ended);
    }
  }

  get watching(): number {
    return this.#all().length;
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    await this.#listen();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#again?.abort();
    for (const watch of this.#all()) await watch.return();
    await this.#session?.end();
  }

  async #listen(): Promise<void> {
    try {
      const session = await openSession(this.#config.database, { onLost: () => this.#listenAgain() });
      session.on('notification', ({ payload = '' }) => {
        this.#heard = this.#heard.then(() => this.#hear(payload)); // one after the other: `told` closes what came before
      });
      await session.query(`listen ${channel}`);
      this.#session = session;
      this.#everything();
    } catch {
      this.#listenAgain();
    }
  }

  #listenAgain(): void {
    this.#session = undefined;
    if (!this.#isRunning || this.#again) return;
    const again = (this.#again = new AbortController());
    void rest(reconnectMs, again.signal).then(() => {
      this.#again = undefined;
      if (!again.signal.aborted) void this.#listen();
    });
  }

  #everything(): void {
    for (const watch of this.#all()) watch.tell('much');
  }

  #all(): Watch[] {
    return [...this.#watches.values()].flatMap((some) => [...some]);
  }

  async #hear(payload: string): Promise<void> {
    const { changes, told } = newsOf(payload);
    const placed: [tenant: string, changed: Seen['changed']][] = [];
    for (const change of changes ?? [])
      if (this.#watches.has(change.tenant)) placed.push([change.tenant, await this.#placed(change)]);
    if (told) for (const watch of this.#all()) watch.told = told; // before they wake
    if (!changes) this.#everything();
    for (const [tenant, changed] of placed)
      for (const watch of this.#watches.get(tenant) ?? []) {
        if (changed === 'much' || changed.length > 0) watch.tell(changed);
        else if (watch.wanted.commands) watch.tell('much');
      }
  }

  /** With where each belongs: read once for all who watch. What cannot be read now is looked at by each. */
  async #placed({ tenant, processes }: Change): Promise<Seen['changed']> {
    if (processes === 'many') return 'much';
    if (this.#known.size > mostKnown) this.#known.clear();
    try {
      const unknown = processes.flatMap(({ id }) => (this.#known.has(id) ? [] : [id]));
      if (unknown.length > 0) await this.#learn(tenant, unknown);
    } catch {
      return 'much';
    }
    return processes.flatMap(({ id, seq }) => {
      const known = this.#known.get(id);
      return known ? [{ ...known, seq }] : [];
    });
  }

  async #learn(tenant: string, ids: readonly string[]): Promise<void> {
    const db = await this.#reads.db(systemActor(tenant));
    for (const one of await db.call<Belongs>(belongs, [ids])) this.#known.set(one.id, one);
  }
}

const rest = (ms: number, ended: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal: ended, ref: false }).catch(() => {});
