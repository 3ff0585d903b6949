import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/platform/database/db.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database?.drop());

const files = readdirSync(fileURLToPath(new URL('../../migrations', import.meta.url)))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();

test('an empty database takes every migration in the order of the floors, and then none is pending', async () => {
  expect(await migrate(database.ownerUrl)).toEqual(files);
  expect(await migrate(database.ownerUrl)).toEqual([]);
});

test('the job queue in the database is of the version that the installed package asks for', () => {
  const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const { pgboss } = JSON.parse(file('node_modules/pg-boss/package.json'));
  expect(file('migrations/support/pg-boss-46.sql')).toContain(
    `pgboss.version(version) VALUES ('${pgboss.schema}')`,
  );
});
