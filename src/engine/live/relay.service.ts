import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { Background, Config, Jobs, Loop, openSession } from '../../platform/index.ts';
import { anythingSince, payloadsOf } from './live.rules.ts';
import { announce, currentSnapshot, leadership, news, take } from './relay.sql.ts';
import { changesIn, jobsOf, type NewsRow, type OutboxRow } from './relay.rules.ts';

const log = new Logger('Relay');
const pauseMs = 200;
/**
 * The most notices a turn takes. A turn that emptied the outbox is followed by a pause of a second, because recipients can
 * wait, commands under way cannot, and many notices in one statement cost a fraction of the same in several.
 */
const [batch, gatherMs] = [2000, 1000];

/**
 * Carries what commands left behind out of the database's rows: notices become jobs, changes are told to all servers.
 * One server does it, whichever holds the lock; it dies with its session, and another takes over at its next look.
 * Rows go and jobs come in one transaction, so a kill at any moment loses nothing and doubles nothing.
 */
@Injectable()
export class Relay {
  readonly #config: Config;
  readonly #jobs: Jobs;
  readonly #loop = new Loop(
    () => this.#turn(),
    pauseMs,
    (error) => log.warn(error.message),
  );
  #session: pg.Client | undefined;
  #leads = false;
  /** Up to where changes were announced. A new leader does not know this and tells all watchers to read. */
  #told: string | undefined;
  /** Until then notices gather. */
  #gathersUntil = 0;

  constructor(config: Config, jobs: Jobs, background: Background) {
    this.#config = config;
    this.#jobs = jobs;
    background.add({ name: 'relay', start: () => this.start(), stop: () => this.stop() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#session?.end();
    this.#forget();
  }

  async #turn(): Promise<void> {
    const session = (this.#session ??= await this.#open());
    try {
      if (!this.#leads) {
        const { rows } = await session.query(leadership);
        this.#leads = rows[0].leads;
      }
      if (this.#leads) await this.#relay(session);
    } catch (error) {
      await session.end().catch(() => {});
      this.#forget();
      throw error;
    }
  }

  #open(): Promise<pg.Client> {
    return openSession(this.#config.database, { relays: true, onLost: () => this.#forget() });
  }

  #forget(): void {
    this.#session = undefined;
    this.#leads = false;
    this.#told = undefined;
    this.#gathersUntil = 0;
  }

  /** One turn in one transaction. */
  async #relay(session: pg.Client): Promise<void> {
    await session.query('begin');
    const taken = performance.now() < this.#gathersUntil ? undefined : await this.#take(session);
    const { payloads, told } = await this.#news(session);
    if (payloads.length > 0) await session.query(announce, [payloads]);
    const { command } = await session.query('commit');
    if (command !== 'COMMIT') throw new Error('The relay did not commit');
    this.#told = told;
    if (taken && taken < batch) this.#gathersUntil = performance.now() + gatherMs;
  }

  /** Makes jobs of what waits in the outbox; how many rows it took. */
  async #take(session: pg.Client): Promise<number> {
    const { rows } = await session.query<OutboxRow>({ name: 'relay-take', text: take, values: [batch] });
    await this.#jobs.addAs(session, 'notice', jobsOf(rows));
    return rows.length;
  }

  async #news(session: pg.Client): Promise<{ payloads: string[]; told: string }> {
    if (this.#told === undefined) {
      const { rows } = await session.query(currentSnapshot);
      const told = rows[0].snapshot as string;
      return { payloads: [anythingSince(told)], told };
    }
    const { rows } = await session.query<NewsRow>({ name: 'relay-news', text: news, values: [this.#told] });
    const told = rows[0]!.snapshot;
    return { payloads: payloadsOf(changesIn(rows), told), told };
  }
}
