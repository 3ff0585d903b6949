import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { v7 } from 'uuid';
import { Clock, Commands, isRefusal, Reads, refuse, type Actor } from '../../src/platform/index.ts';
import { commandsFinished } from '../../src/platform/database/receipt.ts';
import { actorWith, bootServices, foundTenants } from '../support/services.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let app: TestingModule;
let commands: Commands;
let reads: Reads;
let ada: Actor;
let elsewhere: Actor;

beforeAll(async () => {
  database = await cloneDatabase();
  const [here, there] = [v7(), v7()];
  await foundTenants(database, { here, there });
  app = await bootServices(database.serverUrl, []);
  commands = app.get(Commands);
  reads = app.get(Reads);
  ada = actorWith(here);
  elsewhere = actorWith(there);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const request = (over = {}) => ({ name: 'countSheep', commandId: v7(), input: { sheep: 3 }, ...over });
const counted = async (actor: Actor) => {
  const db = await reads.db(actor);
  return (await db.call<{ n: number }>('select count(*) as n from platform.command'))[0]!.n;
};

test('the receipt of a repeated command is the recorded one and the work runs once', async () => {
  let runs = 0;
  const work = async (tx: { permit(yes: boolean): void }) => (tx.permit(true), { sheep: ++runs });
  const once = request();
  expect(await commands.run(ada, once, work)).toEqual({ sheep: 1 });
  expect(await commands.run(ada, once, work)).toEqual({ sheep: 1 });
  expect(runs).toBe(1);
});

test('twenty simultaneous repeats do the work once and all get its receipt', async () => {
  let runs = 0;
  const once = request();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      commands.run(ada, once, async (tx) => (tx.permit(true), { run: ++runs })),
    ),
  );
  expect(runs).toBe(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"run":1}']));
});

test('the same commandId with another input or from another account is refused', async () => {
  const once = request();
  await commands.run(ada, once, async (tx) => (tx.permit(true), 1));
  const other = await commands.run(ada, { ...once, input: { sheep: 4 } }, async (tx) => (tx.permit(true), 2));
  expect(other).toMatchObject({ __typename: 'CommandIdReused' });
  const bob = actorWith(ada.tenant);
  expect(await commands.run(bob, once, async (tx) => (tx.permit(true), 2))).toMatchObject({
    __typename: 'CommandIdReused',
  });
});

test.each([
  ['a refusal', async () => refuse('NoSheep', { de: 'Keine Schafe.', en: 'No sheep.' }), 'NoSheep'],
  ['a no to the right', async (tx: { permit(yes: boolean): void }) => (tx.permit(false), 1), 'NotAllowed'],
])('%s leaves no trace, and the command may be tried again', async (_, work, typename) => {
  const before = await counted(ada);
  const once = request();
  const answer = await commands.run(ada, once, work as never);
  expect(isRefusal(answer) && answer.__typename).toBe(typename);
  expect(await counted(ada)).toBe(before);
  expect(await commands.run(ada, once, async (tx) => (tx.permit(true), 'done'))).toBe('done');
});

test('a command that writes without asking for permission is rolled back', async () => {
  const before = await counted(ada);
  await expect(commands.run(ada, request(), async () => 1)).rejects.toThrow('without asking for permission');
  expect(await counted(ada)).toBe(before);
});

test('a command carries the travelled time, and the database agrees', async () => {
  const then = new Date('2024-02-29T22:30:00Z');
  const at = await app.get(Clock).at(then, () =>
    commands.run(ada, request(), async (tx) => {
      tx.permit(true);
      const [row] = await tx.call<{ now: Date }>('select platform.now() as now');
      return { at: tx.at.toISOString(), today: tx.today, now: row!.now.toISOString() };
    }),
  );
  const iso = then.toISOString();
  expect(at).toEqual({ at: iso, today: '2024-02-29', now: iso });
});

test('a locked row answers Busy instead of waiting for ever', async () => {
  const release = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const id = request().commandId;
  const first = commands.run(ada, request({ commandId: id }), async (tx) => {
    tx.permit(true);
    held.resolve();
    await release.promise;
    return 1;
  });
  await held.promise;
  expect(
    await commands.run(ada, request({ commandId: id }), async (tx) => (tx.permit(true), 1)),
  ).toMatchObject({
    __typename: 'Busy',
  });
  release.resolve();
  expect(await first).toBe(1);
});

test('each administration sees its own commands only, in reads, transactions and without a tenant', async () => {
  await commands.run(elsewhere, request(), async (tx) => (tx.permit(true), 1));
  expect(await counted(elsewhere)).toBe(1);
  const tenants = await reads.within(ada, (db) =>
    db.call<{ tenant_id: string }>('select distinct tenant_id from platform.command'),
  );
  expect(tenants).toEqual([{ tenant_id: ada.tenant }]);
  const pool = await reads.pool();
  expect((await pool.query('select count(*)::int as n from platform.command')).rows).toEqual([{ n: 0 }]);
});

test('a hot read that fails leaves the connection clean for the next administration', async () => {
  const pool = await reads.pool();
  const db = await reads.db(ada);
  await expect(db.call('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
  await expect(db.call('select $1::uuid', ['zzz'])).rejects.toMatchObject({ code: '22P02' });
  const actors = Array.from({ length: 300 }, (_, i) => (i % 2 ? ada : elsewhere));
  const seen = await Promise.all(
    actors.map(async (actor, i) => {
      const each = await reads.db(actor);
      if (i % 20 === 7)
        return each.call('select 1 / $1::int', [0]).catch(() => [{ tenant_id: actor.tenant }]);
      return each.call<{ tenant_id: string }>('select distinct tenant_id from platform.command');
    }),
  );
  seen.forEach((rows, i) => expect(rows).toEqual([{ tenant_id: actors[i]!.tenant }]));
  expect((await pool.query("select current_setting('app.tenant', true) as t")).rows[0].t || '').toBe('');
});

test('each finished command is counted for its actor', async () => {
  const carla = actorWith(ada.tenant);
  expect(commandsFinished(carla)).toBe(0);
  await commands.run(carla, request(), async (tx) => (tx.permit(true), 1));
  expect(commandsFinished(carla)).toBe(1);
});
