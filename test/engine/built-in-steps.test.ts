import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DueSteps, Verifier } from '../../src/engine/index.ts';
import { Clock, isRefusal, Reads, type Actor } from '../../src/platform/index.ts';
import { publishPermit } from './permit.ts';
import { cast, person, setStage, type Stage } from './support.ts';

let stage: Stage;
let people: Record<string, Actor>;
let permitId: string;
let clock: Clock;
let due: DueSteps;

beforeAll(async () => {
  stage = await setStage();
  people = cast(stage);
  permitId = await publishPermit(stage);
  [clock, due] = [stage.module.get(Clock), stage.module.get(DueSteps)];
});
afterAll(() => stage.close());

const at = (day: string) => new Date(`${day}T09:00:00Z`);
const on = <T>(day: string, work: () => Promise<T>) => clock.at(at(day), work);
const begin = async () => (await on('2026-03-02', () => stage.start(1, permitId)))[0]!;

/** What was refused, in English with its faults; undefined when it was done. */
async function take(day: string, who: string, id: string, step: string, payload?: object) {
  const outcome = await on(day, () => stage.take(people[who]!, id, step, payload));
  return isRefusal(outcome) ? `${outcome.__typename}: ${outcome.message.en}` : undefined;
}
const rest = (day: string, id: string, until: string) =>
  take(day, 'DEZ', id, 'REST', { until, reason: 'CRISIS' });
const ask = (day: string, id: string, until: string, deadline = 'answer') =>
  take(day, 'HEAD', id, 'ASK', { deadline, until, reason: 'zu viel' });

async function clockOf(id: string, name = 'answer') {
  const { rows } = await stage.superuser.query(
    `select due_on::text as due, next_step as next, (next_at at time zone 'Europe/Berlin' - interval '1 s')::date::text as on,
            paused_on::text as paused, first_due_on::text as first, extended, asked_until::text as asked
       from engine.deadline where process_id = $1 and name = $2`,
    [id, name],
  );
  return rows[0];
}
const stepsOf = async (id: string): Promise<string[]> =>
  (
    await stage.superuser.query('select step from engine.log_entry where process_id = $1 order by seq', [id])
  ).rows.map(({ step }) => step);
const rowOf = async (id: string) =>
  (await stage.superuser.query('select * from engine.process where id = $1', [id])).rows[0];
const offered = async (day: string, who: string, id: string) =>
  on(day, async () => {
    const db = await stage.module.get(Reads).db(people[who]!);
    const steps = (await stage.engine.possibleSteps(db, [id])).get(id)!;
    return Object.fromEntries(
      steps
        .filter(({ mayI }) => mayI)
        .map(({ step, enabled, reasons }) => [step, enabled || reasons[0]!.text.en]),
    );
  });

describe('a process that rests', () => {
  test('may do so for a time that its definition allows, and says so', async () => {
    const id = await begin();
    expect(await rest('2026-03-20', id, '2026-03-20')).toMatch(
      /A day after today and not later than 20 September 2026/,
    );
    expect(await rest('2026-03-20', id, '2026-09-21')).toMatch(/InvalidInput/);
    expect(await take('2026-03-20', 'DEZ', id, 'REST', { until: '2026-04-17', reason: 'MOOD' })).toMatch(
      /CRISIS, VACANCY/,
    );
    expect(await take('2026-03-20', 'HEAD', id, 'REST', { until: '2026-04-17', reason: 'CRISIS' })).toMatch(
      /NotAllowed/,
    );
    expect(await take('2026-03-20', 'DEZ', id, 'GO_ON')).toMatch(/The process is not suspended/);
    expect(await rest('2026-03-20', id, '2026-09-20')).toBeUndefined();
    expect(await rest('2026-03-21', id, '2026-09-20')).toMatch(
      /has been suspended since 20 March 2026, until the end of 20 September 2026. It can be resumed by: DEZ/,
    );
    expect(await take('2026-03-21', 'HEAD', id, 'ANSWER')).toMatch(
      /NotPossibleNow: The process has been suspended/,
    );
    expect(await offered('2026-03-21', 'DEZ', id)).toEqual({ GO_ON: true });
    expect((await rowOf(id)).suspended_at).toEqual(at('2026-03-20'));
  });

  test('has clocks that stand: a reminder that fell into the rest comes as much later, with the due day', async () => {
    const id = await begin();
    expect(await clockOf(id)).toMatchObject({
      due: '2026-04-13',
      next: 'REMIND',
      on: '2026-03-26',
      paused: null,
    });
    expect(await rest('2026-03-20', id, '2026-04-17')).toBeUndefined();
    await on('2026-04-09', () => due.run());
    expect(await stepsOf(id)).not.toContain('REMIND');
    expect(await take('2026-04-10', 'DEZ', id, 'GO_ON')).toBeUndefined();
    // 21 days, from the 20th of March; the first of May is a holiday.
    expect(await clockOf(id)).toMatchObject({
      due: '2026-05-04',
      first: '2026-04-13',
      next: 'REMIND',
      on: '2026-04-17',
      paused: null,
    });
    const { rows } = await stage.superuser.query(
      'select name, due_on::text as due from engine.task where process_id = $1 and closed_seq is null order by name',
      [id],
    );
    expect(rows).toEqual(['answer', 'watch'].map((name) => ({ name, due: '2026-05-04' })));
    await on('2026-04-17', () => due.run());
    expect(await stepsOf(id)).not.toContain('REMIND');
    await on('2026-04-18', () => due.run());
    expect((await stepsOf(id)).filter((step) => step === 'REMIND')).toHaveLength(1);
  });

  test('goes on by itself after its last day, and what was done before is not done again', async () => {
    const id = await begin();
    await on('2026-03-30', () => due.run());
    expect((await stepsOf(id)).at(-1)).toBe('REMIND');
    expect(await rest('2026-03-30', id, '2026-04-20')).toBeUndefined();
    await clock.at(new Date('2026-04-20T21:59:59Z'), () => due.run());
    expect((await rowOf(id)).suspended_at).not.toBeNull();
    await clock.at(new Date('2026-04-20T22:00:00Z'), () => due.run());
    expect((await rowOf(id)).suspended_at).toBeNull();
    expect(await clockOf(id)).toMatchObject({ due: '2026-05-05', next: 'MARK_OVERDUE', on: '2026-05-06' });
    await on('2026-05-08', () => due.run());
    const steps = await stepsOf(id);
    expect(steps.slice(-3)).toEqual(['REST', 'GO_ON', 'MARK_OVERDUE']);
    expect(steps.filter((step) => step === 'REMIND')).toHaveLength(1);
  });

  test('lets run on what the definition says, and takes only steps that are meant for it', async () => {
    const id = await begin();
    expect(await rest('2026-03-05', id, '2026-04-30')).toBeUndefined();
    expect(await clockOf(id, 'law')).toMatchObject({ due: '2026-03-16', paused: null });
    await on('2026-03-18', () => due.run());
    expect((await stepsOf(id)).at(-1)).toBe('LAPSE');
    expect(await take('2026-03-20', 'HEAD', id, 'WRITE')).toBeUndefined();
    expect(await clockOf(id)).toBeUndefined();
    expect(await clockOf(id, 'note')).toMatchObject({ due: '2026-03-30', paused: '2026-03-20' });
    expect(await take('2026-03-30', 'DEZ', id, 'GO_ON')).toBeUndefined();
    expect(await clockOf(id, 'note')).toMatchObject({ due: '2026-04-09', paused: null });
  });

  test('may end at rest, and then nothing is left of it', async () => {
    const id = await begin();
    expect(await rest('2026-03-05', id, '2026-04-30')).toBeUndefined();
    expect(await take('2026-03-06', 'LEAD', id, 'WITHDRAW')).toBeUndefined();
    expect(await rowOf(id)).toMatchObject({ status: 'FINISHED', suspended_at: null, suspended_until: null });
    for (const name of ['answer', 'law', '$suspension']) expect(await clockOf(id, name)).toBeUndefined();
    expect(await take('2026-03-06', 'DEZ', id, 'GO_ON')).toMatch(/The process has ended/);
  });

  test('that goes on the same day loses no day', async () => {
    const id = await begin();
    const before = await clockOf(id);
    expect(await rest('2026-03-05', id, '2026-04-30')).toBeUndefined();
    expect(await take('2026-03-05', 'DEZ', id, 'GO_ON')).toBeUndefined();
    expect(await clockOf(id)).toEqual(before);
  });
});

describe('a deadline is put off', () => {
  test('on request, by at most half its first length, the first time by one and the second by another', async () => {
    const id = await begin();
    expect(await offered('2026-03-03', 'OPENING_COORD', id)).not.toHaveProperty('GRANT');
    for (const until of ['2026-04-13', '2026-05-05'])
      expect(await ask('2026-03-03', id, until)).toMatch(
        /At most 50 % of the first length: a day after 13 April 2026 until 4 May 2026/,
      );
    expect(await ask('2026-03-03', id, '2026-03-20', 'law')).toMatch(/“Statutory date” cannot be extended/);
    expect(await ask('2026-03-03', id, '2026-03-20', 'note')).toMatch(/“Message” is not running now/);
    const both = person(stage, 'HEAD', 'OPENING_COORD');
    const saturday = { deadline: 'answer', until: '2026-05-02', reason: 'zu viel' };
    expect(isRefusal(await on('2026-03-03', () => stage.take(both, id, 'ASK', saturday)))).toBe(false);
    expect(await clockOf(id)).toMatchObject({ due: '2026-04-13', asked: '2026-05-04' });
    expect(await ask('2026-03-04', id, '2026-04-30')).toMatch(
      /is asked to be extended until 4 May 2026 already/,
    );
    expect(await offered('2026-03-04', 'OPENING_COORD', id)).toMatchObject({ GRANT: true, DENY: true });
    expect(await on('2026-03-04', () => stage.take(both, id, 'GRANT', { deadline: 'answer' }))).toMatchObject(
      {
        message: { en: expect.stringContaining('Four eyes') },
      },
    );
    expect(await take('2026-03-04', 'DEZ', id, 'GRANT_AGAIN', { deadline: 'answer' })).toMatch(
      /coordinator grants the first/,
    );
    expect(await take('2026-03-04', 'OPENING_COORD', id, 'GRANT', { deadline: 'answer' })).toBeUndefined();
    expect(await clockOf(id)).toMatchObject({
      due: '2026-05-04',
      first: '2026-04-13',
      extended: 1,
      asked: null,
      next: 'REMIND',
      on: '2026-04-17',
    });
    expect(await ask('2026-03-05', id, '2026-05-25')).toBeUndefined();
    expect(await take('2026-03-05', 'OPENING_COORD', id, 'GRANT', { deadline: 'answer' })).toMatch(
      /only the second/,
    );
    expect(await take('2026-03-05', 'DEZ', id, 'GRANT_AGAIN', { deadline: 'answer' })).toBeUndefined();
    expect(await ask('2026-03-06', id, '2026-05-28')).toMatch(/was extended 2 times already/);
    expect(await offered('2026-03-06', 'HEAD', id)).toMatchObject({
      ASK: 'The deadline “Answer” was extended 2 times already, which is the most.',
    });
  });

  test('and a refused request leaves it, a left state drops it', async () => {
    const id = await begin();
    const before = await clockOf(id);
    expect(
      await take('2026-03-03', 'OPENING_COORD', id, 'DENY', { deadline: 'answer', reason: 'nein' }),
    ).toMatch(/No extension of a deadline is asked for/);
    expect(await ask('2026-03-03', id, '2026-04-30')).toBeUndefined();
    expect(
      await take('2026-03-04', 'OPENING_COORD', id, 'DENY', { deadline: 'answer', reason: 'nein' }),
    ).toBeUndefined();
    expect(await clockOf(id)).toEqual(before);
    expect(await ask('2026-03-05', id, '2026-04-30')).toBeUndefined();
    expect(await take('2026-03-06', 'HEAD', id, 'ANSWER')).toBeUndefined();
    expect(await take('2026-03-06', 'HEAD', id, 'ANSWER')).toBeUndefined();
    expect(await clockOf(id)).toMatchObject({ asked: null, extended: 0 });
  });

  test('after it has passed, and the chart hears of it', async () => {
    const id = await begin();
    await on('2026-04-16', () => due.run());
    expect((await rowOf(id)).tags).toEqual(['late']);
    expect(await ask('2026-04-16', id, '2026-04-15')).toMatch(/a day after 16 April 2026/);
    expect(await ask('2026-04-16', id, '2026-04-30')).toBeUndefined();
    expect(await take('2026-04-17', 'OPENING_COORD', id, 'GRANT', { deadline: 'answer' })).toBeUndefined();
    expect((await rowOf(id)).tags).toEqual([]);
    expect(await clockOf(id)).toMatchObject({ due: '2026-04-30', next: 'MARK_OVERDUE', on: '2026-05-04' });
  });

  test('by a request that waits while the process rests, which moves with it', async () => {
    const id = await begin();
    expect(await ask('2026-03-03', id, '2026-04-30')).toBeUndefined();
    expect(await rest('2026-03-05', id, '2026-04-30')).toBeUndefined();
    expect(await take('2026-03-06', 'OPENING_COORD', id, 'GRANT', { deadline: 'answer' })).toMatch(
      /suspended/,
    );
    expect(await take('2026-03-12', 'DEZ', id, 'GO_ON')).toBeUndefined();
    expect(await clockOf(id)).toMatchObject({ due: '2026-04-20', asked: '2026-05-07' });
  });
});

describe('people are reminded by hand', () => {
  test('those who have open tasks, once a day', async () => {
    const id = await begin();
    const nudge = (day: string, fn?: string) =>
      take(day, 'OPENING_COORD', id, 'NUDGE', fn === undefined ? undefined : { function: fn });
    expect(await nudge('2026-03-03', 'LEAD')).toMatch(/No task waits here now for: LEAD/);
    expect(await nudge('2026-03-03', 'HEAD')).toBeUndefined();
    expect(await nudge('2026-03-03', 'HEAD')).toMatch(
      /HEAD: reminded today already, here or in another process. Possible again from 4 March 2026/,
    );
    expect(await nudge('2026-03-03')).toBeUndefined(); // the owner is left
    expect(await offered('2026-03-03', 'OPENING_COORD', id)).toMatchObject({
      NUDGE:
        'HEAD, OWNER: reminded today already, here or in another process. Possible again from 4 March 2026.',
    });
    expect(await nudge('2026-03-04')).toBeUndefined();
    const { rows } = await stage.superuser.query(
      'select kind, body from engine.outbox where process_id = $1 order by seq, no',
      [id],
    );
    expect(rows).toEqual([
      { kind: 'reminder', body: { to: ['HEAD'] } },
      { kind: 'reminder', body: { to: ['OWNER'] } },
      { kind: 'reminder', body: { to: ['HEAD', 'OWNER'] } },
    ]);
  });
});

test('all of it can be replayed, and a changed clock or rest is found', async () => {
  const verifier = stage.module.get(Verifier);
  expect((await verifier.run()).differences).toEqual([]);
  const id = await begin();
  expect(await ask('2026-03-03', id, '2026-04-30')).toBeUndefined();
  expect(await rest('2026-03-05', id, '2026-04-30')).toBeUndefined();
  const changes = [
    ['deadline', "paused_on = paused_on + 1 where name = 'answer' and", 'deadlines'],
    ['deadline', "asked_until = asked_until + 1 where name = 'answer' and", 'deadlines'],
    ['deadline', 'extended = 1 where', 'deadlines'],
    ['process', 'suspended_until = suspended_until + 1 where', 'its rest'],
    ['process', 'suspended_at = null, suspended_until = null where', 'its rest'],
  ] as const;
  for (const [table, change, what] of changes) {
    await stage.superuser.query('begin');
    await stage.superuser.query(
      `update engine.${table} set ${change} ${table === 'process' ? 'id' : 'process_id'} = $1`,
      [id],
    );
    await stage.superuser.query('commit');
    expect((await verifier.run()).differences).toEqual([
      expect.objectContaining({ processId: id, what: expect.stringContaining(what) }),
    ]);
    await stage.superuser.query(
      change.startsWith('suspended_until') || table === 'process'
        ? `update engine.process set suspended_at = '2026-03-05T09:00:00Z', suspended_until = '2026-04-30' where id = $1`
        : `update engine.deadline set paused_on = case when name = 'answer' then date '2026-03-05' end, extended = 0,
             asked_until = case when name = 'answer' then date '2026-04-30' end where process_id = $1`,
      [id],
    );
  }
});
