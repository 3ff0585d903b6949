import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DueSteps } from '../../src/engine/index.ts';
import { Clock, plusMonths } from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { today } from '../support/days.ts';

// The team of `teamleiter` is recognised; three years later it is looked at again. The clock is the platform's.
let stage: Stage;
let team: Opening;
let walk: TestApp;
let now: Date;

const months = (n: number) => new Date(`${plusMonths(today(), n)}T11:00:00Z`);
const there = <T>(work: () => Promise<T>): Promise<T> => walk.app.get(Clock).at(now, work);
const step = (who: string, name: string, payload?: object) =>
  there(() => walk.act(who, 'takeStep', { processId: team.id, step: name, payload }, 'process { stage }'));
const takes = async (who: string, name: string, payload?: object): Promise<string> => {
  const taken = await step(who, name, payload);
  if (!taken['process']) throw new Error(`${name}: ${JSON.stringify(taken)}`);
  return taken['process'].stage;
};
const of = async (who: string, fields: string): Promise<Fields> =>
  (await there(() => walk.see(who, `{ openingProcess(id: "${team.id}") { ${fields} } }`)))['openingProcess'];
const passing = (instant: Date) => {
  now = instant;
  return there(() => walk.app.get(DueSteps).catchUp(stage.tenant, team.id, instant));
};
/** What leadership sees of the team: where it stands, and what it lacks to be anchored. */
const seen = async (): Promise<Fields> => {
  const query = '{ status { states { units { nodes { unit { code } state maturity lacking } } } } }';
  const { status } = await there(() => walk.see('landraetin', query));
  return status.states.units.nodes.find(({ unit }: Fields) => unit.code === 'T1');
};
const byRatings = ['MATURITY', 'CORE_CRITERIA'];

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await team.toDesk(2);
  await team.toTargets(2);
  walk = await bootApp(stage.database, 'probe');
  now = new Date();
  await takes('teamleiter', 'SUBMIT_TARGETS');
  const { contentHash } = (await of('teamleiter', 'targetAgreement { contentHash }')).targetAgreement;
  await walk.does('dezernent', 'coSignTargets', { processId: team.id, as: 'DEZ', contentHash });
  await takes('amtsleiterin', 'APPROVE_TARGETS');
  await takes('teamleiter', 'REQUEST_FINAL_REVIEW');
  await takes('auditleitung', 'RECOMMEND', { recommendation: 'RECOGNISE', reason: 'Alles erfüllt.' });
  for (const who of ['vorsitz', 'mitglied']) {
    const { contentHash: hash } = (await of(who, 'ballot { contentHash }')).ballot;
    await walk.does(who, 'castVote', { processId: team.id, choice: 'FOR_FULL', contentHash: hash });
  }
  await takes('vorsitz', 'RECOGNISE', { reason: 'Nach Beratung.' });
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

test('half a year before the recognition ends, the re-audit is due; nobody but the centre starts it', async () => {
  await passing(months(29));
  expect((await of('koordination', 'process { stage }')).process.stage).toBe('recognised.full');
  await passing(months(31));
  expect((await of('koordination', 'process { stage tags }')).process).toMatchObject({
    stage: 'reauditDue',
    tags: expect.arrayContaining(['recognised', 'reauditDue']),
  });
  expect((await step('teamleiter', 'START_REAUDIT')).__typename).toBe('NotAllowed');
});

test('it is a new cycle by the newest edition: nothing is rated, and the last cycle still counts until it is', async () => {
  expect(await takes('koordination', 'START_REAUDIT')).toBe('preparation.commissioned');
  expect(
    await of('koordination', 'cycle completion { applicable rated open } edition { version }'),
  ).toMatchObject({
    cycle: 2,
    completion: { applicable: 9, rated: 0, open: 9 },
  });
  const { state, maturity, lacking } = await seen();
  expect([state, maturity, lacking.filter((one: string) => byRatings.includes(one))]).toEqual([
    'preparation.commissioned',
    null,
    [],
  ]);
});

test('what counted then is proposed with where it came from, and counts for nothing until somebody makes it their own', async () => {
  const [ownerId, deputyId] = [stage.persons.get('anna'), stage.persons.get('bora')];
  await takes('teamleiter', 'NAME_TEAM', { ownerId, deputyId });
  await takes('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
  await takes('anna', 'OPEN_SELF_ASSESSMENT');
  const { lines } = await team.sheet();
  expect([...lines.values()].map(({ ratings }) => [ratings.CARRIED?.level, ratings.SELF])).toEqual(
    Array.from(lines, () => [2, undefined]),
  );
  expect((await of('anna', 'completion { rated }')).completion.rated).toBe(0);
  const criterionIds = [...lines.keys()];
  await there(() => walk.does('anna', 'confirmTakenOver', { processId: team.id, criterionIds }));
  expect((await of('anna', 'completion { rated open }')).completion).toEqual({ rated: 9, open: 0 });
});

test('verified, the log still tells what is stored', async () => {
  const { rows } = await stage.superuser.query(
    'select applicable, rated, points from audit.opening_process where id = $1',
    [team.id],
  );
  const summed = await stage.superuser.query(
    `select sum(applicable)::int as applicable, sum(rated)::int as rated, sum(points)::int as points
     from audit.counter_delta where process_id = $1`,
    [team.id],
  );
  expect(rows).toEqual(summed.rows);
});
