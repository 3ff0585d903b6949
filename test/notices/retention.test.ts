import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RetentionJob } from '../../src/notices/retention-job.service.ts';
import { Clock } from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type TestApp } from '../support/app.ts';

// Who received what is no archive: deliveries go after their period, but never before they left or were decided on.
let stage: Stage;
let team: Opening;
let app: TestApp;

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  app = await bootApp(stage.database, 'probe', { KEEP_NOTICES_DAYS: '30' });
}, 60_000);
afterAll(async () => {
  await app?.close();
  await stage?.close();
});
beforeEach(() => stage.superuser.query('delete from notices.effect'));

const settledOn = '2026-11-02T08:00:00Z';
/** Rows as a day left them: so many of a state, for the head of the team. */
const left = (state: string, { count = 1, channel = 'MAIL', settledAt = settledOn as string | null } = {}) =>
  stage.superuser.query(
    `insert into notices.effect (tenant_id, id, channel, process_id, seq, no, kind, functions, person_id, state, due_at,
                                 settled_at)
     select $1, gen_random_uuid(), $2, $3, 1, 0, 'draftSent', '{HEAD}', $4, $5, $6, $7 from generate_series(1, $8)`,
    [
      stage.tenant,
      channel,
      team.id,
      channel === 'MAIL' ? stage.persons.get('teamleiter') : null,
      state,
      settledOn,
      settledAt,
      count,
    ],
  );
const deletedOn = (instant: string) =>
  app.app
    .get(Clock, { strict: false })
    .at(new Date(instant), () => app.app.get(RetentionJob, { strict: false }).run());
const kept = async () =>
  (await stage.superuser.query('select channel, state, settled_at as at from notices.effect order by state'))
    .rows as { channel: string; state: string; at: Date | null }[];

test('what was delivered or given up is deleted when its period is over, not before', async () => {
  await left('DELIVERED');
  await left('DROPPED');
  expect(await deletedOn('2026-12-02T07:59:59Z')).toBe(0);
  expect(await kept()).toHaveLength(2);
  expect(await deletedOn('2026-12-02T08:00:01Z')).toBe(2);
  expect(await kept()).toEqual([]);
});

test('what has failed or waits stays, however old', async () => {
  await left('PARKED');
  await left('WAITING', { settledAt: null });
  expect(await deletedOn('2036-11-02T08:00:00Z')).toBe(0);
  expect((await kept()).map(({ state }) => state)).toEqual(['PARKED', 'WAITING']);
});

test('a notice that was retried goes by the day of its retry', async () => {
  await left('DELIVERED', { channel: 'NOTICE', settledAt: null });
  expect(await deletedOn('2026-12-02T07:00:00Z')).toBe(0);
  expect(await deletedOn('2026-12-03T08:00:00Z')).toBe(1);
});

test('thousands go batch by batch, each a transaction; servers that look at once share them', async () => {
  await left('DELIVERED', { count: 1200 });
  await left('DELIVERED', { settledAt: '2026-12-01T08:00:00Z' });
  const receipts = async () =>
    (await stage.superuser.query(`select from platform.command where name = 'deleteSettledDeliveries'`))
      .rowCount!;
  const before = await receipts();
  const now = '2026-12-20T08:00:00Z';
  const [one, other] = await Promise.all([deletedOn(now), deletedOn(now)]);
  expect(one + other).toBe(1200);
  expect(await receipts()).toBeGreaterThanOrEqual(before + 3);
  expect(await kept()).toHaveLength(1);
  const idle = await receipts();
  expect(await deletedOn(now)).toBe(0);
  expect(await receipts()).toBe(idle);
});
