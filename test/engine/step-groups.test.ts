import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 } from 'uuid';
import { StepGroups, Verifier } from '../../src/engine/index.ts';
import { isRefusal, refuse, type Actor } from '../../src/platform/index.ts';
import { actorWith, foundTenants } from '../support/services.ts';
import { permit } from './permit-definition.ts';
import { person, setStage, type Stage } from './support.ts';

let stage: Stage;
let groups: StepGroups;
let head: Actor;
let definitionId: string;

/** The permit, of which writing binds something of its own, and withdrawing touches others. */
function bindingPermit() {
  const definition = permit();
  const { live } = definition.states;
  Object.assign(live.states.course.states.asked.on.WRITE[0]!, { effects: [{ effect: 'bindSignature' }] });
  Object.assign(live.on.WITHDRAW[0]!, { effects: [{ effect: 'supersede' }] });
  return { ...definition, key: 'binding-permit' };
}

async function publish(actor: Actor): Promise<string> {
  const published = await stage.run(actor, async (tx) => {
    const id = await stage.definitions.publish(tx, JSON.stringify(bindingPermit()));
    return isRefusal(id) ? id : { id };
  });
  if (isRefusal(published)) throw new Error(JSON.stringify(published));
  return published.id;
}

beforeAll(async () => {
  stage = await setStage();
  groups = stage.module.get(StepGroups);
  head = person(stage, 'HEAD');
  definitionId = await publish(head);
  stage.world.own.add('bindSignature');
});
beforeEach(() => (stage.world.inEffect = undefined));
afterAll(() => stage.close());

const take = (processId: string, step: string, over = {}, actor = head, commandId = v7()) =>
  groups.take(actor, commandId, { processId, step, ...over });
const start = (count: number) => stage.start(count, definitionId);

interface Entry {
  readonly id: string;
  readonly step: string;
  readonly seq: number;
  readonly xact: string;
}
const logOf = async (ids: readonly string[]) =>
  (
    await stage.superuser.query<Entry>(
      `select process_id as id, step::text, seq, xact::text from engine.log_entry
        where process_id = any($1) and seq > 1 order by process_id, seq`,
      [ids],
    )
  ).rows;
const nothingDiffers = async () => expect((await stage.module.get(Verifier).run()).differences).toEqual([]);

test('steps that arrive together share transactions, and each is as whole as alone', async () => {
  const ids = await start(12);
  const taken = await Promise.all(ids.map((id) => take(id, 'ANSWER')));
  expect(taken.map((one) => !isRefusal(one) && [one.processId, one.process?.version])).toEqual(
    ids.map((id) => [id, 2]),
  );
  const log = await logOf(ids);
  expect(log.map(({ step }) => step)).toEqual(ids.map(() => 'ANSWER'));
  expect(new Set(log.map(({ xact }) => xact)).size).toBeLessThan(ids.length);
  await nothingDiffers();
});

test('what is answered is what stands in the rows', async () => {
  const ids = await start(6);
  const taken = await Promise.all(ids.map((id) => take(id, 'WRITE')));
  const read = await stage.run(head, async (tx) => ({ rows: await stage.engine.processes(tx, ids) }));
  const rows = new Map((isRefusal(read) ? [] : read.rows).map((row) => [row.id, row]));
  for (const one of taken) {
    if (isRefusal(one)) throw new Error(one.message.en);
    expect(JSON.parse(JSON.stringify(one.process))).toEqual(rows.get(one.processId));
  }
});

test('whoever is refused is refused as alone, and the others are not', async () => {
  const ids = await start(9);
  const [old, stranger, early, blank] = ids as [string, string, string, string];
  const outcomes = await Promise.all([
    take(old, 'ANSWER', { expectedVersion: 7 }),
    take(stranger, 'ANSWER', {}, person(stage, 'LEAD')),
    take(early, 'LAPSE'),
    take(blank, 'ANSWER', { payload: { surplus: 1 } }),
    take(v7(), 'ANSWER').catch((error: Error) => error.message),
    take(ids[4]!, 'NO_SUCH_STEP').catch((error: Error) => error.message),
    ...ids.slice(4).map((id) => take(id, 'ANSWER')),
  ]);
  const words = outcomes.map((one) =>
    typeof one === 'string' ? one : isRefusal(one) ? one.__typename : 'taken',
  );
  expect(words).toEqual([
    'ChangedMeanwhile',
    'NotAllowed',
    'NotAllowed',
    'InvalidInput',
    expect.stringMatching(/Process|Vorgang/),
    expect.stringContaining('NO_SUCH_STEP'),
    ...ids.slice(4).map(() => 'taken'),
  ]);
  expect(await logOf(ids.slice(0, 4))).toEqual([]);
  // And nobody had to go alone because of them.
  expect(new Set((await logOf(ids.slice(4))).map(({ xact }) => xact)).size).toBeLessThan(3);
});

test('several steps of one process follow each other', async () => {
  const [id, other] = (await start(2)) as [string, string];
  const outcomes = await Promise.all([
    take(other, 'ANSWER'),
    ...Array.from({ length: 7 }, () => take(id, 'ANSWER')),
  ]);
  const versions = outcomes.slice(1).map((one) => !isRefusal(one) && one.process?.version);
  expect(versions).toEqual([2, 3, 4, 5, 6, 7, 8]);
  await nothingDiffers();
});

test('the same command twice at once is done once, and never again', async () => {
  const ids = await start(3);
  const commandId = v7();
  const again = () => take(ids[0]!, 'ANSWER', {}, head, commandId);
  const crowd = await Promise.all([
    again(),
    ...ids.slice(1).map((id) => take(id, 'ANSWER')),
    again(),
    again(),
  ]);
  crowd.push(...(await Promise.all([again(), again()])));
  expect(crowd.filter((one) => isRefusal(one))).toEqual([]);
  const other = await Promise.all([take(ids[1]!, 'ANSWER', {}, head, commandId), take(ids[2]!, 'ANSWER')]);
  expect(other[0]).toMatchObject({ __typename: 'CommandIdReused' });
  expect(isRefusal(other[1])).toBe(false);
  expect((await logOf([ids[0]!])).map(({ seq }) => seq)).toEqual([2]);
});

test('whoever must wait for a lock waits alone', async () => {
  const ids = await start(5);
  const holder = new pg.Client(stage.database.superUrl);
  await holder.connect();
  await holder.query('begin');
  await holder.query('select from engine.process where id = $1 for update', [ids[0]]);
  const held = take(ids[0]!, 'ANSWER');
  const others = await Promise.all(ids.slice(1).map((id) => take(id, 'ANSWER')));
  expect(others.filter((one) => isRefusal(one))).toEqual([]);
  expect(await logOf([ids[0]!])).toEqual([]);
  await holder.query('commit');
  await holder.end();
  expect(isRefusal(await held)).toBe(false);
});

test('an effect that refuses takes back its own step only', async () => {
  const ids = await start(6);
  const no = refuse('NotNow', { de: 'Nein.', en: 'No.' });
  stage.world.inEffect = async (_name, id) => (id === ids[2] ? no : undefined);
  const outcomes = await Promise.all(ids.map((id) => take(id, 'WRITE')));
  expect(outcomes.map((one) => isRefusal(one))).toEqual([false, false, true, false, false, false]);
  expect((await logOf(ids)).map(({ id }) => id)).toEqual(ids.filter((id) => id !== ids[2]));
  await nothingDiffers();
});

test('a group whose connection breaks is done anew, each step once', async () => {
  const ids = await start(8);
  let broken = 0;
  stage.world.inEffect = async (_name, id, tx) => {
    if (id !== ids[4] || broken > 0) return undefined;
    broken += 1;
    const [backend] = await tx.call<{ pid: number }>('select pg_backend_pid() as pid');
    await stage.superuser.query('select pg_terminate_backend($1)', [backend!.pid]);
    return undefined;
  };
  const outcomes = await Promise.all(ids.map((id) => take(id, 'WRITE')));
  expect(broken).toBe(1);
  expect(outcomes.filter((one) => isRefusal(one))).toEqual([]);
  expect((await logOf(ids)).map(({ id, seq }) => [id, seq])).toEqual(ids.toSorted().map((id) => [id, 2]));
  await nothingDiffers();
});

test('a step that touches more than its process goes alone', async () => {
  const ids = await start(6);
  const lead = person(stage, 'LEAD');
  const outcomes = await Promise.all(ids.map((id) => take(id, 'WITHDRAW', {}, lead)));
  expect(outcomes.filter((one) => isRefusal(one))).toEqual([]);
  expect(new Set((await logOf(ids)).map(({ xact }) => xact)).size).toBe(ids.length);
  await nothingDiffers();
});

test('administrations never share one', async () => {
  const elsewhere = v7();
  await foundTenants(stage.database, { elsewhere });
  const there = actorWith(elsewhere, ['HEAD']);
  await publish(there);
  const items = Array.from({ length: 4 }, () => ({ processId: v7(), scopeId: v7() }));
  await stage.run(there, (tx) => stage.engine.start(tx, { definitionId, seriesId: null, items }) as never);
  const here = await start(4);
  const outcomes = await Promise.all(
    items.flatMap(({ processId }, i) => [take(processId, 'ANSWER', {}, there), take(here[i]!, 'ANSWER')]),
  );
  expect(outcomes.filter((one) => isRefusal(one))).toEqual([]);
  const xacts = async (ids: readonly string[]) => new Set((await logOf(ids)).map(({ xact }) => xact));
  const [ours, theirs] = [await xacts(here), await xacts(items.map(({ processId }) => processId))];
  expect([...ours].filter((one) => theirs.has(one))).toEqual([]);
});
