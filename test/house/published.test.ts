import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

// A room's tables are its own. What others may read is published: a view of the room's schema, or a function that only
// reads. Status, which asks about everything, reads nothing else.

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

const rows = async <R>(sql: string) => (await owner.query(sql)).rows as R[];
const views = `select v.oid, v.reloptions, n.nspname || '.' || v.relname as name
  from pg_class v join pg_namespace n on n.oid = v.relnamespace
 where v.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pgboss', 'public')`;

/** What a statement takes rows or values from: every name with a schema. */
const namesIn = (text: string): string[] =>
  [
    ...text.matchAll(
      /\b(platform|engine|identity|organisation|catalogue|responsibility|evidence|audit|planning|notices)\.(\w+)/g,
    ),
  ].map(([name]) => name);

test('names of tables, views and functions are found in a statement', () => {
  expect(
    namesIn('select f(x) from audit.rating r join engine.turn t on t.id = r.id, planning.open_measures($1)'),
  ).toEqual(['audit.rating', 'engine.turn', 'planning.open_measures']);
});

test('status reads what other rooms publish, and no table', async () => {
  const known = await rows<{ name: string }>(`
    select name from (${views}) v
     union select p.pronamespace::regnamespace || '.' || p.proname from pg_proc p where p.provolatile <> 'v'`);
  const published = new Set(known.map(({ name }) => name));
  const folder = fileURLToPath(new URL('../../src/status/', import.meta.url));
  const read = readdirSync(folder)
    .filter((file) => file.endsWith('.sql.ts'))
    .flatMap((file) => namesIn(readFileSync(folder + file, 'utf8')));
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter((name) => !published.has(name))).toEqual([]);
});

test('every view says what it shows, and shows each reader only what the reader may see in the tables', async () => {
  const faults = await rows<{ name: string }>(`
    select name from (${views}) v
     where not coalesce(v.reloptions @> '{security_invoker=true}', false) or obj_description(v.oid, 'pg_class') is null`);
  expect(faults).toEqual([]);
  expect(await rows(views)).not.toEqual([]);
});
