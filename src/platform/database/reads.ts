import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Actor } from '../words/actor.ts';
import { Clock } from '../words/clock.ts';
import { Shares } from '../async/shares.ts';
import { asking, readOnce, type Db } from './sql.ts';
import { Transaction } from './transaction.ts';
import { send, type Statement } from './wire.ts';
import { dayIn, zoneOf } from '../words/zone.ts';

const begin = 'begin isolation level repeatable read, read only';
const becomeJobs = "select set_config('role', 'oa_jobs', true)";
const administrations = 'select id, key from platform.tenant order by key';

/** One person's single reads have at most so many of the pool's connections at once. */
const readsAtOnce = 4;
/** And so many for what takes several statements, commands included; with the reads two thirds of the pool. */
const transactionsAtOnce = 4;

/** Where questions are asked. Nothing here can write. */
@Injectable()
export class Reads {
  readonly #orm: MikroORM;
  readonly #clock: Clock;
  readonly #shares = { reads: new Shares(readsAtOnce), transactions: new Shares(transactionsAtOnce) };
  #pool: pg.Pool | undefined;

  constructor(orm: MikroORM, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  /** A `Db` whose every call is one round trip of its own, row-level security included. For hot reads. */
  async db(actor: Actor): Promise<Db> {
    const pool = await this.pool();
    const call: Db['call'] = (sql, values) =>
      this.#shared('reads', actor, () => readOnce(pool, actor, sql, values));
    const at = this.#clock.now();
    return { actor, at, today: dayIn(await zoneOf(actor, call), at), call };
  }

  /** Several reads that must see one state: a single read-only transaction. */
  async within<T>(actor: Actor, work: (db: Db) => Promise<T>): Promise<T> {
    const { at, today } = await this.db(actor);
    return this.transaction(actor, [{ sql: begin }, asking(actor)], (transaction) =>
      work({ actor, at, today, call: (sql, values) => transaction.call(sql, values) }),
    );
  }

  /** A transaction on a connection out of the asker's share. */
  async transaction<T>(
    actor: Actor,
    first: readonly Statement[],
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    const pool = await this.pool();
    return this.#shared('transactions', actor, () => Transaction.run(pool, first, work));
  }

  /** Nobody takes all connections (ADR 0076); the server's own work is paced elsewhere. */
  #shared<T>(kind: 'reads' | 'transactions', actor: Actor, work: () => Promise<T>): Promise<T> {
    return actor.system ? work() : this.#shares[kind].take(`${actor.tenant} ${actor.person}`, work);
  }

  /**
   * Asks across all administrations, as the jobs role: it sees keys and times of what is due, and nothing else. What
   * is found is then worked on as the system in one administration.
   */
  async asJobs<R>(sql: string, values?: readonly unknown[]): Promise<R[]> {
    const [, answer] = await send(await this.pool(), [{ sql: becomeJobs }, { sql, values }]);
    return answer!.rows as R[];
  }

  /** The same, and what the question locked stays locked while `work` goes on: for work that servers share. */
  async whileAsJobs<R, T>(
    sql: string,
    values: readonly unknown[],
    work: (rows: R[]) => Promise<T>,
  ): Promise<T> {
    const first = [{ sql: 'begin read only' }, { sql: becomeJobs }];
    return Transaction.run(await this.pool(), first, async (transaction) =>
      work(await transaction.call<R>(sql, values)),
    );
  }

  /** The keys and ids of all administrations of this installation. */
  async administrations(): Promise<{ id: string; key: string }[]> {
    const [answer] = await send(await this.pool(), [{ sql: administrations }]);
    return answer!.rows as { id: string; key: string }[];
  }

  async pool(): Promise<pg.Pool> {
    this.#pool ??= (await (this.#orm.em as EntityManager).getConnection().getNativeClient()) as pg.Pool;
    return this.#pool;
  }
}
