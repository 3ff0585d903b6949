import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verify } from '../../src/engine/history/verify.tool.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { publishNext } from '../engine/variants.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';

// A round runs; the next version of its process names a state otherwise and has a region more. Koordination proposes
// how the running processes change to it, Bora of the same centre runs it, and one of them is taken back.
let stage: Stage;
let team: Opening;
let office: Opening;
let walk: TestApp;
let [fromDefinitionId, toDefinitionId, planId, runId] = ['', '', '', ''];

beforeAll(async () => {
  const started = await startedRound();
  ({ stage, team } = started);
  office = started.opening('A1', 'amtsleiterin');
  await stage.grant('bora', 'OPENING_COORD');
  await team.toDesk(2);
  walk = await bootApp(stage.database, 'probe');
  fromDefinitionId = stage.definitionId;
  toDefinitionId = await publishNext(walk.app, stage.tenant);
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

const shown = `process { id version stage stageSince tags definition { version } deadlines { name dueOn } tasks { id name }
  history { step label } }`;
const processOf = async ({ id }: Opening): Promise<Fields> =>
  (await walk.see('koordination', `{ openingProcess(id: "${id}") { ${shown} } }`))['openingProcess'].process;
const states = [{ from: 'live.course.review.desk', to: ['live.course.review.reading'] }];
const begin = ['live.note.none'];

test('what has no equal is listed, and a plan that leaves it open is refused', async () => {
  const { migrationProposal } = await walk.see(
    'koordination',
    `query ($from: ID!, $to: ID!) { migrationProposal(fromDefinitionId: $from, toDefinitionId: $to) {
      from { version } to { version } states { from to } tasks undecided { kind path suggestion } } }`,
    { from: fromDefinitionId, to: toDefinitionId },
  );
  expect(migrationProposal).toMatchObject({
    from: { version: 2 },
    to: { version: 9000 },
    states: [],
    tasks: 'KEEP',
    undecided: [
      { kind: 'STATE', path: 'live.course.review.desk', suggestion: null },
      { kind: 'REGION', path: 'live.note', suggestion: 'live.note.none' },
    ],
  });
  const refused = await walk.act('koordination', 'proposeMigration', { fromDefinitionId, toDefinitionId });
  expect(refused).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ path: 'states.live.course.review.desk' }],
  });
  const outsider = await walk.act('dezernent', 'proposeMigration', { fromDefinitionId, toDefinitionId });
  expect(outsider.__typename).toBe('NotAllowed');
});

test('a plan is proposed, proved and tried on the real processes', async () => {
  const input = { fromDefinitionId, toDefinitionId, states, begin };
  const { plan } = await walk.does(
    'koordination',
    'proposeMigration',
    input,
    'plan { id configurations proposedByMe states { from to } }',
  );
  expect(plan).toMatchObject({ proposedByMe: true, states });
  expect(plan.configurations).toBeGreaterThan(1000);
  planId = plan.id;
  const { tryMigration } = await walk.see(
    'bora',
    `{ tryMigration(planId: "${planId}") { found able refused { reason count }
      rows { fromStage fromStageLabel toStage count tasksKept tasksClosed tasksOpened deadlines { name fate count } }
      conformance { conforming deviations { step } } } }`,
  );
  expect(tryMigration).toMatchObject({ found: 2, able: 2, refused: [] });
  expect(tryMigration.conformance).toEqual({ conforming: 2, deviations: [] });
  expect(tryMigration.rows).toContainEqual({
    fromStage: 'review.desk',
    fromStageLabel: 'Prüfung nach Aktenlage',
    toStage: 'review.reading',
    count: 1,
    tasksKept: 1,
    tasksClosed: 0,
    tasksOpened: 0,
    deadlines: [{ name: 'deskReview', fate: 'KEPT', count: 1 }],
  });
});

test('the one who proposed it cannot run it; another runs it, and every process shows it', async () => {
  const before = await processOf(team);
  const own = await walk.act('koordination', 'runMigration', { planId, expectedCount: 2 });
  expect(own.__typename).toBe('FourEyesNeeded');
  const wrong = await walk.act('bora', 'runMigration', { planId, expectedCount: 3 });
  expect(wrong.__typename).toBe('ChangedMeanwhile');
  const { run } = await walk.does(
    'bora',
    'runMigration',
    { planId, expectedCount: 2 },
    'run { id kind total done finishedAt outcomes { nodes { outcome seq process { id } } } }',
  );
  expect(run).toMatchObject({ kind: 'MIGRATE', total: 2, done: 2, finishedAt: expect.any(String) });
  runId = run.id;
  const { history, version, ...now } = await processOf(team);
  const { history: _steps, version: seen, ...then } = before;
  expect(now).toEqual({ ...then, stage: 'review.reading', definition: { version: 9000 } });
  expect(version).toBe(seen + 1);
  expect(history.at(-1)).toEqual({
    step: '$migrate',
    label: 'Auf eine andere Version des Ablaufs umgestellt',
  });
});

test('a process on which somebody acted stays; the other goes back to where it was', async () => {
  await walk.does('anna', 'takeStep', { processId: team.id, step: 'PIN_NOTE' });
  const { run } = await walk.does(
    'koordination',
    'undoMigration',
    { runId },
    'run { kind done refused outcomes(only: REFUSED) { nodes { reason process { id } } } }',
  );
  expect(run).toMatchObject({ kind: 'UNDO', done: 1, refused: 1 });
  expect(run.outcomes.nodes).toEqual([
    {
      reason: 'Seit der Umstellung ist etwas geschehen; sie lässt sich hier nicht mehr zurücknehmen.',
      process: { id: team.id },
    },
  ]);
  expect(await processOf(office)).toMatchObject({ definition: { version: 2 } });
  expect(await processOf(team)).toMatchObject({ definition: { version: 9000 } });
});

test('both stand where their logs lead', async () => {
  expect(await verify(walk.app)).toBe(0);
});
