import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { Job as BossJob, JobResult, PgBoss, WorkOptions } from 'pg-boss';
import { Background } from '../async/background.service.ts';
import { Config } from '../config.ts';
import { jobsPool } from './direct.ts';
import type { Tx } from './tx.ts';

/** Keys only: whoever works on it reads the rest as the system in one administration. */
export type JobData = { readonly tenant: string } & Readonly<Record<string, unknown>>;

export interface NewJob {
  /** Given by what it is about, so that a repetition adds nothing. */
  readonly id: string;
  readonly data: JobData;
  readonly startAfter?: Date;
}

export interface Job extends NewJob {
  /** How often it failed before. */
  readonly retries: number;
  /** Ends the work when the server stops or time is up. */
  readonly signal: AbortSignal;
}

/** Where a statement can be sent within a transaction of the jobs role. */
interface Session {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface Worker {
  readonly queue: string;
  /** So many a second in each server, one after the other; one unless said. */
  readonly perSecond?: number;
  /** Throws to be tried again later, ever more seldom, and to be parked in the end. */
  work(job: Job): Promise<void>;
}

const log = new Logger('Jobs');
const becomeJobs = "select set_config('role', 'oa_jobs', true)";
const becomeServer = "select set_config('role', 'none', true)";

/**
 * Jobs in pg-boss (ADR 0050): added in the transaction of what causes them, worked on by every server that runs its
 * background, given to another when a server dies. Its tables are the jobs role's.
 */
@Injectable()
export class Jobs implements OnApplicationShutdown {
  readonly #config: Config;
  readonly #workers: Worker[] = [];
  #pool: pg.Pool | undefined;
  #boss: Promise<PgBoss> | undefined;

  constructor(config: Config, background: Background) {
    this.#config = config;
    background.add({ name: 'jobs', start: () => this.#work(), stop: () => this.close() });
  }

  /** Registers who works on a queue; in a constructor. */
  worker(worker: Worker): void {
    this.#workers.push(worker);
  }

  /** Adds jobs within a command: they are there when it commits, and not otherwise. */
  async add(tx: Tx, queue: string, jobs: readonly NewJob[]): Promise<void> {
    tx.queue(becomeJobs);
    await this.addAs(
      {
        query: async (sql, values) => {
          tx.queue(sql, values);
          return { rows: [] };
        },
      },
      queue,
      jobs,
    );
    tx.queue(becomeServer);
  }

  /** The same within a transaction that is in the jobs role already. */
  async addAs(session: Session, queue: string, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const boss = await this.#started();
    const rows = jobs.map(({ id, data, startAfter }) => ({ id, data, ...(startAfter && { startAfter }) }));
    await boss.insert(queue, rows, { db: { executeSql: (sql, values) => session.query(sql, values) } });
  }

  /** Waits for what is in hand; what does not end in time goes to another server. */
  async close(): Promise<void> {
    const boss = await this.#boss?.catch(() => undefined);
    this.#boss = undefined;
    await boss?.stop({ graceful: true, timeout: 5_000, close: false });
    await this.#pool?.end();
    this.#pool = undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close(); // a command may have added jobs where no background ever ran
  }

  async #work(): Promise<void> {
    const boss = await this.#started();
    for (const worker of this.#workers)
      await boss.work<JobData, void, WorkOptions & { perJobResults: true }>(
        worker.queue,
        { pollingIntervalSeconds: 1, batchSize: worker.perSecond ?? 1, perJobResults: true },
        (jobs) => workedOn(worker, jobs),
      );
  }

  /** Every server looks after jobs whose worker is gone; pg-boss sees to it that one does so at a time. */
  #started(): Promise<PgBoss> {
    this.#boss ??= this.#start().catch((error: unknown) => {
      this.#boss = undefined;
      throw error;
    });
    return this.#boss;
  }

  async #start(): Promise<PgBoss> {
    const { PgBoss } = await import('pg-boss'); // large, and a process without jobs never asks for it
    const pool = (this.#pool ??= jobsPool(this.#config.database, 3));
    const boss = new PgBoss({
      db: { executeSql: (sql, values) => pool.query(sql, values) },
      schema: 'pgboss',
      migrate: false,
      schedule: false,
      reindex: false,
      monitorVacuum: false,
      registerInstance: false,
      superviseIntervalSeconds: 30,
      monitorIntervalSeconds: 30,
    });
    boss.on('error', (error) => log.error(error.message));
    try {
      return await boss.start();
    } catch (error) {
      await boss.stop({ graceful: false, close: false }); // what had begun already would go on
      throw error;
    }
  }
}

/** Each by itself: one that fails comes again without the others. */
async function workedOn(worker: Worker, jobs: readonly BossJob<JobData>[]): Promise<JobResult[]> {
  const results: JobResult[] = [];
  for (const job of jobs) {
    if (job.signal.aborted) break; // the server stops: what is left goes to another
    const { id } = job;
    results.push(
      await worker.work(shown(job)).then(
        () => ({ id, status: 'completed' as const }),
        ({ message }: Error) => ({ id, status: 'failed' as const, output: { message } }),
      ),
    );
  }
  return results;
}

const shown = ({ id, data, retryCount, signal }: BossJob<JobData>): Job => ({
  id,
  data,
  retries: retryCount,
  signal,
});
