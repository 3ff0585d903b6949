import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Actor } from './actor.ts';

/** Bound SQL under row-level security, in a command's transaction or as a hot read of its own. */
export interface Db {
  readonly actor: Actor;
  /** The time that counts for this reading or command. */
  readonly at: Date;
  /** `at` as a calendar day (YYYY-MM-DD) in the administration's zone. */
  readonly today: string;
  /**
   * Runs one statement with `$1`-parameters and a named plan. The text must be a constant: its name is its hash.
   * Dates come as YYYY-MM-DD, instants as Date, bigint and numeric as number.
   */
  call<R>(sql: string, values?: readonly unknown[]): Promise<R[]>;
}

const { builtins } = pg.types;
const own = new Map<number, (text: string) => unknown>([
  [builtins.DATE, (text) => text],
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, (text) => new Date(text)],
  [1182, (text) => (text === '{}' ? [] : text.slice(1, -1).split(','))], // date[]
]);
export const sqlTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    own.get(oid) ?? pg.types.getTypeParser(oid, format as 'text'),
};

const names = new Map<string, string>();

/** A statement's name: PostgreSQL keeps its plan for the connection, which saves half the time of a rich query. */
export function nameOf(sql: string): string {
  let name = names.get(sql);
  if (!name) names.set(sql, (name = `q${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`));
  return name;
}

/**
 * The driver's client, taught to name what `call` sends. MikroORM reaches PostgreSQL through plain
 * `query(text, values)`, which would be planned anew each time.
 */
export class NamingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [text, values, callback] = args;
    const name = typeof text === 'string' ? names.get(text) : undefined;
    const sent = name ? [{ name, text, values, types: sqlTypes }, callback] : args;
    return (super.query as (...a: unknown[]) => never).apply(this, sent);
  }
}

/** Sends bound SQL on the transaction of `em`. Outside one it would run without a tenant and read nothing: refused. */
export async function callWithin<R>(
  em: EntityManager,
  sql: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  if (!em.isInTransaction()) throw new Error('callWithin needs a transaction');
  nameOf(sql);
  const result = await em.getKysely().executeQuery(CompiledQuery.raw(sql, [...values]));
  return result.rows as R[];
}

const setTenant = "select set_config('app.tenant', $1::uuid::text, true), set_config('app.actor', $2, true)";
const setTenantName = nameOf(setTenant);

/** The parts of pg's wire connection that a hot read uses; pg is pinned and a wire test holds it. */
interface Wire {
  parsedStatements: Record<string, string>;
  parse(message: { name: string; text: string; types: number[] }): void;
  bind(message: { statement: string; values: string[] }): void;
  execute(message: object): void;
}
interface QueryInternals {
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}
const PgQuery = pg.Query as unknown as new (config: object) => QueryInternals;

/**
 * A hot read in one round trip: the tenant is bound and the rows are read before ONE Sync. Everything up to Sync is
 * one implicit transaction, so the setting is seen by the read and gone after it. Never set the tenant in a CTE of
 * the same statement: the planner may read policies first, and rows of another tenant leak (ADR 0005).
 */
export class TenantQuery extends PgQuery {
  readonly #who: string[];
  #tenantSet = false;

  constructor(actor: Actor, sql: string, values: readonly unknown[]) {
    super({ name: nameOf(sql), text: sql, values: [...values], types: sqlTypes });
    if (!actor.tenant) throw new Error('A hot read needs a tenant');
    this.#who = [actor.tenant, actor.account];
  }

  override prepare(wire: Wire): void {
    if (!wire.parsedStatements[setTenantName])
      wire.parse({ name: setTenantName, text: setTenant, types: [] });
    wire.bind({ statement: setTenantName, values: this.#who });
    wire.execute({});
    super.prepare(wire);
  }

  override handleDataRow(message: unknown): void {
    if (this.#tenantSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#tenantSet) return super.handleCommandComplete(message, wire);
    this.#tenantSet = true;
    wire.parsedStatements[setTenantName] = setTenant;
  }
}

/** Sends one hot read through the pool. */
export function readOnce<R>(
  pool: pg.Pool,
  actor: Actor,
  sql: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: pg.QueryResult) =>
      error ? reject(error) : resolve(result.rows as R[]);
    const query = new TenantQuery(actor, sql, values);
    (pool.query as unknown as (q: object, v: undefined, cb: unknown) => void).call(
      pool,
      query,
      undefined,
      done,
    );
  });
}
