import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { DueSteps, Verifier } from '../../src/engine/index.ts';
import { DueWatch } from '../../src/engine/steps/due-watch.service.ts';
import { Clock, isRefusal } from '../../src/platform/index.ts';
import { publishPermit } from './permit.ts';
import { bootEngine, cast, setStage, type Stage } from './support.ts';

let stage: Stage;
let servers: TestingModule[];
let permitId: string;

beforeAll(async () => {
  stage = await setStage();
  permitId = await publishPermit(stage);
  servers = [stage.module, await bootEngine(stage.database), await bootEngine(stage.database)];
  Logger.overrideLogger(false); // faults are planted here
});
afterAll(async () => {
  for (const server of servers.slice(1)) await server.close();
  await stage.close();
});

const DAY = 86_400_000;
const noon = (day: string) => new Date(`${day}T11:00:00Z`);
const begin = (count: number, day = '2026-03-02') =>
  stage.module.get(Clock).at(noon(day), () => stage.start(count, permitId));

/** One server works until it finds nothing left, at its own idea of the time; how much it did. */
async function work(server: TestingModule, now: Date): Promise<number> {
  return server.get(Clock).at(now, async () => {
    let done = 0;
    for (;;) {
      const { taken, refused } = await server.get(DueSteps).batch();
      expect(refused).toEqual([]);
      if (taken.length === 0) return done;
      done += taken.length;
    }
  });
}
const counted = async (ids: readonly string[]): Promise<Record<string, number>> => {
  const { rows } = await stage.superuser.query(
    `select step, count(*)::int as n, count(distinct process_id)::int as processes
       from engine.log_entry where process_id = any($1) and step <> '$start' group by step order by step`,
    [ids],
  );
  for (const { n, processes } of rows) expect(n).toBe(processes);
  return Object.fromEntries(rows.map(({ step, n }) => [step, n]));
};

describe('three servers on one database', () => {
  test('whose clocks jump by a day, back and by ten years do everything once and in order', async () => {
    const ids = await begin(20, '2026-06-01'); // due 13 July, by law 15 June
    const jumps = ['2026-06-17', '2026-06-16', '2026-06-30', '2026-06-17', '2036-07-20', '2026-06-30'];
    for (const day of jumps)
      await Promise.all(
        servers.map((server, i) => work(server, new Date(noon(day).getTime() + (i - 1) * DAY))),
      );
    expect(await counted(ids)).toEqual({ LAPSE: 20, REMIND: 20, MARK_OVERDUE: 20 });
    const { rows } = await stage.superuser.query(
      `select string_agg(step, ' ' order by seq) as steps from engine.log_entry where process_id = any($1) group by process_id`,
      [ids],
    );
    for (const { steps } of rows) expect(steps).toBe('$start LAPSE REMIND MARK_OVERDUE');
  });

  test.each([
    ['the night in which clocks go forward', '2026-03-13', '2026-03-27T23:00:00Z'],
    ['the Monday after it', '2026-03-16', '2026-03-30T22:00:00Z'],
    ['the Friday before clocks go back', '2026-10-09', '2026-10-23T22:00:00Z'],
    ['the Monday after it', '2026-10-12', '2026-10-26T23:00:00Z'],
    ['a leap day', '2028-02-15', '2028-02-29T23:00:00Z'],
    ["New Year's Eve", '2026-12-17', '2026-12-31T23:00:00Z'],
  ])('fire at the end of the day and not before: %s', async (_what, day, end) => {
    const [id] = (await begin(1, day)) as [string];
    const instant = new Date(end);
    await Promise.all(servers.map((server) => work(server, new Date(instant.getTime() - 1))));
    expect(await counted([id])).toEqual({});
    await Promise.all(servers.map((server) => work(server, instant)));
    expect(await counted([id])).toEqual({ LAPSE: 1 });
  });

  test('skip what another one works on', async () => {
    const [held, free] = (await begin(2, '2026-08-03')) as [string, string];
    const other = new pg.Client(stage.database.superUrl);
    await other.connect();
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 7))', [held]);
    await work(servers[0]!, noon('2026-08-19'));
    expect(await counted([held])).toEqual({});
    expect(await counted([free])).toEqual({ LAPSE: 1 });
    await other.end();
    await work(servers[1]!, noon('2026-08-19'));
    expect(await counted([held])).toEqual({ LAPSE: 1 });
  });
});

describe('a deadline that cannot act', () => {
  test.each([
    ['what it may not', 'ANSWER', /is for others here/],
    ['what does not exist', 'NO_SUCH_STEP', /A fault of the programme/],
  ])(
    'because it would do %s holds up no other, is tried ever more seldom and shown',
    async (_what, step, words) => {
      const [poisoned, sound] = (await begin(2, '2026-09-01')) as [string, string];
      const poison = (next: string) =>
        stage.superuser.query(
          "update engine.deadline set next_step = $2 where process_id = $1 and name = 'law'",
          [poisoned, next],
        );
      await poison(step);
      const server = servers[0]!;
      const tryAt = (instant: string) =>
        server.get(Clock).at(new Date(instant), async () => {
          const tried: string[] = [];
          for (;;) {
            const { taken, refused } = await server.get(DueSteps).batch();
            tried.push(...refused.map(({ processId }) => processId));
            if (taken.length === 0) return tried;
          }
        });
      expect(await tryAt('2026-09-16T11:00:00Z')).toEqual([poisoned]);
      expect(await counted([sound])).toEqual({ LAPSE: 1 });
      expect(await tryAt('2026-09-16T11:00:59Z')).toEqual([]);
      expect(await tryAt('2026-09-16T11:01:00Z')).toEqual([poisoned]);
      expect(await tryAt('2026-09-16T11:02:59Z')).toEqual([]);
      expect(await tryAt('2026-09-16T11:03:00Z')).toEqual([poisoned]);
      const { rows } = await stage.superuser.query(
        "select refusals, refusal ->> 'en' as refusal, retry_at from engine.deadline where process_id = $1 and name = 'law'",
        [poisoned],
      );
      expect(rows).toEqual([
        { refusals: 3, refusal: expect.stringMatching(words), retry_at: new Date('2026-09-16T11:07:00Z') },
      ]);
      await poison('LAPSE');
      expect(await tryAt('2026-09-16T11:07:00Z')).toEqual([]);
      expect(await counted([poisoned])).toEqual({ LAPSE: 1 });
    },
  );

  test('while somebody works on its process is simply looked at again', async () => {
    const [id] = (await begin(1, '2026-09-01')) as [string];
    const other = new pg.Client(stage.database.superUrl);
    await other.connect();
    await other.query('begin');
    await other.query('select from engine.process where id = $1 for update', [id]);
    const { refused } = await stage.module
      .get(Clock)
      .at(noon('2026-09-16'), () => stage.module.get(DueSteps).batch());
    expect(refused).toMatchObject([{ processId: id }]);
    await other.end();
    expect(await work(servers[0]!, noon('2026-09-16'))).toBe(1);
  });
});

describe('what came between', () => {
  test('a late firing of an earlier visit, of a clock that stands or was moved is not taken', async () => {
    const people = cast(stage);
    const clock = stage.module.get(Clock);
    const [id] = (await begin(1, '2026-11-02')) as [string];
    const fire = (name: string, epoch: number) =>
      clock.at(noon('2027-06-01'), () =>
        stage.run(people.LEAD!, async (tx) => {
          const fired = await stage.engine.fire(tx.asSystem(), { processId: id, name, epoch });
          return isRefusal(fired) ? fired : { step: fired?.step ?? 'none' };
        }),
      );
    const take = (who: string, step: string, payload?: object) =>
      clock.at(noon('2026-11-03'), () => stage.take(people[who]!, id, step, payload));
    const ask = { deadline: 'answer', until: '2026-12-30', reason: 'zu viel' };
    expect(isRefusal(await take('HEAD', 'ASK', ask))).toBe(false); // 2
    expect(isRefusal(await take('OPENING_COORD', 'GRANT', { deadline: 'answer' }))).toBe(false); // 3
    expect(await fire('answer', 1)).toEqual({ step: 'none' });
    expect(await fire('answer', 2)).toEqual({ step: 'none' });
    expect(isRefusal(await take('DEZ', 'REST', { until: '2026-12-01', reason: 'CRISIS' }))).toBe(false); // 4
    expect(await fire('answer', 3)).toEqual({ step: 'none' });
    expect(await fire('answer', 4)).toEqual({ step: 'none' });
    expect(isRefusal(await take('DEZ', 'GO_ON'))).toBe(false); // 5
    expect(isRefusal(await take('HEAD', 'ANSWER'))).toBe(false); // 6
    expect(isRefusal(await take('HEAD', 'ANSWER'))).toBe(false); // 7: asked again
    expect(await fire('answer', 5)).toEqual({ step: 'none' });
    expect(await fire('answer', 7)).toEqual({ step: 'REMIND' });
  });

  test('the watch begins at once, finishes what it has in hand, and ends', async () => {
    await begin(3, '2026-09-01');
    const watch = stage.module.get(DueWatch);
    await stage.module.get(Clock).at(noon('2026-09-16'), async () => watch.start());
    await watch.stop();
    expect(await work(servers[0]!, noon('2026-09-16'))).toBe(0);
  });
});

describe('three servers under load', () => {
  // At the end: what these many do next falls due with everything else that is later.
  test('share 10,000 due deadlines and fire each once, though their clocks are days apart', async () => {
    const ids = [];
    for (let i = 0; i < 10; i += 1) ids.push(...(await begin(1000)));
    const times = [noon('2026-03-19'), noon('2026-03-18'), noon('2026-03-20')];
    const shares = await Promise.all(servers.map((server, i) => work(server, times[i]!)));
    expect(shares.reduce((sum, share) => sum + share)).toBe(10_000);
    expect(Math.min(...shares)).toBeGreaterThan(1000);
    expect(await counted(ids)).toEqual({ LAPSE: 10_000 });
  }, 600_000);

  test('and all of it can be replayed', async () => {
    expect((await stage.module.get(Verifier).run()).differences).toEqual([]);
  }, 60_000);
});
