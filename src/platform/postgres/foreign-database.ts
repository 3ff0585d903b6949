// A PostgreSQL that is not ours: nothing is created in it but our schemas, and nothing is assumed about it.
import pg from 'pg';
import { BootFault } from '../words/boot-fault.ts';
import type { DatabaseUrls } from '../config.ts';
import { patiently } from './patience.ts';

const oldestVersion = 15;

/**
 * Connects, or says in one sentence why not; `name` is the setting that the address came from. Where the database is not
 * up yet it waits.
 * @throws BootFault
 */
export async function connect(url: string, name: string, waitMs = 0): Promise<pg.Client> {
  const { host } = new URL(url);
  const seconds = Math.round(waitMs / 1000);
  const say = (why: string) =>
    console.log(`${name}: ${host} does not answer yet (${why}); trying again for up to ${seconds} s.`);
  try {
    return await patiently(waitMs, () => attempt(url), say);
  } catch (error) {
    const { hostname, port } = new URL(url);
    const why = error instanceof AggregateError ? error.errors[0] : error;
    throw new BootFault(
      `${name}: cannot connect to ${hostname}:${port || 5432} (${(why as Error).message}).`,
    );
  }
}

async function attempt(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // told by the query that was under way
  await client.connect();
  return client;
}

/** Refuses a database on which row-level security would not hold, or in which we could not work. */
export async function checkForeignDatabase(
  { serverUrl, ownerUrl, backupUrl }: DatabaseUrls,
  waitMs: number,
): Promise<void> {
  await within(serverUrl, 'DATABASE_URL', refuseServerRole, waitMs);
  if (ownerUrl) await within(ownerUrl, 'DATABASE_OWNER_URL', refuseOwnerRole);
  if (backupUrl) await within(backupUrl, 'BACKUP_DATABASE_URL', async () => undefined);
}

async function within(
  url: string,
  name: string,
  refuse: (client: pg.Client) => Promise<string | undefined>,
  waitMs = 0,
): Promise<void> {
  const client = await connect(url, name, waitMs);
  try {
    const fault = await refuse(client);
    if (fault) throw new BootFault(`${name}: ${fault}`);
  } finally {
    await client.end();
  }
}

const serverRole = `
  select current_user as role, current_setting('server_version_num')::int / 10000 as version, rolsuper, rolbypassrls,
    to_regrole('oa_server') is not null and to_regrole('oa_jobs') is not null as has_roles,
    case when to_regrole('oa_server') is not null then pg_has_role(current_user, 'oa_server', 'usage') end as is_server,
    case when to_regrole('oa_jobs') is not null then pg_has_role(current_user, 'oa_jobs', 'usage') end as is_jobs,
    (select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind in ('r', 'p') and nspname !~ '^pg_|^information_schema$'
        and pg_has_role(current_user, relowner, 'member') limit 1) as owned
  from pg_roles where rolname = current_user`;

async function refuseServerRole(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query(serverRole);
  const { role, version, rolsuper, rolbypassrls, has_roles, is_server, is_jobs, owned } = rows[0];
  const setUp = 'docs/operation.md has the statements that set it up.';
  if (version < oldestVersion) return `this is PostgreSQL ${version}; ${oldestVersion} or newer is needed.`;
  if (rolsuper) return `the role ${role} is a superuser, whom row-level security does not bind; ${setUp}`;
  if (rolbypassrls) return `the role ${role} bypasses row-level security; ${setUp}`;
  if (!has_roles) return `the roles oa_server and oa_jobs are missing; ${setUp}`;
  if (!is_server) return `the role ${role} is neither oa_server nor a member of it; ${setUp}`;
  if (is_jobs)
    return `the role ${role} inherits the rights of oa_jobs, which see every administration; ${setUp}`;
  if (owned) return `the role ${role} owns ${owned}, and the server may own nothing; ${setUp}`;
  return undefined;
}

const ownerRole = `
  select current_user as role, has_database_privilege(current_database(), 'create') as may_create,
    exists (select from pg_extension where extname = 'btree_gist') as has_extension`;

async function refuseOwnerRole(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query(ownerRole);
  const { role, may_create, has_extension } = rows[0];
  if (!may_create) return `the role ${role} may not create schemas in this database.`;
  if (!has_extension) return 'the extension btree_gist is missing; run: create extension btree_gist.';
  return undefined;
}
