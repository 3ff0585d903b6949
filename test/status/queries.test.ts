import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { Reads, type Db } from '../../src/platform/index.ts';
import * as ask from '../../src/status/status.sql.ts';
import { newId } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices, foundTenants } from '../support/services.ts';

const tenant = newId();
let database: TestDatabase;
let app: TestingModule;
let db: Db;

beforeAll(async () => {
  database = await cloneDatabase();
  await foundTenants(database, { leer: tenant });
  app = await bootServices(database.serverUrl, []);
  db = await app.get(Reads).db(actorWith(tenant));
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const id = newId();
const now: ask.Moment = { day: '2026-11-24', cutoff: null };
const then: ask.Moment = { day: '2026-11-23', cutoff: new Date('2026-11-23T23:00:00Z') };

test.each([
  ['now', now],
  ['as of a past day', then],
])('An administration in which nothing happened has no rows, %s', async (_, when) => {
  expect(await ask.processRows(db, id, when, [id])).toEqual([]);
  expect(await ask.fieldRows(db, when, [id])).toEqual([]);
  expect(await ask.deadlineRows(db, when, [id])).toEqual([]);
  expect(await ask.measureRows(db, when, [id])).toEqual([]);
  expect(await ask.coreRows(db, when, [id], 2)).toEqual([]);
  expect(await ask.deviationRows(db, when, [{ processId: id, kind: 'PUB' }])).toEqual([]);
  expect(await ask.roundRow(db, id, when.day, [])).toBeUndefined();
  expect(await ask.scopeRows(db, id, when)).toEqual([]);
});
