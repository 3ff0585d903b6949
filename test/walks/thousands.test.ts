import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BulkRuns } from '../../src/engine/index.ts';
import { verify } from '../../src/engine/history/verify.tool.ts';
import { plusDays } from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { PlantedUnit, Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { inDays } from '../support/days.ts';

// The whole administration has to rest: Landrätin suspends 3,004 processes at once. In the middle of it the server
// loses its database and dies; the next one goes on.
const teams: PlantedUnit[] = Array.from({ length: 3000 }, (_, i) => {
  return { code: `Z${i}`, parent: 'A1', level: 'L4', kind: 'FAC', headcount: 6 };
});
let stage: Stage;
let team: Opening;
let walk: TestApp;
let filter: { seriesId: string };

beforeAll(async () => {
  const started = await startedRound('TOP', teams);
  ({ stage, team } = started);
  filter = { seriesId: started.roundId };
  await stage.grant('landraetin', 'OPENING_COORD');
  walk = await bootApp(stage.database, 'probe');
}, 180_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

const rest = { until: inDays(42), reason: 'CRISIS' };
const planned = async (who: string, step: string, payload?: object, over: object = {}): Promise<Fields> => {
  const query = `query ($step: String!, $payload: StepPayload, $filter: BulkFilter!) {
    planBulk(step: $step, payload: $payload, filter: $filter) { found able groups { stage reason count } } }`;
  return (await walk.see(who, query, { step, payload, filter: { ...filter, ...over } }))['planBulk'];
};
const runOf = async (id: string): Promise<Fields> =>
  (
    await walk.see(
      'landraetin',
      `{ bulkRun(id: "${id}") { total done refused failed pending finishedAt
        outcomes(only: REFUSED) { nodes { reason process { id } } } } }`,
    )
  )['bulkRun'];

test('what a run would do is counted, by state and reason, before it runs', async () => {
  await walk.does('landraetin', 'takeStep', { processId: team.id, step: 'SUSPEND', payload: rest });
  expect(await planned('landraetin', 'SUSPEND', rest)).toEqual({
    found: 3004,
    able: 3003,
    groups: [
      { stage: 'preparation.commissioned', reason: null, count: 3003 },
      { stage: 'preparation.commissioned', reason: expect.stringMatching(/ausgesetzt/), count: 1 },
    ],
  });
  const { able, groups } = await planned('koordination', 'SUSPEND', rest);
  expect({ able, reason: groups[0].reason }).toEqual({
    able: 0,
    reason: expect.stringMatching(/ist hier Sache von: /),
  });
  const input = { step: 'SUSPEND', payload: rest, filter };
  const late = await walk.act('landraetin', 'runBulk', { ...input, expectedCount: 3004 });
  expect(late.__typename).toBe('ChangedMeanwhile');
  expect((await walk.act('koordination', 'runBulk', { ...input, expectedCount: 0 })).__typename).toBe(
    'NotPossibleNow',
  );
  expect((await walk.act('dezernent', 'runBulk', { ...input, expectedCount: 1 })).__typename).toBe(
    'NotAllowed',
  );
}, 60_000);

test('a run whose server dies in the middle is carried on by the next one, and nothing happens twice', async () => {
  // Somebody holds the last process, so that the run cannot be through before the server dies.
  const { superuser } = stage;
  await superuser.query('begin');
  await superuser.query(
    `select from engine.process where id = (select id from engine.process where id <> $1 order by id desc limit 1)
     for update`,
    [team.id],
  );
  const input = { step: 'SUSPEND', payload: rest, filter, expectedCount: 3003 };
  const { run } = await walk.does('landraetin', 'runBulk', input, 'run { id pending finishedAt }');
  expect(run).toMatchObject({ finishedAt: null });
  let seen = await runOf(run.id);
  while (seen['done'] === 0) seen = await runOf(run.id);
  expect(seen['pending']).toBeGreaterThan(0);

  await superuser.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await walk.close();
  await superuser.query('rollback');
  walk = await bootApp(stage.database, 'probe');
  await walk.app.get(BulkRuns, { strict: false }).resume(0);

  expect(await runOf(run.id)).toEqual({
    total: 3004,
    done: 3003,
    refused: 1,
    failed: 0,
    pending: 0,
    finishedAt: expect.any(String),
    outcomes: { nodes: [{ reason: expect.stringMatching(/ausgesetzt/), process: { id: team.id } }] },
  });
  const { rows } = await superuser.query(
    `select count(*)::int as steps, count(distinct process_id)::int as processes, count(distinct person_id)::int as people
     from engine.log_entry where step = 'SUSPEND'`,
  );
  expect(rows).toEqual([{ steps: 3004, processes: 3004, people: 1 }]);
  expect(await planned('landraetin', 'RESUME', {}, { suspended: true })).toMatchObject({ able: 3004 });
}, 120_000);

test('extensions that were asked for are granted in one run', async () => {
  await walk.does('landraetin', 'takeStep', { processId: team.id, step: 'RESUME', payload: {} });
  const { openingProcess } = await walk.see(
    'teamleiter',
    `{ openingProcess(id: "${team.id}") { process { deadlines { name dueOn } } } }`,
  );
  const [{ dueOn }] = openingProcess.process.deadlines;
  const later = plusDays(dueOn, 2);
  const request = { deadline: 'preparation', until: later, reason: 'Krankheit' };
  await walk.does('teamleiter', 'takeStep', {
    processId: team.id,
    step: 'REQUEST_EXTENSION',
    payload: request,
  });
  const grant = { deadline: 'preparation' };
  const { able } = await planned('koordination', 'GRANT_EXTENSION', grant);
  expect(able).toBe(1);
  const input = { step: 'GRANT_EXTENSION', payload: grant, filter, expectedCount: 1 };
  const { run } = await walk.does('koordination', 'runBulk', input, 'run { done refused }');
  expect(run).toEqual({ done: 1, refused: 3003 });
}, 60_000);

test('every process stands where its log leads', async () => {
  expect(await verify(walk.app)).toBe(0);
}, 60_000);
