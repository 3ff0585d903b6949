import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Actor } from './actor.ts';
import { Clock } from './clock.ts';
import { callWithin, readOnce, type Db } from './sql.ts';

/** The zone of each administration; it never changes after its founding, so it is read once. */
const zones = new Map<string, string>();

/** Where questions are asked. Nothing here can write. */
@Injectable()
export class Reads {
  readonly #orm: MikroORM;
  readonly #clock: Clock;
  #pool: pg.Pool | undefined;

  constructor(orm: MikroORM, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  /** A `Db` whose every call is one round trip of its own, row-level security included. For hot reads. */
  async db(actor: Actor): Promise<Db> {
    const pool = await this.pool();
    const at = this.#clock.now();
    const zone = await this.#zone(pool, actor);
    return {
      actor,
      at,
      today: dayIn(zone, at),
      call: (sql, values) => readOnce(pool, actor, sql, values),
    };
  }

  /** Several reads that must see one state: a single read-only transaction. */
  async within<T>(actor: Actor, work: (db: Db) => Promise<T>): Promise<T> {
    const { at, today } = await this.db(actor);
    const variables = { 'app.tenant': actor.tenant, 'app.actor': actor.account };
    const em = (this.#orm.em as EntityManager).fork({ session: { variables } });
    return em.transactional(
      (inner) =>
        work({
          actor,
          at,
          today,
          call: (sql, values) => callWithin(inner as EntityManager, sql, values),
        }),
      { readOnly: true, isolationLevel: 'repeatable read' as never },
    );
  }

  /**
   * Asks across all administrations, as the jobs role: it sees keys and times of what is due, and nothing else. What
   * is found is then worked on as the system in one administration.
   */
  async asJobs<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    const em = (this.#orm.em as EntityManager).fork({ session: { role: 'oa_jobs' } });
    return em.transactional((inner) => callWithin<R>(inner as EntityManager, sql, values), {
      readOnly: true,
    });
  }

  /** The keys and ids of all administrations of this installation. */
  async administrations(): Promise<{ id: string; key: string }[]> {
    return (await (await this.pool()).query('select id, key from platform.tenant order by key'))
      .rows as never;
  }

  async pool(): Promise<pg.Pool> {
    this.#pool ??= (await (this.#orm.em as EntityManager).getConnection().getNativeClient()) as pg.Pool;
    return this.#pool;
  }

  async #zone(pool: pg.Pool, actor: Actor): Promise<string> {
    let zone = zones.get(actor.tenant);
    if (!zone) {
      const [row] = await readOnce<{ zone: string }>(pool, actor, 'select platform.zone() as zone');
      zones.set(actor.tenant, (zone = row!.zone));
    }
    return zone;
  }
}

/** Making a formatter costs a hundred times what using one does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a zone, YYYY-MM-DD. */
export function dayIn(zone: string, instant: Date): string {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    formatters.set(zone, formatter);
  }
  return formatter.format(instant);
}
