import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { v7 } from 'uuid';
import { CatalogueRow } from '../../src/catalogue/catalogue.entity.ts';
import { Commands, isRefusal, type Actor, type Tx } from '../../src/platform/index.ts';
import { send } from '../../src/platform/database/wire.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices, foundTenants } from '../support/services.ts';

let database: TestDatabase;
let app: TestingModule;
let commands: Commands;
let client: pg.Client;
let ada: Actor;

beforeAll(async () => {
  database = await cloneDatabase();
  const here = v7();
  await foundTenants(database, { here });
  app = await bootServices(database.serverUrl, []);
  commands = app.get(Commands);
  client = new pg.Client(database.superUrl);
  await client.connect();
  await client.query('create table public.word (word text primary key)');
  await client.query('grant select, insert on public.word to oa_server');
  ada = actorWith(here);
});
afterAll(async () => {
  await client?.end();
  await app?.close();
  await database?.drop();
});

const insert = 'insert into public.word values ($1)';
const words = async () =>
  (await client.query<{ word: string }>('select word from public.word order by 1')).rows.map(
    ({ word }) => word,
  );
const run = (work: (tx: Tx) => Promise<unknown>) =>
  commands.run(ada, { name: 'wire', commandId: v7(), input: null }, async (tx) => {
    tx.permit(true);
    return ((await work(tx)) ?? null) as null;
  });

test('a batch answers each statement with its own rows, in order, and one statement twice', async () => {
  const [one, two, again, nothing] = await send(client, [
    { sql: 'select $1::int as n', values: [1] },
    { sql: 'select $1::text as word, $2::date as day', values: ['zwei', '2026-11-24'] },
    { sql: 'select $1::int as n', values: [3] },
    { sql: 'select 1 as n where false' },
  ]);
  expect([one, two, again, nothing].map((answer) => answer!.rows)).toEqual([
    [{ n: 1 }],
    [{ word: 'zwei', day: '2026-11-24' }],
    [{ n: 3 }],
    [],
  ]);
  expect(one!.tag).toBe('SELECT 1');
});

test.each([
  ['a value', [{ sql: 'select $1::int as a', values: ['x'] }], '22P02'],
  ['a statement', [{ sql: 'select no_such_column' }], '42703'],
  [
    'the second of three',
    [{ sql: 'select 1' }, { sql: 'select 1 / $1::int', values: [0] }, { sql: 'select 2' }],
    '22012',
  ],
])('after %s that fails, the connection goes on and what was prepared is known', async (_, batch, code) => {
  for (let time = 0; time < 2; time += 1) {
    await expect(send(client, batch)).rejects.toMatchObject({ code });
    const [answer] = await send(client, [{ sql: 'select 7 as n' }]);
    expect(answer!.rows).toEqual([{ n: 7 }]);
  }
  const [whole] = await send(client, [{ sql: 'select $1::int as a', values: [5] }]);
  expect(whole!.rows).toEqual([{ a: 5 }]);
});

test('what a failing batch wrote is undone', async () => {
  const failing = [
    { sql: insert, values: ['halb'] },
    { sql: 'select 1 / $1::int', values: [0] },
  ];
  await expect(send(client, failing)).rejects.toThrow();
  expect(await words()).toEqual([]);
});

test('a told statement is done before the next asked one, and in order with the ORM', async () => {
  const seen = await run(async (tx) => {
    tx.queue(insert, ['a']);
    const [asked] = await tx.call<{ n: number }>('select count(*) as n from public.word');
    tx.queue(insert, ['b']);
    const [byOrm] = await tx.em.execute<{ n: string }[]>('select count(*) as n from public.word');
    tx.em.create(CatalogueRow, { key: 'wire' });
    tx.queue(insert, ['c']);
    return [asked!.n, Number(byOrm!.n), tx.em.isInTransaction()];
  });
  expect(seen).toEqual([1, 2, true]);
  expect(await words()).toEqual(['a', 'b', 'c']);
  const { rows } = await client.query('select tenant_id from catalogue.catalogue');
  expect(rows).toEqual([{ tenant_id: ada.tenant }]);
});

test('a told statement that fails ends the command at its COMMIT, and nothing remains', async () => {
  const again = run(async (tx) => {
    tx.queue(insert, ['d']);
    tx.queue(insert, ['a']);
  });
  await expect(again).rejects.toMatchObject({ code: '23505' });
  expect(await words()).not.toContain('d');
});

test('a fault that the work swallows does not become a commit', async () => {
  const swallowed = run(async (tx) => {
    tx.queue(insert, ['e']);
    await tx.call('select 1 / $1::int', [0]).catch(() => {});
  });
  await expect(swallowed).rejects.toMatchObject({ code: '25P02' });
  expect(await words()).not.toContain('e');
});

test('several calls at once take turns on the one connection', async () => {
  const sum = await run(async (tx) => {
    const rows = await Promise.all(
      [1, 2, 3, 4].map((n) => tx.call<{ n: number }>('select $1::int as n', [n])),
    );
    return rows.flat().reduce((total, { n }) => total + n, 0);
  });
  expect(sum).toBe(10);
});

test('what was asked ahead answers the first call only', async () => {
  const ahead = { sql: 'select count(*) as n from public.word where word = $1', values: ['f'] };
  const command = { name: 'wire', commandId: v7(), input: null, ahead };
  const counts = await commands.run(ada, command, async (tx) => {
    tx.permit(true);
    const count = async () => (await tx.call<{ n: number }>(ahead.sql, ['f']))[0]!.n;
    const before = await count();
    tx.queue(insert, ['f']);
    return [before, await count()];
  });
  expect(counts).toEqual([0, 1]);
  const stale = await commands.run(ada, { ...command, commandId: v7() }, async (tx) => {
    tx.permit(true);
    await tx.call('select 1');
    return (await tx.call<{ n: number }>(ahead.sql, ['f']))[0]!.n;
  });
  expect(stale).toBe(1);
});

test('a connection that is lost under a command is given up, and the command can be sent again', async () => {
  const commandId = v7();
  const once = (cut: boolean) =>
    commands.run(ada, { name: 'wire', commandId, input: null }, async (tx) => {
      tx.permit(true);
      tx.queue(insert, ['g']);
      const [me] = await tx.call<{ pid: number }>('select pg_backend_pid() as pid');
      if (cut) await client.query('select pg_terminate_backend($1)', [me!.pid]);
      return 'done';
    });
  await expect(once(true)).rejects.toThrow();
  expect(await words()).not.toContain('g');
  expect(isRefusal(await once(false))).toBe(false);
  expect(await words()).toContain('g');
});

test('whoever asks after the end of a transaction is not heard', async () => {
  let late: Tx | undefined;
  await run(async (tx) => {
    late = tx;
    await tx.call(insert, ['before the end']);
  });
  await expect(late!.call(insert, ['after the end'])).rejects.toThrow('has ended');
  await expect(late!.em.findAll(CatalogueRow)).rejects.toThrow('has ended');
  expect(await words()).toContain('before the end');
  expect(await words()).not.toContain('after the end');
});
