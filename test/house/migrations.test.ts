import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../../src/platform/database/db.ts';
import { knownFunctions, makeFunction } from '../../src/platform/database/sql-functions.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await emptyDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

const files = readdirSync(fileURLToPath(new URL('../../migrations', import.meta.url)))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();

const functions = knownFunctions().map(({ name }) => name);

test('an empty database takes every migration in the order of the floors, and then none is pending', async () => {
  expect(await migrate(database.ownerUrl)).toEqual([...files, ...functions]);
  expect(await migrate(database.ownerUrl)).toEqual([]);
});

test('a function whose text changed is made anew, alone', async () => {
  const body = () =>
    owner.query<{ src: string }>(`select prosrc as src from pg_proc where proname = 'lock_free'`);
  const { rows: made } = await body();
  const ours = knownFunctions().find(({ name }) => name === 'engine.lock_free')!;
  const text = ours.text.replace('order by id', 'order by id desc');
  await owner.query(makeFunction({ ...ours, text, mark: 'sha256 of another text' }));
  expect((await body()).rows).not.toEqual(made);
  expect(await migrate(database.ownerUrl)).toEqual(['engine.lock_free']);
  expect((await body()).rows).toEqual(made);
});

test('migrations and functions are applied together or not at all', async () => {
  const last = files.at(-1)!;
  await owner.query(`drop schema notices cascade; comment on function engine.lock_free is null;
    create function engine.lock_free(another int) returns int language sql return another`);
  await owner.query('delete from platform.migration where name = $1', [last]);
  const made = async () =>
    (await owner.query(`select to_regnamespace('notices')::text as made`)).rows[0].made;
  await expect(migrate(database.ownerUrl)).rejects.toThrow('is not unique');
  expect(await made()).toBeNull();
  await owner.query('drop function engine.lock_free(int)');
  expect(await migrate(database.ownerUrl)).toEqual([last, 'engine.lock_free']);
  expect(await made()).toBe('notices');
});

test('each file holds the one function it is named after', () => {
  for (const { name, text } of knownFunctions()) {
    const made = [...text.matchAll(/^create (?:or replace )?function ([\w.]+)/gm)].map(([, which]) => which);
    expect(made).toEqual([name]);
  }
});

// What nothing in the database rests on is only called by the server, and has its text in a file.
test('a function that no table, trigger or other function rests on is made by a file', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select p.pronamespace::regnamespace || '.' || p.proname as name from pg_proc p
      where p.pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'public', 'pgboss')
        and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
        and not exists (select from pg_depend d where d.refobjid = p.oid and d.refclassid = 'pg_proc'::regclass)
      order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(functions);
});

test('the job queue in the database is of the version that the installed package asks for', () => {
  const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const { pgboss } = JSON.parse(file('node_modules/pg-boss/package.json'));
  expect(file('migrations/support/pg-boss-46.sql')).toContain(
    `pgboss.version(version) VALUES ('${pgboss.schema}')`,
  );
});
