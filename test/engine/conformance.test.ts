import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { FactValue } from '../../src/engine/definition/definition.rules.ts';
import { explore } from './explore.ts';
import { Definitions, type StepTaken } from '../../src/engine/index.ts';
import type { Machine } from '../../src/engine/machine/machine.rules.ts';
import { lockProcesses } from '../../src/engine/steps/process.sql.ts';
import { Steps } from '../../src/engine/steps/steps.service.ts';
import { Clock, isRefusal, systemActor, type Actor, type Refusal } from '../../src/platform/index.ts';
import { samplePayload } from '../support/payload.ts';
import { person, setStage, type Stage } from './support.ts';
import { endOf, readTable, type Condition, type Row } from './table.ts';

/**
 * The opening process against a table written by hand from what the administration laid down: every transition is
 * taken on the real engine by everybody who may, and nothing that the table does not list happens in any state.
 */
const table = readTable('transitions.csv', 'course');
const today = '2026-09-01'; // a Tuesday; no public holiday within the spans that count working days
const now = new Date(`${today}T09:00:00Z`);
const finals = ['cancelled', 'superseded'];

let stage: Stage;
let machine: Machine;
let everyone: readonly string[];
const told = <T>(work: () => Promise<T>): Promise<T> => stage.module.get(Clock).at(now, work);

beforeAll(async () => {
  stage = await setStage();
  machine = await stage
    .run(person(stage), async (tx) => {
      machine = await stage.module.get(Definitions).machineOf(tx, stage.definitionId);
      return {};
    })
    .then(() => machine);
  everyone = [
    ...new Set(
      Object.values(machine.chart.definition.steps).flatMap(({ who }) => who.map((one) => one.function)),
    ),
  ];
});
afterAll(() => stage.close());

/** A process's place in each region, as the table names it. */
interface Place {
  readonly course: string;
  readonly deadline: string;
  readonly objection: string;
  readonly participation: string;
}
const beginning: Place = {
  course: 'notStarted',
  deadline: 'onTrack',
  objection: 'none',
  participation: 'notRequired',
};

const placeOf = (states: readonly string[]): Partial<Place> =>
  Object.fromEntries(
    states.map((path) => {
      const [, region, leaf] = /^live\.(\w+)\.(.+)$/.exec(path) ?? [undefined, 'course', path];
      return [region, leaf];
    }),
  );

const ofCourse = table.filter(({ region, from }) => region === 'course' && from !== '*');
const everywhere = table.filter(({ from }) => from === '*');
const courses = [...new Set(ofCourse.map(({ from }) => from))];
const statesOf = (region: string) => [
  ...new Set(table.filter((row) => row.region === region).flatMap(({ from, to }) => [from, to])),
];

/** The way to a state, found in the table alone: the shortest, breadth first. */
function way(region: string, from: string, to: string): readonly Row[] | undefined {
  const ways = new Map<string, readonly Row[]>([[from, []]]);
  for (const [here, rows] of ways)
    for (const row of table)
      if (row.region === region && row.from === here && !ways.has(row.to) && !isCounted(row))
        ways.set(row.to, [...rows, row]);
  return ways.get(to);
}
const reachable = (region: 'participation' | 'objection' | 'deadline') =>
  statesOf(region).filter((state) => way(region, beginning[region], state));
const isCounted = ({ guard }: Row) => guard.some(({ fact, is }) => fact.startsWith('taken.') && is === '>=');

/** Facts that let a row's guard hold; those that the engine knows by itself are a matter of the way. */
const ownFact = /^(taken\.|participation$|objection$)/;
const opening = ({ guard }: Row): Record<string, FactValue> =>
  Object.fromEntries(guard.filter(({ fact }) => !ownFact.test(fact)).map(({ fact, value }) => [fact, value]));

/** Silence is no consent: the last signature comes when a test lets it. */
const patient = { 'signatures.missing': 1 };

const inHand = (row: Row, fn = row.who[0]!): Actor =>
  fn === 'SYS' ? systemActor(stage.tenant) : person(stage, fn);
const payloadOf = (step: string) => samplePayload(machine.chart.definition.steps[step]!.payload, today);

/** All of these processes take the step of a row, in one command. */
async function walk(ids: readonly string[], row: Row): Promise<void> {
  for (const id of ids) stage.world.facts.set(id, { ...patient, ...opening(row) });
  const taken = await told(() =>
    stage.run(inHand(row), async (tx) => {
      const locked = await lockProcesses(tx, ids);
      const result = await stage.module
        .get(Steps)
        .takeAll(tx, machine, locked, { step: row.event, payload: payloadOf(row.event) });
      return isRefusal(result) ? result : { count: result.length };
    }),
  );
  if (isRefusal(taken)) throw new Error(`${row.from} ${row.event}: ${taken.message.en}`);
}

/** So many processes at a place, each region led there by the shortest way of the table. */
async function at(place: Partial<Place>, count = 1): Promise<string[]> {
  const to = startingAt(place);
  const ids = await told(() => stage.start(count));
  for (const region of ['course', 'participation', 'objection', 'deadline'] as const)
    for (const row of way(region, beginning[region], to[region]) ?? []) await walk(ids, row);
  if (to.deadline === 'extended')
    for (const id of ids) await extend(id, 'preparation', endOf({ count: 9, unit: 'weeks' }, today));
  return ids;
}

/** Only a deadline that runs can be extended. */
const startingAt = (place: Partial<Place>): Place => ({
  ...beginning,
  ...(place.deadline === 'extended' && { course: 'preparation.commissioned' }),
  ...place,
});

async function extend(id: string, deadline: string, until: string): Promise<void> {
  const reason = 'Krankheit im Team';
  await does('HEAD', id, 'REQUEST_EXTENSION', { deadline, until, reason });
  await does('OPENING_COORD', id, 'GRANT_EXTENSION', { deadline });
}

async function does(fn: string, id: string, step: string, payload: object): Promise<void> {
  const outcome = await told(() => stage.take(person(stage, fn), id, step, payload));
  if (isRefusal(outcome)) throw new Error(`${step} by ${fn}: ${outcome.message.en}`);
}

async function tryStep(actor: Actor, id: string, step: string): Promise<StepTaken | Refusal> {
  return told(() => stage.take(actor, id, step, payloadOf(step)));
}

interface Seen {
  readonly place: Partial<Place>;
  readonly deadlines: Readonly<Record<string, string>>;
  readonly tasks: readonly string[];
  readonly version: number;
  readonly last: { step: string; effects: { effect: string }[] };
}
async function see(id: string): Promise<Seen> {
  const { rows } = await stage.superuser.query(
    `select states, version,
            (select coalesce(jsonb_object_agg(name, due_on), '{}') from engine.deadline where process_id = p.id) as deadlines,
            (select coalesce(array_agg(name || '@' || function order by opened_seq), '{}')
               from engine.task where process_id = p.id and closed_seq is null) as tasks,
            (select jsonb_build_object('step', step, 'effects', effects) from engine.log_entry
              where process_id = p.id and seq = p.version) as last
       from engine.process p where id = $1`,
    [id],
  );
  return { ...rows[0], place: placeOf(rows[0].states) };
}

/** Everything the engine keeps about a process, as one hash. */
async function hashOf(id: string): Promise<string> {
  const tables = ['process', 'log_entry', 'log_payload', 'deadline', 'task', 'outbox'];
  const all = tables.map((name) => {
    const key = name === 'process' ? 'id' : 'process_id';
    return `select '${name}' as t, to_jsonb(r)::text as r from engine.${name} r where ${key} = $1`;
  });
  const { rows } = await stage.superuser.query(`${all.join(' union all ')} order by 1, 2`, [id]);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

const name = ({ rule, from, event, to }: Row) => `${rule} ${from} ${event} → ${to}`;

/** The tasks and timers that belong to a region: those that the table names for it. */
const mentioned = (region: string) => {
  const rows = table.filter((row) => row.region === region);
  return {
    timers: new Set(rows.flatMap(({ timers }) => timers.map((timer) => timer.name))),
    tasks: new Set([
      ...rows.flatMap(({ tasks }) => tasks),
      ...(region === 'course' ? ['commission@OPENING_COORD'] : []),
    ]),
  };
};

/** What the table says of a region after a row, against what is there. */
function expectRow(row: Row, before: Seen, after: Seen): void {
  const { timers, tasks } = mentioned(row.region);
  const running = Object.entries(after.deadlines).filter(([timer]) => timers.has(timer));
  const due = row.timers.map(({ name: timer, span }) => [
    timer,
    span ? endOf(span, today) : before.deadlines[timer],
  ]);
  expect(after.place[row.region as keyof Place] ?? after.place.course).toBe(row.to);
  expect(Object.fromEntries(running)).toEqual(finals.includes(row.to) ? {} : Object.fromEntries(due));
  expect(after.tasks.filter((task) => tasks.has(task))).toEqual([...row.tasks]);
  expect(after.last).toMatchObject({ step: row.event });
  expect(after.last.effects.map(({ effect }) => effect)).toEqual([...row.recorded]);
}

/** A place from which the row can be taken: where its own guard wants other regions, they are led there. */
async function before(row: Row, count: number, course?: string): Promise<string[]> {
  const place = row.from === '*' ? { course: course! } : { [row.region]: row.from };
  const ids = await at(place, count);
  if (isCounted(row)) {
    const round = ['RETURN_INCOMPLETE', 'CLOSE_RATINGS', 'SIGN_OFF'];
    for (const event of [...round, ...round])
      await walk(
        ids,
        ofCourse.find((one) => one.event === event)!,
      );
  }
  return ids;
}

async function take(row: Row, id: string, fn: string): Promise<void> {
  const isAutomatic = machine.chart.definition.steps[row.event]!.automatic;
  stage.world.facts.set(id, { ...patient, ...opening(row) });
  const taken = isAutomatic
    ? await told(() =>
        stage.run(person(stage), async (tx) => ({ steps: (await stage.engine.settle(tx, id)) as string[] })),
      )
    : await tryStep(inHand(row, fn), id, row.event);
  if (isRefusal(taken)) throw new Error(`${name(row)} by ${fn}: ${taken.message.en}`);
}

describe('every transition of the table', () => {
  const rows = table.filter(({ from }) => from !== '*');

  test.each(rows.map((row) => [name(row), row] as const))('%s', async (_name, row) => {
    const ids = await before(row, row.who.length);
    for (const [i, fn] of row.who.entries()) {
      const id = ids[i]!;
      const seen = await see(id);
      await expectRefusals(row, id);
      await take(row, id, fn);
      expectRow(row, seen, await see(id));
    }
  });

  test.each(
    everywhere.flatMap((row) =>
      courses.map((course) => [`${name(row)} from ${course}`, row, course] as const),
    ),
  )('%s', async (_name, row, course) => {
    const ids = await before(row, row.who.length, course);
    for (const [i, fn] of row.who.entries()) {
      const seen = await see(ids[i]!);
      await expectRefusals(row, ids[i]!);
      await take(row, ids[i]!, fn);
      const after = await see(ids[i]!);
      expectRow(row, seen, after);
      expect(after).toMatchObject({ deadlines: {}, tasks: [] });
    }
  });
});

/** Whoever holds every other function is refused, and so is everybody while one condition does not hold. */
async function expectRefusals(row: Row, id: string): Promise<void> {
  const hash = await hashOf(id);
  if (row.who.length < everyone.length && !machine.chart.definition.steps[row.event]!.automatic) {
    stage.world.facts.set(id, { ...patient, ...opening(row) });
    const others = everyone.filter((fn) => !row.who.includes(fn) && fn !== 'SYS');
    expect(await tryStep(person(stage, ...others), id, row.event)).toMatchObject({
      __typename: 'NotAllowed',
    });
  }
  for (const condition of row.guard) {
    if (!condition.reason || ownFact.test(condition.fact)) continue;
    stage.world.facts.set(id, { ...patient, ...opening(row), [condition.fact]: closing(condition) });
    const fn = row.who.find((one) => one !== 'SYS') ?? 'SYS';
    const outcome = await tryStep(inHand(row, fn), id, row.event);
    const { en } = machine.chart.definition.reasons[condition.reason]!;
    expect(outcome).toMatchObject({ __typename: 'NotPossibleNow' });
    const reasons = (outcome as unknown as { reasons: { en: string }[] }).reasons.map((reason) => reason.en);
    expect(reasons.some((reason) => begins(reason, en))).toBe(true);
  }
  expect(await hashOf(id)).toBe(hash);
}

/** The sentence as written, up to the first value it shows. */
const begins = (shown: string, written: string): boolean => {
  const [first = '', second = ''] = written.split(/\{[^}]+\}/);
  return shown.startsWith(first) && shown.includes(second);
};

function closing({ is, value }: Condition): FactValue {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return 'SOMETHING_ELSE';
  return is === '=' ? value + 1 : value - 1;
}

describe('the course and what couples with it', () => {
  const others = ['participation', 'objection', 'deadline'] as const;
  const couples = others.flatMap((region) => reachable(region).map((state) => [region, state] as const));
  /** An upheld objection to a decision reopens it, wherever one has been made. */
  const decided = [
    'recognised.full',
    'recognised.conditional',
    'reauditDue',
    'refused',
    'lapsed',
    'withdrawn',
  ];

  test.each(courses)('%s, with every state of the other regions', async (course) => {
    const ids = await at({ course }, couples.length);
    const alone = await see(ids[0]!);
    for (const [i, [region, state]] of couples.entries()) {
      for (const row of way(region, beginning[region], state)!) await walk([ids[i]!], row);
      const isReopened = state === 'upheld.decision' && decided.includes(course);
      const ofRegion = table.findLast((row) => row.region === region && row.to === state);
      const timers = (ofRegion?.timers ?? []).map(({ name: timer }) => timer);
      const { place, deadlines, tasks } = await see(ids[i]!);
      expect(place).toEqual({
        ...beginning,
        course: isReopened ? 'decision.pending' : course,
        [region]: state,
      });
      expect(Object.keys(deadlines).toSorted()).toEqual(
        [...(isReopened ? ['decision'] : Object.keys(alone.deadlines)), ...timers].toSorted(),
      );
      expect(tasks.toSorted()).toEqual(
        [...(isReopened ? ['decide@BOARD'] : alone.tasks), ...(ofRegion?.tasks ?? [])].toSorted(),
      );
    }
  });

  const heldByLaw = ofCourse.filter(({ guard }) => guard.some(({ fact }) => fact === 'participation'));
  test.each(heldByLaw.map((row) => [name(row), row] as const))(
    '%s waits for the staff council',
    async (_name, row) => {
      for (const state of reachable('participation')) {
        const [id] = (await at({ course: row.from, participation: state })) as [string];
        const hash = await hashOf(id);
        stage.world.facts.set(id, { ...patient, ...opening(row) });
        const outcome = await tryStep(inHand(row), id, row.event);
        if (state !== 'holdByLaw')
          expect({ state, refused: isRefusal(outcome) }).toEqual({ state, refused: false });
        else {
          const { heldByLaw: reason } = machine.chart.definition.reasons;
          expect(outcome).toMatchObject({ __typename: 'NotPossibleNow', reasons: [{ en: reason!.en }] });
          expect(await hashOf(id)).toBe(hash);
        }
      }
    },
  );

  test.each(reachable('objection'))(
    'no unit is handed over while its objection is %s and open',
    async (state) => {
      const row = everywhere.find(({ event }) => event === 'ORG_CHANGE')!;
      const [id] = (await at({ course: 'review.desk', objection: state })) as [string];
      stage.world.facts.set(id, { ...patient, ...opening(row) });
      const isOpen = row.guard.some(({ fact, value }) => fact === 'objection' && value === state);
      expect(isRefusal(await tryStep(inHand(row), id, row.event))).toBe(isOpen);
    },
  );

  const moves = ofCourse.filter((row) => !isCounted(row));
  test.each(moves.map((row) => [name(row), row] as const))('%s begins to count anew', async (_name, row) => {
    const [id] = (await at({ course: row.from, deadline: 'overdue' })) as [string];
    await take(row, id, row.who[0]!);
    const isNewStage = row.timers.length === 0 || row.timers.some(({ span }) => span);
    expect((await see(id)).place.deadline).toBe(isNewStage ? 'onTrack' : 'overdue');
  });
});

test('in memory, every reachable configuration of all regions does what the table says, and nothing else', () => {
  const { chart } = machine;
  const { reached } = explore(machine);
  expect(reached.length).toBeGreaterThan(4000);
  const faults: string[] = [];
  for (const { position, states } of reached) {
    if (position.s === 'done') continue;
    const here = placeOf(states) as Place;
    const rows = table.filter(({ region, from }) => from === '*' || here[region as keyof Place] === from);
    const handled = new Set(chart.steps(states));
    const listed = new Set(rows.map(({ event }) => event));
    const unlike = [...handled, ...listed].filter((step) => !(handled.has(step) && listed.has(step)));
    if (unlike.length > 0) faults.push(`${states.join()}: ${unlike.join()}`);
    for (const row of rows) {
      const leadsThere = chart.candidates(states, row.event).some(({ id }) => {
        const moved = machine.step(position, row.event, new Set([id]));
        const there = moved && placeOf(moved.states);
        return there && (there[row.region as keyof Place] ?? there.course) === row.to;
      });
      if (!leadsThere) faults.push(`${states.join()} ${row.event} does not lead to ${row.to}`);
    }
  }
  expect(faults.slice(0, 5)).toEqual([]);
}, 300_000);

describe('suspension and extension, in every state', () => {
  // What is accepted at rest: the end of the rest, cancellation, a change of the organisation, and objections.
  const atRest = [
    'RESUME',
    'CANCEL',
    'ORG_CHANGE',
    ...table.filter(({ rule }) => rule === 'Objection').map(({ event }) => event),
  ];
  const until = '2027-02-26'; // within six months
  const tooLong = '2027-03-02';
  const rest = { until, reason: 'REORGANISATION' };

  test.each(courses)('%s rests and goes on', async (course) => {
    const [id, other] = (await at({ course }, 2)) as [string, string];
    const seen = await see(id);
    const hash = await hashOf(id);
    const suspend = (fn: string, payload: object) =>
      told(() => stage.take(person(stage, fn), id, 'SUSPEND', payload));
    const others = everyone.filter((fn) => !['DEZ', 'LEAD', 'SYS'].includes(fn));
    expect(await told(() => stage.take(person(stage, ...others), id, 'SUSPEND', rest))).toMatchObject({
      __typename: 'NotAllowed',
    });
    expect(isRefusal(await suspend('DEZ', { ...rest, until: tooLong }))).toBe(true);
    expect(isRefusal(await suspend('DEZ', { until }))).toBe(true);
    expect(await hashOf(id)).toBe(hash);
    expect(isRefusal(await suspend('DEZ', rest))).toBe(false);
    await does('LEAD', other, 'SUSPEND', rest);

    const resting = await hashOf(id);
    for (const step of Object.keys(machine.chart.definition.steps))
      if (!atRest.includes(step))
        expect({ step, outcome: await tryStep(person(stage, ...everyone), id, step) }).toMatchObject({
          step,
          outcome: { __typename: 'NotPossibleNow', message: { en: expect.stringContaining('suspended') } },
        });
    expect(await hashOf(id)).toBe(resting);
    expect((await see(id)).place).toEqual(seen.place);
    const later = new Date(now.getTime() + 28 * 86_400_000); // the same weekday, four weeks later
    const resumed = () => stage.take(person(stage, 'DEZ'), id, 'RESUME', {});
    expect(isRefusal(await stage.module.get(Clock).at(later, resumed))).toBe(false);
    const after = await see(id);
    expect(after).toMatchObject({ place: seen.place, tasks: seen.tasks });
    for (const [timer, due] of Object.entries(seen.deadlines))
      expect({ timer, moved: after.deadlines[timer]! > due }).toEqual({ timer, moved: true });
  });

  const extendable = [
    'preparation',
    'selfAssessment',
    'evidence',
    'comment',
    'targets',
    'interimReport',
    'conditions',
  ];
  const starts = extendable.map(
    (timer) =>
      [
        timer,
        ofCourse.find(({ timers }) => timers.some(({ name: one, span }) => one === timer && span))!,
      ] as const,
  );
  test.each(starts)('%s is put off twice at most, the second time by the directorate', async (timer, row) => {
    const [id] = (await at({ course: row.to })) as [string];
    const first = (await see(id)).deadlines[timer]!;
    const next = (day: string) => endOf({ count: 3, unit: 'WD' }, day);
    await extend(id, timer, next(first));
    expect(await see(id)).toMatchObject({
      deadlines: { [timer]: next(first) },
      place: { deadline: 'extended' },
    });
    const request = { deadline: timer, reason: 'Noch einmal', until: next(next(first)) };
    await does('HEAD', id, 'REQUEST_EXTENSION', request);
    const again = () =>
      stage.take(person(stage, 'OPENING_COORD'), id, 'GRANT_EXTENSION', { deadline: timer });
    expect(isRefusal(await told(again))).toBe(true);
    await does('DEZ', id, 'GRANT_SECOND_EXTENSION', { deadline: timer });
    expect((await see(id)).deadlines[timer]).toBe(request.until);
    const third = { ...request, until: next(request.until) };
    const asked = () => stage.take(person(stage, 'HEAD'), id, 'REQUEST_EXTENSION', third);
    expect(isRefusal(await told(asked))).toBe(true);
  });
});

describe('whatever the table does not list', () => {
  const steps = () =>
    Object.entries(machine.chart.definition.steps).flatMap(([step, { does }]) => (does ? [] : [step]));

  const places: [string, Partial<Place>][] = [
    ...courses.map((course): [string, Partial<Place>] => [course, { course }]),
    ...(['deadline', 'objection', 'participation'] as const).flatMap((region) =>
      statesOf(region).map((state): [string, Partial<Place>] => [`${region} ${state}`, { [region]: state }]),
    ),
  ];
  test.each(places)('is refused in %s and changes nothing', async (_name, place) => {
    const [id] = (await at(place)) as [string];
    stage.world.facts.set(id, patient);
    const here = startingAt(place);
    const listed = new Set(
      table
        .filter(({ region, from }) => from === '*' || here[region as keyof Place] === from)
        .map(({ event }) => event),
    );
    const hash = await hashOf(id);
    const system = systemActor(stage.tenant);
    const all = person(stage, ...everyone);
    for (const step of steps()) {
      if (listed.has(step)) continue;
      const { who } = machine.chart.definition.steps[step]!;
      for (const [actor, held] of [
        [all, everyone],
        [system, ['SYS']],
      ] as [Actor, readonly string[]][]) {
        const outcome = await tryStep(actor, id, step);
        // Who could never take it is not told how the process stands.
        const isTheirs = who.some(({ function: fn }) => held.includes(fn));
        const __typename = isTheirs ? 'NotPossibleNow' : 'NotAllowed';
        expect({ step, outcome }).toMatchObject({ step, outcome: { __typename } });
      }
    }
    expect(await hashOf(id)).toBe(hash);
  });

  test.each(finals)('is refused once the process is %s', async (end) => {
    const row = everywhere.find(({ to }) => to === end)!;
    const [id] = (await at({})) as [string];
    await take(row, id, row.who[0]!);
    const hash = await hashOf(id);
    for (const step of Object.keys(machine.chart.definition.steps))
      expect(await tryStep(person(stage, ...everyone), id, step)).toMatchObject({
        __typename: 'NotPossibleNow',
      });
    expect(await hashOf(id)).toBe(hash);
  });
});
