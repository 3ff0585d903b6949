import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { Verifier } from '../../src/engine/index.ts';
import { MigrationCommands } from '../../src/engine/migration/migration-commands.service.ts';
import { readRuns } from '../../src/engine/bulk/bulk.sql.ts';
import { BulkRuns } from '../../src/engine/bulk/bulk-runs.service.ts';
import { BulkPlans } from '../../src/engine/bulk/bulk-plans.service.ts';
import { BulkViews } from '../../src/engine/bulk/bulk-views.service.ts';
import { MigrationTrials } from '../../src/engine/migration/migration-trials.service.ts';
import { isRefusal, Reads, type Actor, type Refusal, type Tx } from '../../src/platform/index.ts';
import { cast, person, setStage, type Stage } from './support.ts';
import { nextOpening, published } from './variants.ts';
import { inDays } from '../support/days.ts';

let stage: Stage;
let people: Record<string, Actor>;
let [centre, second]: Actor[] = [];
let toId: string;
let commands: MigrationCommands;

beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
  [centre, second] = [person(stage, 'OPENING_COORD'), person(stage, 'OPENING_COORD')];
  toId = await published(stage, await nextOpening());
  commands = stage.module.get(MigrationCommands);
}, 60_000);
afterAll(() => stage?.close());

const moves = {
  states: [{ from: 'live.course.review.desk', to: ['live.course.review.reading'] }],
  begin: ['live.note.none'],
};
function ok<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome));
  return outcome as T;
}
const propose = async (over: object = {}) =>
  commands.proposeMigration(centre!, {
    commandId: v7(),
    fromDefinitionId: stage.definitionId,
    toDefinitionId: toId,
    ...moves,
    ...over,
  });
const plans = new Map<string, Promise<string>>();
const planned = (over: object = {}): Promise<string> => {
  const key = JSON.stringify(over);
  if (!plans.has(key))
    plans.set(
      key,
      propose(over).then((plan) => (ok(plan) as { planId: string }).planId),
    );
  return plans.get(key)!;
};
const run = async (planId: string, processIds: string[], expectedCount = processIds.length) => {
  const { runId } = ok(
    await commands.runMigration(second!, { commandId: v7(), planId, filter: { processIds }, expectedCount }),
  );
  return (await stage.module.get(BulkViews).run(second!, runId))!;
};
const undo = async (runId: string, processIds?: string[]) => {
  const begun = ok(
    await commands.undoMigration(centre!, { commandId: v7(), runId, ...(processIds && { processIds }) }),
  );
  return (await stage.module.get(BulkViews).run(centre!, begun.runId))!;
};
const rows = async (sql: string, ...values: unknown[]) => (await stage.superuser.query(sql, values)).rows;
const standing = async (id: string) =>
  (
    await rows(
      `select definition_id, states, stage, stage_since, snapshot, tags,
         (select json_agg(json_build_object('name', name, 'due', due_on, 'step', next_step, 'at', next_at) order by name)
            from engine.deadline where process_id = p.id) deadlines,
         (select json_agg(json_build_object('id', id, 'name', name, 'fn', function, 'due', due_on) order by name)
            from engine.task where process_id = p.id and closed_seq is null) tasks
       from engine.process p where id = $1`,
      id,
    )
  )[0];
/** What a rest of some weeks says. */
const suspension = () => ({
  until: inDays(30),
  reason: 'REORGANISATION',
});
const verified = async () => (await stage.module.get(Verifier).run()).differences;

const way: readonly (readonly [who: string, step: string, payload?: object])[] = [
  ['LEAD', 'COMMISSION'],
  ['HEAD', 'NAME_TEAM', { ownerId: v7(), deputyId: v7() }],
  ['OPENING_COORD', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-11-24' }],
  ['OWNER', 'OPEN_SELF_ASSESSMENT'],
  ['OWNER', 'CLOSE_RATINGS'],
  ['HEAD', 'SIGN_OFF', { contentHash: 'a'.repeat(64) }],
  ['AUDLEAD', 'ACCEPT_SUBMISSION'],
];
/** A process after so many steps of its way. */
async function walked(steps: number): Promise<string> {
  const [id] = await stage.start();
  for (const [who, step, payload] of way.slice(0, steps))
    ok(await stage.take(people[who]!, id!, step, payload));
  return id!;
}

describe('a plan', () => {
  test('is refused with every fault and its place', async () => {
    const outcome = await propose({ states: [], begin: [] });
    expect(outcome).toMatchObject({ __typename: 'InvalidInput' });
    const { faults } = outcome as unknown as { faults: { path: string }[] };
    expect(faults.map(({ path }) => path)).toEqual(['states.live.course.review.desk']);
  });

  test('is proved while the server answers others', async () => {
    const before = performance.eventLoopUtilization();
    const from = stage.definitionId;
    const planId = (ok(await propose({ fromDefinitionId: from })) as { planId: string }).planId;
    const { utilization } = performance.eventLoopUtilization(before);
    const [plan] = await rows('select configurations from engine.migration_plan where id = $1', planId);
    expect(plan.configurations).toBeGreaterThan(4000);
    expect(utilization).toBeLessThan(0.5);
  });

  test('leads into every region, and says so where it does not', async () => {
    const outcome = (await propose({ begin: [] })) as unknown as { faults: { message: { en: string } }[] };
    expect(outcome.faults[0]!.message.en).toMatch(/^Nothing leads into the region live\.note/);
  });

  test('is run by another person than the one who proposed it', async () => {
    const planId = await planned();
    const own = await commands.runMigration(centre!, { commandId: v7(), planId, expectedCount: 0 });
    expect(own).toMatchObject({ __typename: 'FourEyesNeeded' });
    const nobody = await commands.runMigration(people.HEAD!, { commandId: v7(), planId, expectedCount: 0 });
    expect(nobody).toMatchObject({ __typename: 'NotAllowed' });
  });
});

describe('a run', () => {
  test('moves processes by one entry each, keeps days, tasks and the time of the state, and verifies', async () => {
    const ids = [await walked(0), await walked(4)];
    const before = await Promise.all(ids.map(standing));
    const planId = await planned();
    const trial = ok(
      await stage.module
        .get(MigrationTrials)
        .try(await stage.module.get(Reads).db(centre!), planId, { processIds: ids }),
    );
    expect(trial.rows.map(({ fromStage, toStage, count }) => [fromStage, toStage, count])).toEqual([
      ['inventory.selfAssessment', 'inventory.selfAssessment', 1],
      ['notStarted', 'notStarted', 1],
    ]);
    expect(await run(planId, ids)).toMatchObject({ total: 2, done: 2, pending: 0, refused: 0 });
    for (const [i, id] of ids.entries()) {
      const now = await standing(id);
      expect(now).toMatchObject({
        definition_id: toId,
        states: expect.arrayContaining([...before[i].states, 'live.note.none']),
        stage_since: before[i].stage_since,
        deadlines: before[i].deadlines,
        tasks: before[i].tasks,
      });
      const [last] = await rows(
        'select step, definition_id, effects, facts from engine.log_entry where process_id = $1 order by seq desc limit 1',
        id,
      );
      expect(last).toMatchObject({ step: '$migrate', definition_id: toId, facts: {} });
    }
    expect(await verified()).toEqual([]);
    expect(isRefusal(await stage.take(people.OWNER!, ids[0]!, 'PIN_NOTE'))).toBe(false);
    expect(await verified()).toEqual([]);
  });

  test('refuses when not exactly the expected number would move', async () => {
    const ids = await stage.start(3);
    const planId = await planned();
    const outcome = await commands.runMigration(second!, {
      commandId: v7(),
      planId,
      filter: { processIds: ids },
      expectedCount: 2,
    });
    expect(outcome).toMatchObject({ __typename: 'ChangedMeanwhile' });
  });

  test('is taken back to the letter, but not where somebody acted since', async () => {
    const ids = [await walked(4), await walked(0)];
    const before = await Promise.all(ids.map(standing));
    const { id: runId } = await run(await planned({ tasks: 'REOPEN' }), ids);
    ok(await stage.take(people.OWNER!, ids[1]!, 'PIN_NOTE'));
    expect(await undo(runId)).toMatchObject({ total: 2, done: 1, refused: 1 });
    const after = await standing(ids[0]!);
    const nameless = ({ tasks, ...rest }: { tasks: object[] }) => ({
      ...rest,
      tasks: tasks.map((task) => ({ ...task, id: '' })),
    });
    expect(nameless(after)).toEqual(nameless(before[0]));
    expect((await standing(ids[1]!)).definition_id).toBe(toId);
    expect(await verified()).toEqual([]);
  });
});

describe('a right that is withdrawn while the run goes on', () => {
  const guest = () => person(stage, 'OPENING_COORD');
  /** Begun by somebody who loses the right before the first batch. */
  const carriedWithout = async (actor: Actor, begin: (tx: Tx) => Promise<{ runId: string } | Refusal>) => {
    const { runId } = ok(await stage.run(actor, begin));
    stage.world.people.delete(actor.person);
    await stage.module.get(BulkRuns).carryOn(stage.tenant, runId);
    const { nodes } = await stage.module.get(BulkViews).outcomes(centre!, runId, null, { first: 100 });
    return nodes.map(({ outcome, reason }) => [outcome, reason?.en]);
  };
  const refused = ['REFUSED', expect.stringMatching(/^Whoever began the run may no longer migrate/)];

  test('no longer moves', async () => {
    const ids = await stage.start(2);
    const planId = await planned();
    const agreed = { kind: 'MIGRATE', planId } as const;
    const begin = (tx: Tx) => stage.module.get(BulkPlans).begin(tx, agreed, { processIds: ids }, 2);
    expect(await carriedWithout(guest(), begin)).toEqual([refused, refused]);
    expect(await standing(ids[0]!)).toMatchObject({ definition_id: stage.definitionId });
  });

  test('no longer takes back', async () => {
    const ids = await stage.start(1);
    const { id } = await run(await planned(), ids);
    const begin = async (tx: Tx) =>
      stage.module.get(BulkPlans).beginUndo(tx, (await readRuns(tx, [id]))[0], null);
    expect(await carriedWithout(guest(), begin)).toEqual([refused]);
    expect(await standing(ids[0]!)).toMatchObject({ definition_id: toId });
  });
});

test('processes of opening 1 go over to opening 2 by the plan that ships', async () => {
  const db = await stage.module.get(Reads).db(centre!);
  const old = (await stage.definitions.list(db)).find(
    ({ key, version }) => key === 'opening' && version === 1,
  )!;
  const [id] = await stage.start(1, old.id);
  for (const [who, step, payload] of way) ok(await stage.take(people[who]!, id!, step, payload));
  const before = await standing(id!);
  const shipped = { fromDefinitionId: old.id, toDefinitionId: stage.definitionId, states: null, begin: null };
  await run(await planned(shipped), [id!]);
  const now = await standing(id!);
  expect(now).toMatchObject({ definition_id: stage.definitionId, stage: 'review.desk', tasks: before.tasks });
  expect(now.states).toEqual(
    expect.arrayContaining([...before.states, 'live.objection.none', 'live.participation.notRequired']),
  );
  ok(await stage.take(people['LEAD']!, id!, 'SUSPEND', suspension()));
  expect(await verified()).toEqual([]);
});

describe('what a plan says', () => {
  test('a renamed state keeps its time and its day, and the snapshot knows what was counted', async () => {
    const id = await walked(7);
    const before = await standing(id);
    expect(before.stage).toBe('review.desk');
    await run(await planned(), [id]);
    const now = await standing(id);
    expect(now).toMatchObject({
      stage: 'review.reading',
      stage_since: before.stage_since,
      tags: before.tags,
    });
    expect(now.deadlines).toEqual(before.deadlines);
    expect(now.tasks).toEqual(before.tasks);
    expect(now.snapshot.c).toEqual(before.snapshot.c);
    expect(await verified()).toEqual([]);
  });

  test('a deadline is recomputed from the day it began, or dropped', async () => {
    const [longer, none] = [await walked(7), await walked(7)];
    const { deadlines } = await standing(longer);
    await run(await planned({ deadlines: [{ name: 'deskReview', choice: 'RECOMPUTE' }] }), [longer]);
    await run(await planned({ deadlines: [{ name: 'deskReview', choice: 'DROP' }] }), [none]);
    const [moved] = (await standing(longer)).deadlines;
    expect(moved.name).toBe('deskReview');
    expect(moved.due > deadlines[0].due).toBe(true);
    expect((await standing(none)).deadlines).toBeNull();
    expect(await verified()).toEqual([]);
  });

  test('tasks that are reopened begin anew', async () => {
    const id = await walked(7);
    const before = await standing(id);
    await run(await planned({ tasks: 'REOPEN' }), [id]);
    const now = await standing(id);
    expect(now.tasks.map(({ name }: { name: string }) => name)).toEqual(
      before.tasks.map(({ name }: { name: string }) => name),
    );
    expect(now.tasks[0].id).not.toBe(before.tasks[0].id);
    expect(await verified()).toEqual([]);
  });

  test('a process that rests moves as it is, and goes on by the new definition', async () => {
    const id = await walked(7);
    ok(await stage.take(people.LEAD!, id, 'SUSPEND', suspension()));
    const before = await standing(id);
    await run(await planned(), [id]);
    expect((await standing(id)).deadlines).toEqual(before.deadlines);
    expect(await verified()).toEqual([]);
    ok(await stage.take(people.LEAD!, id, 'RESUME', {}));
    expect(await standing(id)).toMatchObject({ definition_id: toId, stage: 'review.reading' });
    expect(await verified()).toEqual([]);
  });

  test('a trial tells what becomes of deadlines and tasks, and which histories the new definition knows not', async () => {
    const ids = [await walked(7), await walked(0)];
    const [from, to] = [stage.definitionId, toId];
    const planId = await planned({ deadlines: [{ name: 'deskReview', choice: 'RECOMPUTE' }] });
    const db = await stage.module.get(Reads).db(centre!);
    const trials = stage.module.get(MigrationTrials);
    const trial = ok(await trials.try(db, planId, { processIds: ids }));
    const desk = trial.rows.find(({ fromStage }) => fromStage === 'review.desk')!;
    expect({ ...desk, deadlines: [...desk.deadlines.values()] }).toMatchObject({
      toStage: 'review.reading',
      deadlines: [{ name: 'deskReview', fate: 'MOVED', count: 1 }],
      tasksKept: 1,
      tasksClosed: 0,
      tasksOpened: 0,
    });
    expect(await trials.conformance(db, trial)).toEqual({ conforming: 2, deviations: [] });
    const definition = await nextOpening();
    definition.version = 9001;
    definition.steps.BEGIN = definition.steps.COMMISSION;
    delete definition.steps.COMMISSION;
    const text = JSON.stringify(definition).replaceAll('"COMMISSION"', '"BEGIN"');
    const other = await published(stage, JSON.parse(text));
    const renamed = await planned({ toDefinitionId: other });
    const tried = ok(await trials.try(db, renamed, { processIds: ids }));
    expect(await trials.conformance(db, tried)).toEqual({
      conforming: 1,
      deviations: [{ step: 'COMMISSION', stage: 'notStarted', count: 1 }],
    });
    expect([from, to]).not.toContain(other);
  });
});

test('2,000 processes move in batches, and what was counted is what is done', async () => {
  const ids = await stage.start(2000);
  const { runId } = ok(
    await commands.runMigration(second!, {
      commandId: v7(),
      planId: await planned(),
      filter: { processIds: ids },
      expectedCount: 2000,
    }),
  );
  await stage.module.get(BulkRuns).carryOn(stage.tenant, runId);
  expect(await stage.module.get(BulkViews).run(second!, runId)).toMatchObject({ done: 2000, pending: 0 });
  expect(await verified()).toEqual([]);
}, 60_000);
