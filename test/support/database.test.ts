import { afterAll, expect, test } from '@jest/globals';
import { asSuperuser } from './cluster.ts';
import { cloneDatabase, emptyDatabase, type TestDatabase } from './database.ts';

const made: TestDatabase[] = [];
afterAll(() => Promise.all(made.map((database) => database.drop())));

test('a clone is migrated and belongs to one test file', async () => {
  const [one, other] = await Promise.all([cloneDatabase(), cloneDatabase()]);
  made.push(one, other);
  const named = "select from pg_class where relname = 'marked'";
  await asSuperuser(one.superUrl, (client) => client.query('create table public.marked ()'));
  expect((await asSuperuser(one.superUrl, (client) => client.query(named))).rowCount).toBe(1);
  expect((await asSuperuser(other.superUrl, (client) => client.query(named))).rowCount).toBe(0);
  const tables = await asSuperuser(one.ownerUrl, (client) => client.query('select from platform.migration'));
  expect(tables.rowCount).toBeGreaterThan(0);
});

test('the server may connect, but neither create nor make temporary tables', async () => {
  const database = await emptyDatabase();
  made.push(database);
  const create = (table: string) =>
    asSuperuser(database.serverUrl, (client) => client.query(`create ${table} ()`));
  await expect(create('table public.own')).rejects.toThrow('permission denied');
  await expect(create('temporary table own')).rejects.toThrow('permission denied');
});
