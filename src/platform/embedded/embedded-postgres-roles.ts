// Who may do what in the embedded PostgreSQL. A foreign one is prepared by its own administrator (docs/operation.md).
import pg from 'pg';
import type { Secrets } from './embedded-postgres-files.ts';

export const databaseName = 'offenes_amt';

export interface RoleUrls {
  /** Founds, backs up, restores. */
  readonly superUrl: string;
  /** Owns the database and migrates it; bound by row-level security like everyone. */
  readonly ownerUrl: string;
  /** Runs the server; owns nothing. */
  readonly serverUrl: string;
}

export function roleUrls(secrets: Secrets, port: number, database = databaseName): RoleUrls {
  const url = (role: string, password: string) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  return {
    superUrl: url('app', secrets.superuser),
    ownerUrl: url('oa_owner', secrets.owner),
    serverUrl: url('oa_server', secrets.server),
  };
}

// Passwords are our own hexadecimal, hence fit to be written into a statement that takes no parameters.
const roles = ({ owner, server }: Secrets) => `
  do $$ begin
    if to_regrole('oa_owner') is null then create role oa_owner; end if;
    if to_regrole('oa_server') is null then create role oa_server; end if;
    if to_regrole('oa_jobs') is null then create role oa_jobs; end if;
  end $$;
  alter role oa_owner login nosuperuser nobypassrls nocreatedb nocreaterole password '${owner}';
  alter role oa_server login nosuperuser nobypassrls nocreatedb nocreaterole password '${server}';
  alter role oa_jobs nologin nosuperuser nobypassrls;
  grant oa_jobs to oa_server with inherit false, set true;`;

/** What a database needs before it is migrated; rights on a database do not come along when it is cloned. */
export const databaseRights = (name: string) => `
  revoke all on database ${name} from public;
  grant connect on database ${name} to oa_server;`;

const inDatabase = `
  create extension if not exists btree_gist;
  revoke create on schema public from public;`;

/** Makes roles, database and extension where they are missing. False: the server is going down, or was not ours. */
export async function found(secrets: Secrets, port: number): Promise<boolean> {
  try {
    await inSession(roleUrls(secrets, port, 'postgres').superUrl, async (client) => {
      await client.query('select pg_advisory_lock(20261124)'); // two first starts at once found one after the other
      await client.query(roles(secrets));
      const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
      if (rowCount === 0) await client.query(`create database ${databaseName} owner oa_owner`);
      await client.query(databaseRights(databaseName));
      await inSession(roleUrls(secrets, port).superUrl, (inside) => inside.query(inDatabase));
    });
    return true;
  } catch (error) {
    if (isGoingDown(error)) return false;
    throw error;
  }
}

// 57P01 to 57P03: shutting down, crashed, not yet accepting.
const isGoingDown = (error: unknown): boolean =>
  /^(57P0[123]|ECONNREFUSED|ECONNRESET)$/.test((error as { code?: string }).code ?? '') ||
  (error as Error).message === 'Connection terminated unexpectedly';

async function inSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  client.on('error', () => {}); // told by the query that was under way
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
