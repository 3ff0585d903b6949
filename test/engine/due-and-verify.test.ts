import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 } from 'uuid';
import { DueSteps, Verifier } from '../../src/engine/index.ts';
import { Clock, isRefusal, type Actor } from '../../src/platform/index.ts';
import { cast, setStage, type Stage } from './support.ts';

let stage: Stage;
let people: Record<string, Actor>;
let due: DueSteps;
let verifier: Verifier;
let clock: Clock;

beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
  [due, verifier, clock] = [stage.module.get(DueSteps), stage.module.get(Verifier), stage.module.get(Clock)];
});
afterAll(() => stage.close());

const at = (day: string) => new Date(`${day}T09:00:00Z`);

async function commissioned(day: string): Promise<string> {
  return clock.at(at(day), async () => {
    const [id] = (await stage.start()) as [string];
    const taken = await stage.take(people.LEAD!, id, 'COMMISSION');
    if (isRefusal(taken)) throw new Error(taken.message.en);
    return id;
  });
}
const stepsOf = async (id: string) =>
  (
    await stage.superuser.query('select step, at from engine.log_entry where process_id = $1 order by seq', [
      id,
    ])
  ).rows as { step: string; at: Date }[];
const rowOf = async (id: string) =>
  (await stage.superuser.query('select * from engine.process where id = $1', [id])).rows[0];

describe('what is due', () => {
  test('is done once, each act on its day, whoever looks', async () => {
    const id = await commissioned('2026-03-02'); // six weeks: due 13 April
    await clock.at(at('2026-03-25'), () => due.run());
    expect((await rowOf(id)).tags).not.toContain('reminded');
    await clock.at(at('2026-03-31'), () => Promise.all([due.run(), due.run(), due.run()]));
    expect((await rowOf(id)).tags).toContain('reminded');
    await clock.at(at('2026-06-01'), () => due.run());
    const steps = await stepsOf(id);
    expect(steps.map(({ step }) => step)).toEqual([
      '$start',
      'COMMISSION',
      'REMIND',
      'MARK_OVERDUE',
      'NOTIFY_HEAD',
      'ESCALATE_DEZ',
      'ESCALATE_TOP',
    ]);
    expect((await rowOf(id)).tags).toEqual(expect.arrayContaining(['overdue', 'escalated']));
    const again = await clock.at(at('2026-06-02'), () => due.run());
    expect(again.taken.filter(({ processId }) => processId === id)).toEqual([]);
  });

  test('moves the process when the state says so', async () => {
    const id = await commissioned('2026-03-02');
    const walk = [
      ['HEAD', 'NAME_TEAM', { ownerId: v7(), deputyId: v7() }],
      ['OPENING_COORD', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-03-02' }],
      ['OWNER', 'OPEN_SELF_ASSESSMENT', undefined],
      ['OWNER', 'CLOSE_RATINGS', undefined],
      ['HEAD', 'SIGN_OFF', { contentHash: 'a'.repeat(64) }],
      ['AUDLEAD', 'ACCEPT_SUBMISSION', undefined],
      ['AUD', 'REQUEST_EVIDENCE', { items: [{ criterionId: v7(), text: 'Beleg' }] }],
    ] as const;
    await clock.at(at('2026-03-02'), async () => {
      for (const [who, step, payload] of walk)
        expect(isRefusal(await stage.take(people[who]!, id, step, payload))).toBe(false);
    });
    await clock.at(new Date('2026-03-16T22:59:59Z'), () => due.run());
    expect((await rowOf(id)).stage).toBe('review.evidencePending');
    await clock.at(new Date('2026-03-16T23:00:00Z'), () => due.run()); // ten working days, until midnight in Berlin
    expect((await rowOf(id)).stage).toBe('review.desk');
    expect((await stepsOf(id)).at(-1)).toEqual({
      step: 'EVIDENCE_TIMEOUT',
      at: new Date('2026-03-16T23:00:00Z'),
    });
  });

  test('of an earlier visit is not done to a later one', async () => {
    const id = await commissioned('2026-03-02');
    const [before] = (
      await stage.superuser.query('select name, epoch from engine.deadline where process_id = $1', [id])
    ).rows as { name: string; epoch: number }[];
    const fire = (epoch: number) =>
      stage.run(people.LEAD!, async (tx) => ({
        fired:
          (await stage.engine.fire(tx.asSystem(), { processId: id, name: before!.name, epoch })) !==
          undefined,
      }));
    expect(await clock.at(at('2027-01-04'), () => fire(before!.epoch - 1))).toEqual({ fired: false });
    expect(await clock.at(at('2026-03-03'), () => fire(before!.epoch))).toEqual({ fired: false });
    expect(await clock.at(at('2027-01-04'), () => fire(before!.epoch))).toEqual({ fired: true });
  });
});

/** As a superuser past triggers and foreign keys: the one who could change a log. */
async function tamper(sql: string, id: string): Promise<void> {
  await stage.superuser.query('set session_replication_role = replica');
  expect((await stage.superuser.query(sql, [id])).rowCount).toBeGreaterThanOrEqual(
    sql.startsWith('update') ? 1 : 0,
  );
  await stage.superuser.query('set session_replication_role = origin');
}

describe('verification', () => {
  const clean = async () => (await verifier.run()).differences;

  test('finds every process where its log leads', async () => {
    const { processes, entries, differences } = await verifier.run();
    expect(differences).toEqual([]);
    expect(processes).toBeGreaterThanOrEqual(3);
    expect(entries).toBeGreaterThan(15);
  });

  test.each<[string, string, string, string | undefined, string]>([
    ['the state', 'process', `stage = 'review.desk'`, undefined, 'stage or its beginning'],
    [
      'the snapshot',
      'process',
      `snapshot = jsonb_set(snapshot, '{c,n}', '{"RETURN_INCOMPLETE": 1}')`,
      undefined,
      'snapshot',
    ],
    [
      'the active states',
      'process',
      `states = array['live.course.notStarted', 'live.deadline.onTrack']`,
      undefined,
      'stored states',
    ],
    ['the tags', 'process', `tags = array['released']`, undefined, 'stored tags'],
    ['the head', 'process', `head = set_byte(head, 0, get_byte(head, 0) # 1)`, undefined, 'head'],
    ['the version', 'process', 'version = version + 1', undefined, 'version'],
    ['the unit it is about', 'process', 'scope_id = gen_random_uuid()', undefined, 'another place'],
    ['what it was started with', 'process', 'series_id = gen_random_uuid()', undefined, 'another place'],
    ['a due day', 'deadline', 'due_on = due_on + 1', undefined, 'deadlines'],
    ['a task', 'task', `function = 'LEAD'`, undefined, 'open tasks'],
    ['who did it', 'log_entry', `person_id = gen_random_uuid()`, '2 COMMISSION', 'hash chain'],
    ['when it was done', 'log_entry', `at = at + interval '1 millisecond'`, '2 COMMISSION', 'hash chain'],
    [
      'a recorded fact',
      'log_entry',
      `facts = jsonb_set(facts, '{scope.active}', 'false')`,
      '2 COMMISSION',
      'not possible with the recorded facts',
    ],
    [
      'a recorded answer',
      'log_entry',
      `guards = jsonb_set(guards, '{0,holds}', 'false')`,
      '2 COMMISSION',
      'answer otherwise',
    ],
    [
      'where it led',
      'log_entry',
      `to_states = array['live.course.notStarted', 'live.deadline.onTrack']`,
      '2 COMMISSION',
      'leads to',
    ],
    ['the step', 'log_entry', `step = 'CANCEL'`, '2 CANCEL', 'the guards answer otherwise'],
    [
      'a payload',
      'log_payload',
      `body = jsonb_set(body, '{ownerId}', to_jsonb(gen_random_uuid()::text))`,
      '3 NAME_TEAM',
      'payload',
    ],
    [
      "a payload's salt",
      'log_payload',
      `salt = set_byte(salt, 3, get_byte(salt, 3) # 1)`,
      '3 NAME_TEAM',
      'payload',
    ],
  ])('finds that %s was changed', async (_what, table, change, step, what) => {
    const id = await commissioned('2026-11-02');
    await stage.take(people.HEAD!, id, 'NAME_TEAM', { ownerId: v7(), deputyId: v7() });
    expect(await clean()).toEqual([]);
    const where = {
      process: 'id = $1',
      deadline: 'process_id = $1',
      task: 'process_id = $1 and closed_seq is null',
      log_payload: 'process_id = $1',
      log_entry: 'process_id = $1 and seq = 2',
    }[table]!;
    await tamper(`update engine.${table} set ${change} where ${where}`, id);
    const differences = await clean();
    expect(differences).toEqual([
      expect.objectContaining({
        administration: 'probe',
        processId: id,
        step,
        what: expect.stringContaining(what),
      }),
    ]);
    for (const rows of ['outbox', 'task', 'deadline', 'log_payload', 'log_entry'])
      await tamper(`delete from engine.${rows} where process_id = $1`, id);
    await tamper('delete from engine.process where id = $1', id);
  });

  test('sees a process at the place to which its log handed it over, and at no other', async () => {
    const id = await commissioned('2026-11-02');
    const standing = `select jsonb_agg(to_jsonb(x) order by x.name) as rows from
      (select name, due_on from engine.deadline where process_id = $1
        union all select name, due_on from engine.task where process_id = $1 and closed_seq is null) x`;
    const before = await rowOf(id);
    const { rows } = await stage.superuser.query(standing, [id]);
    const to = { scopeId: v7(), seriesId: v7() };
    const handOver = (place: typeof to) =>
      stage.run(people.LEAD!, async (tx) => {
        await stage.engine.handOver(tx, [id], place);
        return {};
      });
    await handOver(to);
    await handOver(to); // there already
    expect((await stepsOf(id)).map(({ step }) => step)).toEqual(['$start', 'COMMISSION', '$handOver']);
    const after = await rowOf(id);
    expect(after).toMatchObject({ scope_id: to.scopeId, series_id: to.seriesId, version: 3 });
    for (const column of ['states', 'tags', 'stage', 'stage_since', 'snapshot'])
      expect(after[column]).toEqual(before[column]);
    expect((await stage.superuser.query(standing, [id])).rows).toEqual(rows);
    const entry = `select account_id, person_id, effects from engine.log_entry where process_id = $1 and seq = 3`;
    expect((await stage.superuser.query(entry, [id])).rows[0]).toEqual({
      account_id: people.LEAD!.account,
      person_id: people.LEAD!.person,
      effects: [
        { effect: '$handOver', ...to, from: { scopeId: before.scope_id, seriesId: before.series_id } },
      ],
    });
    await stage.take(people.HEAD!, id, 'NAME_TEAM', { ownerId: v7(), deputyId: v7() });
    expect(await clean()).toEqual([]);
    const back = `update engine.process set scope_id = '${before.scope_id}' where id = $1`;
    await tamper(back, id);
    expect(await clean()).toEqual([
      expect.objectContaining({ processId: id, what: expect.stringContaining('another place') }),
    ]);
    await tamper(`update engine.process set scope_id = '${to.scopeId}' where id = $1`, id);
  });

  test('takes an erased payload for what it is', async () => {
    const id = await commissioned('2026-11-02');
    await stage.take(people.HEAD!, id, 'NAME_TEAM', { ownerId: v7(), deputyId: v7() });
    const { erased } = await verifier.run();
    await stage.superuser.query('delete from engine.log_payload where process_id = $1', [id]);
    expect(await verifier.run()).toMatchObject({ erased: erased + 1, differences: [] });
  });
});
