import type pg from 'pg';
import type { Actor } from '../words/actor.ts';
import { send } from './wire.ts';

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

const setTenant = "select set_config('app.tenant', $1::uuid::text, true), set_config('app.actor', $2, true)";
/** A question that takes longer is given up: the answer would come too late, and others wait for the machine. */
const setTenantForAWhile = `${setTenant}, set_config('statement_timeout', '15s', true)`;

/** Says who asks, for the rest of the transaction: row-level security answers nobody else. */
export function asking({ tenant, account, system }: Actor) {
  if (!tenant) throw new Error('A read needs a tenant');
  return { sql: system ? setTenant : setTenantForAWhile, values: [tenant, account] };
}

/**
 * A hot read in one round trip: the tenant is set and the rows are read before ONE Sync. Everything up to Sync is one
 * implicit transaction, so the setting is seen by the read and gone after it. Never set the tenant in a CTE of the
 * same statement: the planner may read policies first, and rows of another tenant leak (ADR 0005).
 */
export async function readOnce<R>(
  pool: pg.Pool,
  actor: Actor,
  sql: string,
  values?: readonly unknown[],
): Promise<R[]> {
  const [, answer] = await send(pool, [asking(actor), { sql, values }]);
  return answer!.rows as R[];
}
