import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 } from 'uuid';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let owner: pg.Client;
let server: pg.Client;
const rows = async <R = Record<string, string>>(client: pg.Client, sql: string, values?: unknown[]) =>
  (await client.query(sql, values)).rows as R[];

// The job queue's schema is no room: its tables are of no administration, and a test below says whose they are.
const rooms = `n.nspname not in ('pg_catalog', 'information_schema', 'public', 'pgboss') and n.nspname not like 'pg\\_%'`;
const tenantTables = `select c.oid, n.nspname || '.' || c.relname as name, c.relrowsecurity, c.relforcerowsecurity
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relkind in ('r', 'p') and not c.relispartition and ${rooms} order by 2`;
let tables: { oid: number; name: string; relrowsecurity: boolean; relforcerowsecurity: boolean }[];

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.superUrl);
  server = new pg.Client(database.serverUrl);
  await Promise.all([owner.connect(), server.connect()]);
  tables = await rows(owner, tenantTables);
});
afterAll(async () => {
  await Promise.all([owner?.end(), server?.end()]);
  await database?.drop();
});

test('every table of a room is a tenant table, but for the list of administrations and of migrations', async () => {
  const all = await rows<{ name: string }>(
    owner,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and ${rooms} order by 1`,
  );
  const known = new Set(tables.map(({ name }) => name));
  expect(all.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([
    'platform.migration',
    'platform.tenant',
  ]);
});

test('every tenant table forces row-level security with a restrictive wall', async () => {
  expect(tables.filter((t) => !t.relrowsecurity || !t.relforcerowsecurity)).toEqual([]);
  const walls = await rows<{ name: string }>(
    owner,
    `select polrelid::regclass::text as name from pg_policy where not polpermissive and polcmd = '*'
     and pg_get_expr(polqual, polrelid) like '%app.tenant%'`,
  );
  const walled = new Set(walls.map(({ name }) => name));
  expect(tables.map(({ name }) => name).filter((name) => !walled.has(name))).toEqual([]);
});

test('every key, unique index and foreign key is led by the tenant, every foreign key is indexed', async () => {
  const faults = await rows<{ fault: string }>(
    owner,
    `with t as (${tenantTables}),
     con as (select t.name, c.conname, c.contype, c.conkey,
       (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(col, n)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.col) as columns
       from t join pg_constraint c on c.conrelid = t.oid where c.contype in ('p', 'u', 'f'))
     select name || ' ' || conname || ' is not led by tenant_id' as fault from con where columns[1] <> 'tenant_id'
     union all
     select t.name || ' has a unique index without the tenant: ' || i.indexrelid::regclass from t
       join pg_index i on i.indrelid = t.oid and i.indisunique
       join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0] where a.attname <> 'tenant_id'
     union all
     select t.name || ' ' || c.conname || ' has no index' from t join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
       where not exists (select 1 from pg_index i where i.indrelid = t.oid and i.indpred is null
         and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
     union all
     select t.name || ' has no primary key' from t
       where not exists (select 1 from pg_constraint c where c.conrelid = t.oid and c.contype = 'p')`,
  );
  expect(faults.map(({ fault }) => fault)).toEqual([]);
});

test('the server’s role is no superuser, passes no wall, owns nothing and may not create anything', async () => {
  const [role] = await rows<Record<string, boolean>>(
    server,
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
       has_database_privilege(current_database(), 'create') as may_create,
       has_schema_privilege('public', 'create') as may_create_public,
       exists (select 1 from pg_class where relowner = r.oid) as owns
     from pg_roles r where rolname = current_user`,
  );
  expect(role).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    may_create: false,
    may_create_public: false,
    owns: false,
  });
});

test('the job queue is the jobs role’s alone: the server reads and writes nothing of it in its own name', async () => {
  const open = await rows<{ name: string }>(
    server,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'pgboss' and c.relkind in ('r', 'p')
       and (has_schema_privilege(n.oid, 'usage') or has_table_privilege(c.oid, 'select, insert, update, delete'))`,
  );
  expect(open).toEqual([]);
});

test('the jobs role sees keys and times, and of what waits for delivery the names the definition gave', async () => {
  const seen = await rows<{ name: string }>(
    owner,
    `select table_schema || '.' || table_name || '.' || column_name as name from information_schema.column_privileges
     where grantee = 'oa_jobs' and privilege_type = 'SELECT' and table_schema <> 'pgboss' order by 1`,
  );
  expect(seen.map(({ name }) => name)).toEqual([
    'engine.bulk_run.finished_at',
    'engine.bulk_run.id',
    'engine.bulk_run.tenant_id',
    'engine.bulk_run.touched_at',
    'engine.deadline.epoch',
    'engine.deadline.name',
    'engine.deadline.next_at',
    'engine.deadline.paused_on',
    'engine.deadline.process_id',
    'engine.deadline.retry_at',
    'engine.deadline.tenant_id',
    'engine.log_entry.process_id',
    'engine.log_entry.seq',
    'engine.log_entry.tenant_id',
    'engine.log_entry.xact',
    'engine.outbox.backdated',
    'engine.outbox.body',
    'engine.outbox.kind',
    'engine.outbox.no',
    'engine.outbox.process_id',
    'engine.outbox.seq',
    'engine.outbox.tenant_id',
    'platform.command.tenant_id',
    'platform.command.xact',
  ]);
});

test('each table filled by two administrations shows the server its own rows and no others', async () => {
  const [here, there] = [v7(), v7()];
  // Values only have to exist here: what they must look like is checked elsewhere, so checks and references step aside.
  for (const { sql } of await rows<{ sql: string }>(
    owner,
    `select format('alter table %s drop constraint %I cascade', c.conrelid::regclass, c.conname) as sql
     from pg_constraint c join pg_class k on k.oid = c.conrelid join pg_namespace n on n.oid = k.relnamespace
     where c.contype in ('c', 'f') and not k.relispartition and c.coninhcount = 0 and ${rooms}
     union all
     select format('alter domain %s drop constraint %I', contypid::regtype, conname) from pg_constraint
     where contypid <> 0 and contype = 'c'`,
  ))
    await owner.query(sql);
  await owner.query("set session_replication_role = 'replica'");
  for (const tenant of [here, there])
    for (const table of tables) await insertAny(table.oid, table.name, tenant);

  const seen: Record<string, unknown> = {};
  const readable = new Set<string>();
  await server.query('begin');
  await server.query(`select set_config('app.tenant', $1, true)`, [here]);
  for (const { name } of tables) {
    const [may] = await rows<{ may: boolean }>(server, `select has_table_privilege($1, 'select') as may`, [
      name,
    ]);
    if (!may!.may) continue;
    readable.add(name);
    const found = await rows<{ tenant_id: string }>(server, `select tenant_id from ${name}`);
    const own = found.filter((row) => row.tenant_id === here).length;
    if (own < 1 || own !== found.length) seen[name] = { own, foreign: found.length - own };
  }
  await server.query('commit');
  expect(seen).toEqual({});
  expect(readable.size).toBe(tables.length);
  for (const name of readable) expect(await rows(server, `select 1 from ${name}`)).toEqual([]);
});

/** One row with a value for every column that must have one, by its type. */
async function insertAny(oid: number, name: string, tenant: string): Promise<void> {
  const columns = await rows<{ name: string; type: string; kind: string }>(
    owner,
    `select quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type, t.typcategory as kind
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
       and a.attnotnull and (not a.atthasdef or a.attname = 'tenant_id')`,
    [oid],
  );
  const value = ({ name: column, type, kind }: { name: string; type: string; kind: string }) => {
    if (column === 'tenant_id') return `'${tenant}'::uuid`;
    if (type === 'uuid') return `'${v7()}'::uuid`;
    if (kind === 'A') return `'{}'::${type}`;
    if (type === 'jsonb' || type === 'json') return `'{}'::${type}`;
    if (type === 'bytea') return `'\\x00'::bytea`;
    if (kind === 'N') return '1';
    if (kind === 'B') return 'true';
    if (kind === 'D') return `date '2026-01-01'`;
    if (kind === 'R') return `'empty'::${type}`;
    return `'x'`;
  };
  const list = columns.map((column) => column.name).join(', ');
  await owner.query(`insert into ${name} (${list}) values (${columns.map(value).join(', ')})`);
}
