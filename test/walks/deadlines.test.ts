import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { calendarOf } from '../../src/engine/definition/calendar.rules.ts';
import { DueSteps } from '../../src/engine/index.ts';
import { plusDays, Clock } from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { inDays } from '../support/days.ts';

// Nobody names a team for the unit of `teamleiter`; `dezernent` heads its directorate, `landraetin` everything. The
// office of `amtsleiterin` has to rest. The clock is the platform's: it goes on as far as the story needs.
let stage: Stage;
let team: Opening;
let office: Opening;
let walk: TestApp;
const calendar = calendarOf('NW', 'Europe/Berlin');

beforeAll(async () => {
  const started = await startedRound();
  ({ stage, team } = started);
  office = started.opening('A1', 'amtsleiterin');
  walk = await bootApp(stage.database, 'probe');
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

/** A deadline never ends on a day on which nobody works. */
const workingDayFrom = (day: string) => calendar.dueOn(day, { days: 0 });

const shown = `process { status stage tags suspension { until reason } deadlines { name dueOn }
  tasks { name function } history { step } }`;
const processOf = async ({ id }: Opening): Promise<Fields> =>
  (await walk.see('koordination', `{ openingProcess(id: "${id}") { ${shown} } }`))['openingProcess'].process;
const dueOn = async (opening: Opening): Promise<string> =>
  (await processOf(opening))['deadlines'].find(({ name }: Fields) => name === 'preparation').dueOn;
const deadlineOf = async ({ id }: Opening): Promise<Fields> => {
  const query = `{ process(id: "${id}") { deadlines { name state overdue dueOn firstDueOn remainingDays pausedOn
    timesExtended openRequest { until askedAt reason seq } trouble { message } } } }`;
  const { deadlines } = (await walk.see('koordination', query))['process'];
  return deadlines.find(({ name }: Fields) => name === 'preparation');
};
const changesOf = async ({ id }: Opening): Promise<Fields[]> =>
  (
    await walk.see(
      'koordination',
      `{ process(id: "${id}") { deadlineChanges { name label kind seq step stepLabel at dueOn dueOnBefore } } }`,
    )
  )['process'].deadlineChanges;
const step = (who: string, { id }: Opening, name: string, payload?: object) =>
  walk.act(who, 'takeStep', { processId: id, step: name, payload }, `process { tags }`);
/** At noon of the day after. */
const at = <T>(day: string, work: () => Promise<T>): Promise<T> =>
  walk.app.get(Clock).at(new Date(Date.parse(`${day}T11:00:00Z`) + 86_400_000), work);
/** As many working days after (before) a day; then everything that is due by then is done. */
const passing = (day: string, workingDays: number) =>
  at(calendar.workingDay(day, workingDays), () => walk.app.get(DueSteps).run());
describe('a deadline passes', () => {
  let due: string;
  beforeAll(async () => {
    due = await dueOn(team);
  });

  test.each([
    [-10, ['reminded'], []],
    [1, ['overdue'], []],
    [5, ['overdue'], []],
    [15, ['overdue', 'escalated'], ['clearDelay']],
    [30, ['overdue', 'escalated'], ['clearDelayTop']],
  ])('%i working days after it: %j, tasks %j', async (workingDays, tags, tasks) => {
    await passing(due, workingDays);
    const { tags: now, tasks: open } = (await processOf(team)) as Fields;
    expect(now).toEqual(expect.arrayContaining(tags));
    expect(open.map(({ name }: Fields) => name)).toEqual(['nameTeam', ...tasks]);
  });

  test('each act was done once, in its order, and is told to who it concerns', async () => {
    await Promise.all([passing(due, 31), passing(due, 31)]);
    const { history } = await processOf(team);
    expect(history.map((entry: Fields) => entry['step'])).toEqual([
      '$start',
      'COMMISSION',
      'REMIND',
      'MARK_OVERDUE',
      'NOTIFY_HEAD',
      'ESCALATE_DEZ',
      'ESCALATE_TOP',
    ]);
    const { rows } = await stage.superuser.query(
      `select kind, body -> 'to' ->> 0 as to from engine.outbox where process_id = $1 and kind like 'deadline%' order by seq`,
      [team.id],
    );
    expect(rows).toEqual([
      { kind: 'deadlineReminder', to: 'OWNER' },
      { kind: 'deadlinePassed', to: 'OWNER' },
      { kind: 'deadlinePassed', to: 'HEAD' },
      { kind: 'deadlineEscalated', to: 'DEZ' },
      { kind: 'deadlineEscalated', to: 'LEAD' },
    ]);
  });

  test('leadership finds it among what is overdue, with the days', async () => {
    const query =
      '{ status { overdue { number entries { nodes { kind dueOn days unit { unit { code } } } } } } }';
    const { status } = await at(calendar.workingDay(due, 30), () => walk.see('landraetin', query));
    expect(status.overdue.entries.nodes).toContainEqual(
      expect.objectContaining({ kind: 'DEADLINE', dueOn: due, unit: { unit: { code: 'T1' } } }),
    );
  });

  test('put off on request, first by the centre, then by the directorate, it is on track again', async () => {
    const until = (days: number) => plusDays(due, days);
    const ask = (day: string) =>
      step('teamleiter', team, 'REQUEST_EXTENSION', {
        deadline: 'preparation',
        until: day,
        reason: 'Umzug.',
      });
    const grant = (who: string, name: string) => step(who, team, name, { deadline: 'preparation' });
    await at(due, async () => {
      expect((await ask(until(60))).__typename).toMatch(/^(NotPossibleNow|InvalidInput)$/);
      expect((await ask(until(20))).__typename).toBe('TakeStepSuccess');
      expect(await deadlineOf(team)).toMatchObject({
        state: 'RUNNING',
        overdue: true,
        remainingDays: -1,
        timesExtended: 0,
        openRequest: { until: workingDayFrom(until(20)), reason: 'Umzug.', seq: 8 },
      });
      expect((await grant('dezernent', 'GRANT_SECOND_EXTENSION'))['reasons']).toEqual([
        'Über die erste Verlängerung entscheidet die Öffnungskoordination.',
      ]);
      expect((await grant('koordination', 'GRANT_EXTENSION'))['process'].tags).toContain('extended');
    });
    expect(await dueOn(team)).toBe(workingDayFrom(until(20)));
    expect((await processOf(team))['tags']).not.toContain('overdue');
    await at(until(10), async () => {
      await ask(until(40));
      expect((await grant('koordination', 'GRANT_EXTENSION'))['reasons']).toEqual([
        'Über die zweite Verlängerung entscheidet das Dezernat.',
      ]);
      expect((await grant('dezernent', 'GRANT_SECOND_EXTENSION')).__typename).toBe('TakeStepSuccess');
      expect((await ask(until(50))).__typename).not.toBe('TakeStepSuccess');
    });
    expect(await dueOn(team)).toBe(workingDayFrom(until(40)));
    expect(await deadlineOf(team)).toMatchObject({ timesExtended: 2, firstDueOn: due, openRequest: null });
  });

  test('and what became of it can be read, each change with its step', async () => {
    const changes = await changesOf(team);
    expect(changes.map(({ kind, step: by }) => `${kind} ${by}`)).toEqual([
      'SET COMMISSION',
      'ACTED REMIND',
      'ACTED MARK_OVERDUE',
      'ACTED NOTIFY_HEAD',
      'ACTED ESCALATE_DEZ',
      'ACTED ESCALATE_TOP',
      'EXTENSION_REQUESTED REQUEST_EXTENSION',
      'MOVED GRANT_EXTENSION',
      'EXTENSION_REQUESTED REQUEST_EXTENSION',
      'MOVED GRANT_SECOND_EXTENSION',
    ]);
    expect(changes[7]).toMatchObject({
      name: 'preparation',
      label: 'Vorbereitung',
      stepLabel: 'Erste Fristverlängerung gewähren',
      dueOnBefore: due,
    });
  });
});

describe('a unit is suspended', () => {
  let due: string;

  test('by the directorate, with a reason and an end within six months', async () => {
    due = await dueOn(office);
    const suspend = (who: string, until: string) =>
      step(who, office, 'SUSPEND', { until, reason: 'REORGANISATION', note: 'Zusammenlegung wird geprüft.' });
    expect((await suspend('amtsleiterin', inDays(60))).__typename).toBe('NotAllowed');
    expect((await suspend('dezernent', inDays(200))).__typename).toMatch(/^(NotPossibleNow|InvalidInput)$/);
    expect((await suspend('dezernent', inDays(60))).__typename).toBe('TakeStepSuccess');
    expect(await processOf(office)).toMatchObject({
      suspension: { until: inDays(60), reason: 'REORGANISATION' },
    });
  });

  test('work on it rests and its clocks stand, but it stays visible', async () => {
    const [ownerId, deputyId] = [stage.persons.get('anna'), stage.persons.get('bora')];
    const named = await step('amtsleiterin', office, 'NAME_TEAM', { ownerId, deputyId });
    expect(named.__typename).toBe('NotPossibleNow');
    const report = { processId: office.id, summary: 'Zwischenstand.' };
    expect(await walk.act('auditleitung', 'writeReport', report)).toMatchObject({
      __typename: 'NotPossibleNow',
      message: 'Das Verfahren ist ausgesetzt; bis es fortgesetzt wird, ruht die Arbeit daran.',
    });
    const { state, pausedOn, remainingDays, overdue } = await at(inDays(45), () => deadlineOf(office));
    expect({ state, overdue }).toEqual({ state: 'PAUSED', overdue: false });
    expect(remainingDays).toBe(Math.round((Date.parse(due) - Date.parse(pausedOn)) / 86_400_000));
    await passing(inDays(45), 0);
    expect((await processOf(office))['tags']).not.toContain('reminded');
    const query = `{ status { states { n states { state number suspended } units { nodes { unit { code } suspended } } } } }`;
    const { states } = (await walk.see('landraetin', query))['status'];
    expect(states.units.nodes).toContainEqual({ unit: { code: 'A1' }, suspended: true });
    expect(states.states.find(({ state }: Fields) => state === 'preparation.commissioned')).toMatchObject({
      number: 2,
      suspended: 1,
    });
  });

  test('resumed, it has as many days left as before', async () => {
    await at(inDays(30), async () => {
      expect((await step('amtsleiterin', office, 'RESUME')).__typename).toBe('NotAllowed');
      expect((await step('dezernent', office, 'RESUME')).__typename).toBe('TakeStepSuccess');
    });
    const shifted = Math.round((Date.parse(await dueOn(office)) - Date.parse(due)) / 86_400_000);
    // A pause of 31 days; a due day that falls on no working day moves on to the next one.
    expect(shifted).toBeGreaterThanOrEqual(31);
    expect(shifted).toBeLessThanOrEqual(36);
    expect((await processOf(office))['suspension']).toBeNull();
  });

  test('forgotten, it resumes by itself at the end that was set', async () => {
    await at(inDays(31), () =>
      step('landraetin', office, 'SUSPEND', { until: inDays(50), reason: 'CRISIS' }),
    );
    await at(inDays(51), () => walk.app.get(DueSteps).run());
    const { suspension, history } = await processOf(office);
    expect(suspension).toBeNull();
    expect(history.map((entry: Fields) => entry['step']).slice(-2)).toEqual(['SUSPEND', 'RESUME']);
  });

  test('and its deadlines tell of it, the end of each suspension among them', async () => {
    const told = (await changesOf(office)).map(({ kind, name }) => `${kind} ${name}`);
    expect(told.filter((one) => one !== 'ACTED preparation')).toEqual([
      'SET preparation',
      ...[1, 2].flatMap(() => [
        'PAUSED preparation',
        'SET $suspension',
        'CANCELLED $suspension',
        'RESUMED preparation',
      ]),
    ]);
  });
});

test('the centre reminds by hand, once a day', async () => {
  const remind = () => step('koordination', team, 'REMIND_BY_HAND');
  expect((await remind()).__typename).toBe('TakeStepSuccess');
  expect((await remind()).__typename).toBe('NotPossibleNow');
});
