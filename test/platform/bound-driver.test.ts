import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  defineEntity,
  LockMode,
  MikroORM,
  OptimisticLockError,
  p,
  PostgreSqlConnection,
  PostgreSqlPlatform,
  raw,
  UniqueConstraintViolationException,
} from '@mikro-orm/postgresql';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { v7 } from 'uuid';
import { ormOptions } from '../../src/platform/database/db.ts';
import { Transaction } from '../../src/platform/database/transaction.ts';
import { cluster, cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith } from '../support/services.ts';
import { until } from '../support/until.ts';

const SheepSchema = defineEntity({
  name: 'Sheep',
  tableName: 'sheep',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => v7()),
    name: p.text(),
    nick: p.text().nullable(),
    legs: p.integer(),
    weight: p.double(),
    woolly: p.boolean(),
    born: p.date(),
    shornAt: p.datetime().nullable(),
    tags: p.array<string>(),
    traits: p.json<{ readonly colour?: string; readonly said?: string }>(),
    version: p.integer().version(),
  },
});
class Sheep extends SheepSchema.class {}
SheepSchema.setClass(Sheep);

const mark = `Wolkenschaf ${v7()}`; // the log outlives the run
const hostile = `Wer? $1 ?? '"; -- \\? E'\\\\x' {a,b} \\`;
const shornAt = new Date('2026-03-01T09:30:00.123Z');
const plain = { legs: 4, weight: 61.5, woolly: true, born: '2024-02-29', tags: ['a'], traits: {} };

let database: TestDatabase;
let orm: MikroORM;
let owner: pg.Client;
/** What the ORM would write to its log. */
let logged: string[];

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.superUrl);
  await owner.connect();
  await owner.query(`create table public.sheep (id uuid primary key, name text not null unique, nick text,
    legs integer not null check (legs < 100), weight double precision not null, woolly boolean not null,
    born date not null, shorn_at timestamptz, tags text[] not null, traits jsonb not null,
    version integer not null default 1)`);
  await owner.query('grant select, insert, update, delete on public.sheep to oa_server');
  // The installation writes no statement and no error down; here it writes both, with what the product keeps out.
  for (const setting of [
    "log_statement = 'all'",
    'log_min_messages = warning',
    'log_min_error_statement = error',
  ])
    await owner.query(`alter database ${database.name} set ${setting}`);
  orm = await MikroORM.init({
    ...ormOptions(database.serverUrl, [Sheep]),
    logger: (message) => logged.push(message),
    debug: ['query', 'query-params'],
    colors: false,
  });
});
beforeEach(async () => {
  logged = [];
  await owner.query('truncate public.sheep');
});
afterAll(async () => {
  await orm?.close(true);
  await owner?.end();
  await database?.drop();
});

const fork = () => orm.em.fork();
const connection = () => orm.em.getDriver().getConnection();
const stored = async () => (await owner.query('select * from public.sheep order by name')).rows;

/** Sheep called a, b, c …, flushed by a unit of work that nothing else uses. */
async function flock(...over: Record<string, unknown>[]): Promise<Sheep[]> {
  const em = fork();
  const sheep = over.map((one, i) => em.create(Sheep, { ...plain, name: 'abcdefgh'[i]!, ...one } as never));
  await em.flush();
  return sheep;
}

describe('entities, by bound values', () => {
  test('are inserted together, with columns of every type', async () => {
    await flock({ shornAt, nick: null }, { traits: { colour: 'black' } }, { tags: [] }, { weight: -0.125 });
    expect(await stored()).toMatchObject([
      {
        name: 'a',
        legs: 4,
        weight: 61.5,
        woolly: true,
        shorn_at: shornAt,
        nick: null,
        tags: ['a'],
        version: 1,
      },
      { name: 'b', traits: { colour: 'black' } },
      { name: 'c', tags: [] },
      { name: 'd', weight: -0.125 },
    ]);
    expect((await owner.query("select born::text from public.sheep where name = 'a'")).rows).toEqual([
      { born: '2024-02-29' },
    ]);
    const one = await fork().findOneOrFail(Sheep, { name: 'a' });
    expect(one).toMatchObject({ ...plain, shornAt });
  });

  test('are updated alone', async () => {
    await flock({ nick: 'Wolle' });
    const em = fork();
    const one = await em.findOneOrFail(Sheep, { name: 'a' });
    Object.assign(one, { nick: null, legs: 3, tags: ['x', 'y,z', '"'], traits: { said: 'mäh' } });
    await em.flush();
    expect(await stored()).toMatchObject([
      { nick: null, legs: 3, tags: ['x', 'y,z', '"'], traits: { said: 'mäh' }, version: 2 },
    ]);
  });

  test('are updated in one batch, each in other columns', async () => {
    await flock({}, {}, {}, {});
    const em = fork();
    const [a, b, c] = await em.find(Sheep, { name: { $in: ['a', 'b', 'c'] } }, { orderBy: { name: 'asc' } });
    Object.assign(a!, { legs: 1, nick: 'eins', woolly: false, traits: { colour: 'red' } });
    Object.assign(b!, { weight: 7.25, born: '2025-01-31', tags: ['q'], shornAt });
    Object.assign(c!, { nick: 'drei', name: 'z', shornAt: null });
    logged = [];
    await em.flush();
    expect(logged.filter((line) => line.includes('update'))).toHaveLength(1);
    expect(await stored()).toMatchObject([
      { name: 'a', legs: 1, nick: 'eins', woolly: false, traits: { colour: 'red' }, tags: ['a'], version: 2 },
      { name: 'b', weight: 7.25, tags: ['q'], shorn_at: shornAt, nick: null, version: 2 },
      { name: 'd', legs: 4, version: 1 },
      { name: 'z', nick: 'drei', shorn_at: null, version: 2 },
    ]);
  });

  test('are found by lists, patterns, null, order and limit', async () => {
    await flock({ nick: 'n1' }, {}, { nick: 'n2' }, { nick: 'm' });
    const names = async (where: object, options = {}) =>
      (await fork().find(Sheep, where, { orderBy: { name: 'desc' }, ...options })).map(({ name }) => name);
    expect(await names({ name: { $in: ['a', 'c'] } })).toEqual(['c', 'a']);
    expect(await names({ nick: { $like: 'n%' } }, { limit: 1 })).toEqual(['c']);
    expect(await names({ nick: null })).toEqual(['b']);
    expect(await names({ nick: { $ne: null } }, { limit: 2, offset: 1 })).toEqual(['c', 'a']);
  });

  test('are found by what stands in jsonb and arrays, and counted', async () => {
    await flock({ traits: { colour: 'black' } }, { tags: ['a', 'b'] }, { traits: { colour: 'white' } });
    const black = { traits: { colour: 'black' } };
    expect((await fork().find(Sheep, black)).map(({ name }) => name)).toEqual(['a']);
    expect((await fork().find(Sheep, { tags: { $contains: ['b'] } })).map(({ name }) => name)).toEqual(['b']);
    expect(await fork().count(Sheep, { $or: [black, { name: 'b' }] })).toBe(2);
  });

  test('are locked by their version', async () => {
    await flock({});
    const [mine, theirs] = [fork(), fork()];
    const one = await mine.findOneOrFail(Sheep, { name: 'a' });
    const same = await theirs.findOneOrFail(Sheep, { name: 'a' });
    one.legs = 3;
    await mine.flush();
    same.legs = 5;
    await expect(theirs.flush()).rejects.toThrow(OptimisticLockError);
    await expect(
      fork().findOne(Sheep, one.id, { lockMode: LockMode.OPTIMISTIC, lockVersion: 1 }),
    ).rejects.toThrow(OptimisticLockError);
    expect(await stored()).toMatchObject([{ legs: 3, version: 2 }]);
  });

  test('are locked in a transaction until it ends', async () => {
    await flock({});
    await fork().transactional(async (em) => {
      await em.findOneOrFail(Sheep, { name: 'a' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      await expect(owner.query('select from public.sheep for update nowait')).rejects.toMatchObject({
        code: '55P03',
      });
    });
    expect((await owner.query('select from public.sheep for update nowait')).rowCount).toBe(1);
  });

  test('are inserted or merged by a key', async () => {
    const [one] = await flock({});
    const rows = [
      { ...plain, id: one!.id, name: 'a', nick: 'neu' },
      { ...plain, id: v7(), name: 'b' },
    ];
    await fork().upsertMany(Sheep, rows as never, {
      onConflictFields: ['name'],
      onConflictAction: 'merge',
      onConflictMergeFields: ['nick'],
    });
    expect(await stored()).toMatchObject([{ name: 'a', nick: 'neu' }, { name: 'b' }]);
  });

  test('are removed', async () => {
    await flock({}, {}, {});
    const em = fork();
    em.remove(await em.findOneOrFail(Sheep, { name: 'a' }));
    await em.flush();
    expect(await em.nativeDelete(Sheep, { name: { $in: ['b', 'x'] } })).toBe(1);
    expect(await stored()).toMatchObject([{ name: 'c' }]);
  });

  test('keep texts that look like SQL', async () => {
    const said = { tags: [hostile], traits: { said: hostile }, nick: hostile };
    await flock({ name: hostile, ...said });
    expect(await stored()).toMatchObject([{ name: hostile, ...said }]);
    const one = await fork().findOneOrFail(Sheep, { name: hostile, traits: { said: hostile } });
    expect(one).toMatchObject(said);
    expect(await fork().nativeUpdate(Sheep, { nick: hostile }, { nick: `${hostile}?` })).toBe(1);
    expect(await stored()).toMatchObject([{ nick: `${hostile}?` }]);
  });
});

describe('the ORM’s own text', () => {
  test('is read as the ORM reads it: values, lists, identifiers, question marks, fragments', async () => {
    await flock({ tags: ['?'] }, { traits: { colour: 'black' } }, {});
    const ask = async (sql: string, params?: unknown[] | object) =>
      (await connection().execute<{ name: string }[]>(sql, params as never)).map(({ name }) => name);
    expect(
      await ask('select name from sheep where name in (?) order by ?? desc', [['a', 'b'], 'name']),
    ).toEqual(['b', 'a']);
    expect(await ask('select name from sheep where traits \\? ?', ['colour'])).toEqual(['b']);
    expect(await ask("select name from sheep where traits ? 'colour'")).toEqual(['b']);
    expect(
      await ask('select name from sheep where ?', [raw('nick is null and ?? = ?', ['name', 'c'])]),
    ).toEqual(['c']);
    expect(await ask('select name from sheep where name = :name', { name: 'c' })).toEqual(['c']);
  });

  test('is logged without its values, an abort ends what runs, and errors are the ORM’s', async () => {
    await flock({ name: mark });
    expect(logged.join('\n')).toMatch(/insert into "sheep".*\$1/);
    await expect(flock({ name: mark })).rejects.toThrow(UniqueConstraintViolationException);
    expect(logged.join('\n')).not.toContain(mark);

    const ended = new AbortController();
    const isAsleep = async () =>
      (
        await owner.query(
          "select from pg_stat_activity where query = 'select pg_sleep($1)' and state = 'active'",
        )
      ).rowCount === 1;
    const sleeping = connection().execute('select pg_sleep(?)', [600], 'all', undefined, {
      signal: ended.signal,
      inflightQueryAbortStrategy: 'cancel query',
    } as never);
    await until(isAsleep, 'the statement that sleeps');
    ended.abort();
    await expect(sleeping).rejects.toThrow(/abort/i);
    await until(async () => !(await isAsleep()), 'its end in the database');
  });

  test('streams bound, row by row', async () => {
    await flock({}, { name: hostile }, {});
    const names: string[] = [];
    await fork().transactional(async (em) => {
      for await (const { name } of em.stream(Sheep, {
        where: { name: { $ne: 'a' } },
        orderBy: { name: 'asc' },
      }))
        names.push(name);
    });
    expect(names.sort()).toEqual([hostile, 'c'].sort());
    expect(logged.join('\n')).not.toContain(hostile);
    const failing = connection().stream('select ? / 0', [1]);
    await expect(failing.next()).rejects.toThrow(/division by zero/);
  });
});

test('a command’s entities are bound in its own transaction', async () => {
  const pool = (await connection().getNativeClient()) as pg.Pool;
  const actor = actorWith(v7());
  await Transaction.run(pool, [{ sql: 'begin' }], async (transaction) => {
    const em = transaction.entityManager(orm as never, actor);
    em.create(Sheep, { ...plain, name: hostile } as never);
    await em.flush();
    const [row] = await transaction.call<{ n: number }>('select count(*) as n from sheep where name = $1', [
      hostile,
    ]);
    expect(row!.n).toBe(1);
    expect(await stored()).toEqual([]);
  });
  expect(await stored()).toMatchObject([{ name: hostile }]);
});

test('no log of the database holds what people wrote, not even where it writes statements and errors down', async () => {
  await flock({ name: mark, nick: mark, tags: [mark], traits: { said: mark } });
  await expect(flock({ name: mark })).rejects.toMatchObject({ code: '23505' });
  await expect(flock({ name: `${mark}2`, nick: mark, legs: 100 })).rejects.toMatchObject({ code: '23514' });
  const newcomer = new pg.Client(database.superUrl);
  await newcomer.connect();
  await newcomer.query(`select 'written as a literal: ${database.name}'`);
  await newcomer.end();
  const lines = readFileSync(cluster().logFile, 'utf8');
  // The log is read, and would show a literal; errors are in it with their statements.
  expect(lines).toContain(`written as a literal: ${database.name}`);
  expect(lines).toMatch(/STATEMENT: {2}insert into "sheep"/);
  expect(lines).not.toContain(mark);
});

// BoundConnection repeats these with bound values. When one has changed: compare, follow, and note the new hash.
test.each([
  ['execute', PostgreSqlConnection, '8061a0b461d6c86d'],
  ['stream', PostgreSqlConnection, 'b0f111304f576236'],
  ['prepareQuery', PostgreSqlConnection, '65a7582bc2269eaa'],
  ['formatQuery', PostgreSqlPlatform, 'a0b8957a3d32d600'],
  ['quoteIdentifier', PostgreSqlPlatform, '93baf3f48884194a'],
  ['quoteValue', PostgreSqlPlatform, 'b88a51f4c41e521b'],
  ['escape', PostgreSqlPlatform, 'b643aadf068ea5ef'],
] as const)('the ORM’s %s is the one that was bound', (name, type, hash) => {
  const text = String((type.prototype as unknown as Record<string, unknown>)[name]);
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(hash);
});
