import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { BulkRuns, Verifier } from '../../src/engine/index.ts';
import { BulkPlans } from '../../src/engine/bulk/bulk-plans.service.ts';
import { BulkCommands } from '../../src/engine/bulk/bulk-commands.service.ts';
import { BulkViews } from '../../src/engine/bulk/bulk-views.service.ts';
import { isRefusal, Reads, refuse, type Actor } from '../../src/platform/index.ts';
import { bootEngine, cast, person, setStage, World, type Stage } from './support.ts';

let stage: Stage;
let people: Record<string, Actor>;
let leader: Actor;

beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
  leader = person(stage, 'OPENING_COORD', 'LEAD', 'HEAD', 'OWNER', 'AUDLEAD', 'AUD');
}, 60_000);
afterAll(() => stage?.close());
afterEach(() => (stage.world.inEffect = undefined));

const send = (
  processIds: readonly string[],
  step: string,
  payload?: object,
  expectedCount = processIds.length,
) =>
  stage.module
    .get(BulkCommands)
    .runBulk(leader, { commandId: v7(), step, payload, filter: { processIds }, expectedCount });
async function sent(processIds: readonly string[], step: string, payload?: object, expectedCount?: number) {
  const begun = await send(processIds, step, payload, expectedCount);
  if (isRefusal(begun)) throw new Error(JSON.stringify(begun));
  await stage.module.get(BulkRuns).carryOn(stage.tenant, begun.runId);
  const run = await stage.module.get(BulkViews).run(leader, begun.runId);
  const { nodes } = await stage.module.get(BulkViews).outcomes(leader, begun.runId, null, { first: 100 });
  return { ...run!, items: new Map(nodes.map((item) => [item.processId, item])) };
}
const stages = async (ids: readonly string[]) => {
  const rows = await stage.engine.processes(await stage.module.get(Reads).db(leader), ids);
  return new Map(rows.map((row) => [row.id, row.stage]));
};
const verified = async () => (await stage.module.get(Verifier).run()).differences;

/** Processes on the auditors' desk. */
async function atDesk(count: number): Promise<string[]> {
  const ids = await stage.start(count);
  const way: [who: string, step: string, payload?: object][] = [
    ['LEAD', 'COMMISSION'],
    ['HEAD', 'NAME_TEAM', { ownerId: v7(), deputyId: v7() }],
    ['OPENING_COORD', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-11-24' }],
    ['OWNER', 'OPEN_SELF_ASSESSMENT'],
    ['OWNER', 'CLOSE_RATINGS'],
    ['HEAD', 'SIGN_OFF', { contentHash: 'a'.repeat(64) }],
    ['AUDLEAD', 'ACCEPT_SUBMISSION'],
  ];
  for (const id of ids)
    for (const [who, step, payload] of way) {
      const taken = await stage.take(people[who]!, id, step, payload);
      if (isRefusal(taken)) throw new Error(taken.message.en);
    }
  return ids;
}
const request = { items: [{ criterionId: v7(), text: 'Beleg' }] };

test('a refusal stays with its process; the others go on', async () => {
  const [first, second, third] = (await stage.start(3)) as [string, string, string];
  await stage.take(people['LEAD']!, second, 'COMMISSION');
  expect(await send([first, second, third], 'COMMISSION')).toMatchObject({ __typename: 'ChangedMeanwhile' });
  const run = await sent([first, second, third], 'COMMISSION', undefined, 2);
  expect(run).toMatchObject({ total: 3, done: 2, refused: 1, failed: 0, pending: 0 });
  expect(run.items.get(second)).toMatchObject({
    outcome: 'REFUSED',
    reason: { en: expect.stringMatching(/does not belong to the state/) },
  });
  expect(run.items.get(first)).toMatchObject({ outcome: 'DONE', seq: 2 });
  expect(await verified()).toEqual([]);
});

test('what refuses or breaks only in an effect is told of its process, and nothing of it remains', async () => {
  const ids = await atDesk(4);
  const [willing, refusing, breaking] = ids as [string, string, string];
  stage.world.inEffect = async (_name, id) => {
    if (id === breaking) throw new Error('the disk is full');
    return id === refusing ? refuse('NotPossibleNow', { de: 'Heute nicht.', en: 'Not today.' }) : undefined;
  };
  const run = await sent(ids, 'REQUEST_EVIDENCE', request);
  expect(run).toMatchObject({ total: 4, done: 2, refused: 1, failed: 1, pending: 0 });
  expect(run.items.get(refusing)).toMatchObject({ outcome: 'REFUSED', reason: { en: 'Not today.' } });
  expect(run.items.get(breaking)).toMatchObject({
    outcome: 'FAILED',
    reason: { en: expect.stringMatching(/^Something broke here/) },
  });
  const now = await stages(ids);
  expect([now.get(willing), now.get(refusing), now.get(breaking)]).toEqual([
    'review.evidencePending',
    'review.desk',
    'review.desk',
  ]);
  expect(await verified()).toEqual([]);
});

test('any number of servers may carry one run: every step is taken once', async () => {
  const ids = await stage.start(1200);
  const agreed = { kind: 'STEP', step: 'COMMISSION' } as const;
  const begun = await stage.run(leader, (tx) =>
    stage.module.get(BulkPlans).begin(tx, agreed, { processIds: ids }, ids.length),
  );
  const { runId } = begun as { runId: string };
  const others = await Promise.all([bootEngine(stage.database), bootEngine(stage.database)]);
  for (const other of others)
    stage.world.people.forEach((actor, id) => other.get(World).people.set(id, actor));
  const servers = [stage.module, ...others];
  await Promise.all(servers.map((server) => server.get(BulkRuns).carryOn(stage.tenant, runId)));
  const run = await stage.module.get(BulkViews).run(leader, runId);
  expect(run).toMatchObject({ total: 1200, done: 1200, finishedAt: expect.any(Date) });
  const { rows } = await stage.superuser.query(
    `select count(*)::int as steps, count(distinct process_id)::int as processes from engine.log_entry
     where step = 'COMMISSION' and process_id = any($1)`,
    [ids],
  );
  expect(rows).toEqual([{ steps: 1200, processes: 1200 }]);
  await Promise.all(others.map((server) => server.close()));
}, 60_000);

test('a right that is withdrawn while the run goes on no longer counts', async () => {
  const ids = await stage.start(2);
  const agreed = { kind: 'STEP', step: 'COMMISSION' } as const;
  const guest = person(stage, 'OPENING_COORD', 'LEAD');
  const begun = await stage.run(guest, (tx) =>
    stage.module.get(BulkPlans).begin(tx, agreed, { processIds: ids }, 2),
  );
  stage.world.people.delete(guest.person);
  const { runId } = begun as { runId: string };
  await stage.module.get(BulkRuns).carryOn(stage.tenant, runId);
  expect(await stage.module.get(BulkViews).run(leader, runId)).toMatchObject({ done: 0, refused: 2 });
});
