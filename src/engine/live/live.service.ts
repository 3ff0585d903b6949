import { Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { Background, Config, openSession, RateLimiter, Reads, systemActor } from '../../platform/index.ts';
import { channel, newsOf, type LiveChange } from './live.rules.ts';
import { Watch, Watches, type Changed, type Seen, type Wanted } from './watch.ts';
import { belongs } from './live.sql.ts';

type Belongs = Omit<Changed, 'seq'>;

const reconnectMs = 500;
/** Deliveries a second, and at once after a quiet time: readers can wait, commands under way cannot. */
const [perSecond, burst] = [50, 200];

/**
 * Hands what the relay announces to the watchers on this server. One connection outside the pool listens. While it is
 * lost anything may change, so all watchers read once when it is back; a lost message therefore costs only time.
 */
@Injectable()
export class Live {
  readonly #config: Config;
  readonly #reads: Reads;
  readonly #watches = new Watches();
  readonly #pace = new RateLimiter(perSecond, burst);
  #session: pg.Client | undefined;
  #again: AbortController | undefined;
  #isRunning = false;
  #unheard: string[] = [];
  #isHearing = false;

  constructor(config: Config, reads: Reads, background: Background) {
    this.#config = config;
    this.#reads = reads;
    background.add({ name: 'live', start: () => this.start(), stop: () => this.stop() });
  }

  /** Until the signal ends it. */
  watch(wanted: Wanted, ended: AbortSignal): Watch {
    const watch = new Watch(wanted, this.#pace, (closed) => this.#watches.remove(closed));
    this.#watches.add(watch);
    if (ended.aborted) void watch.return();
    ended.addEventListener('abort', () => void watch.return(), { once: true });
    return watch;
  }

  /**
   * For what is read as a whole: ticks at once, and again whenever it may have changed, with a pause after each tick
   * that gathers what comes meanwhile.
   */
  async *ticks(
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
    return this.#watches.size;
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    await this.#listen();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#again?.abort();
    for (const watch of this.#watches.all()) await watch.return();
    await this.#session?.end();
  }

  async #listen(): Promise<void> {
    try {
      const session = await openSession(this.#config.database, { onLost: () => this.#listenAgain() });
      session.on('notification', ({ payload = '' }) => {
        this.#unheard.push(payload);
        if (!this.#isHearing) void this.#hearAll();
      });
      await session.query(`listen ${channel}`);
      if (!this.#isRunning) return await session.end(); // stopped meanwhile
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
    for (const watch of this.#watches.all()) watch.tell('much');
  }

  /** Handles messages that arrived together as one. An unreadable message must not suppress those after it. */
  async #hearAll(): Promise<void> {
    this.#isHearing = true;
    await Promise.resolve();
    while (this.#unheard.length > 0)
      await this.#hear(this.#unheard.splice(0)).catch(() => this.#everything());
    this.#isHearing = false;
  }

  async #hear(payloads: readonly string[]): Promise<void> {
    const { changes, told } = newsOf(payloads);
    const placed: [tenant: string, changed: Seen['changed'], commands: boolean][] = [];
    for (const change of changes ?? [])
      if (this.#watches.of(change.tenant).length > 0)
        placed.push([change.tenant, await this.#placed(change), change.commands]);
    if (told) for (const watch of this.#watches.all()) watch.told = told; // before they wake
    if (!changes) this.#everything();
    for (const one of placed) this.#watches.tell(...one);
  }

  /**
   * Adds the scope and series of each process, read once for all watchers, because a process may have been handed over.
   * When that read fails, each watcher reads for itself.
   */
  async #placed({ tenant, processes }: LiveChange): Promise<Seen['changed']> {
    if (processes === 'many') return 'much';
    const wanted = this.#watches.wanted(tenant, processes);
    if (wanted.length === 0) return [];
    try {
      const db = await this.#reads.db(systemActor(tenant));
      const rows = await db.call<Belongs>(belongs, [wanted.map(({ id }) => id)]);
      const places = new Map(rows.map((row) => [row.id, row]));
      return wanted.flatMap(({ id, seq }) => {
        const place = places.get(id);
        return place ? [{ ...place, seq }] : [];
      });
    } catch {
      return 'much';
    }
  }
}

const rest = (ms: number, ended: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal: ended, ref: false }).catch(() => {});
