import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { calendarOf } from '../definition/calendar.rules.ts';
import { Chart } from '../definition/chart.rules.ts';
import { readDefinition } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { Machine } from '../machine/machine.rules.ts';
import { hashOfPlan, proposeMoves, shippedPlanSchema, type MigrationPlan } from './migration-plan.rules.ts';
import { prove } from './migration-proof.rules.ts';
import { Migration } from './migration.rules.ts';
import { shift, shiftBack, type ProcessStanding } from './migration-shift.rules.ts';

const text = { de: 'Text', en: 'Text' };
const step = { label: text, who: [{ function: 'HEAD' }] };
const leaf = (on: object = {}, more: object = {}) => ({ label: text, on, ...more });
const task = (name: string) => ({ name, function: 'HEAD', label: text });

/** Two states and an end; `more` are further regions beside them. */
function definition(version: number, names: readonly [string, string], more: object = {}): Definition {
  const [first, second] = names;
  const course = {
    initial: first,
    states: {
      [first]: leaf({ GO: [{ target: second }] }, { deadlines: ['soon'], tasks: [task('work')] }),
      [second]: leaf(
        { BACK: [{ target: first }], END: [{ target: 'over' }] },
        { deadlines: ['later'], tasks: [task('check')] },
      ),
    },
  };
  return {
    format: 'oa.process/1',
    key: 'errand',
    version,
    title: text,
    description: text,
    stage: 'live.course',
    tags: {},
    reasons: { open: text },
    chains: {},
    initial: 'live',
    deadlines: {
      soon: { label: text, span: { days: 10 * version } },
      later: { label: text, span: { days: 5 } },
    },
    steps: {
      GO: { ...step, who: [{ function: 'HEAD', notSameAs: ['BACK'] }] },
      BACK: step,
      END: step,
      NOTE: step,
    },
    states: { live: { type: 'parallel', states: { course, ...more } }, over: { type: 'final', label: text } },
  } as unknown as Definition;
}
const note = {
  initial: 'none',
  states: { none: leaf({ NOTE: [{ target: 'noted' }] }), noted: leaf({ NOTE: [{ target: 'none' }] }) },
};

const old = new Machine(new Chart(definition(1, ['open', 'done'], { aside: note })));
const renamed = new Machine(new Chart(definition(2, ['open', 'finished'], { aside: note, extra: note })));
const plan = (over: Partial<MigrationPlan> = {}): MigrationPlan => ({
  from: 'old',
  to: 'new',
  deadlines: {},
  tasks: 'KEEP' as const,
  states: { 'live.course.done': ['live.course.finished'] },
  begin: ['live.extra.none'],
  ...over,
});
const migration = (over: Partial<MigrationPlan> = {}, to = renamed) => new Migration(old, to, plan(over));

const everywhere = (target: string) => ({
  'live.course.open': [target],
  'live.course.done': [target],
  'live.aside.none': [],
  'live.aside.noted': [],
});
const intoTheEnd = everywhere('over');

describe('a proposal', () => {
  test('keeps equal paths and lists what has no equal', () => {
    expect(proposeMoves(old.chart, renamed.chart)).toEqual({
      moves: { states: {}, begin: [], deadlines: {}, tasks: 'KEEP' },
      undecided: [
        { kind: 'STATE', path: 'live.course.done', suggestion: undefined },
        { kind: 'REGION', path: 'live.extra', suggestion: 'live.extra.none' },
      ],
    });
  });

  test('suggests where a state that has grown begins', () => {
    const inner = { done: { initial: 'a', states: { a: leaf({ END: [{ target: 'over' }] }) } } };
    const body = definition(3, ['open', 'done'], { aside: note });
    const course = (body.states.live!.states!.course! as { states: object }).states;
    const grown = new Chart({
      ...body,
      states: {
        ...body.states,
        live: {
          type: 'parallel',
          states: { course: { initial: 'open', states: { ...course, ...inner } }, aside: note },
        },
      },
    } as unknown as Definition);
    expect(proposeMoves(old.chart, grown).undecided).toEqual([
      { kind: 'STATE', path: 'live.course.done', suggestion: 'live.course.done.a' },
    ]);
  });
});

describe('a plan', () => {
  test.each<[string, Partial<MigrationPlan>, string[]]>([
    ['whole', {}, []],
    ['with a state forgotten', { states: {} }, ['states.live.course.done']],
    [
      'with a target that does not exist',
      { states: { 'live.course.done': ['live.course.gone'] } },
      ['states.live.course.done'],
    ],
    [
      'with a target that has inner states',
      { states: { 'live.course.done': ['live.course'] } },
      ['states.live.course.done'],
    ],
    [
      'with a source that does not exist',
      { states: { ...plan().states, 'live.gone': [] } },
      ['states.live.gone'],
    ],
    ['with a beginning that is no leaf', { begin: ['live.extra'] }, ['begin']],
    ['with an unknown deadline', { deadlines: { never: 'KEEP' } }, ['deadlines.never']],
    ['from a definition to itself', { to: 'old' }, ['to']],
  ])('%s', (_what, over, faults) => {
    expect(
      migration(over)
        .faults()
        .map(({ path }) => path),
    ).toEqual(faults);
  });

  test.each<[string, Partial<MigrationPlan>, RegExp | undefined]>([
    ['is proved over all configurations', {}, undefined],
    ['fills no region silently', { begin: [] }, /Nothing leads into the region live\.extra/],
    [
      'puts nobody in two states of one region',
      { states: { 'live.course.done': ['live.course.finished', 'live.course.open'] } },
      /In several states of live\.course at once/,
    ],
    ['ends nothing', { states: intoTheEnd, begin: [] }, /would have ended/],
    [
      'takes nothing away that the new definition needs',
      { states: { ...plan().states, 'live.aside': [] } },
      /live\.aside/,
    ],
  ])('%s', (_what, over, says) => {
    const { faults, configurations } = prove(migration(over));
    if (says) expect(faults[0]!.message.en).toMatch(says);
    else expect({ faults, configurations }).toEqual({ faults: [], configurations: 4 });
  });

  test('leads into no dead end', () => {
    const body = definition(4, ['open', 'finished'], { aside: note, extra: note });
    const trap = { ...body, states: { ...body.states, trap: leaf() } } as Definition;
    const into = { live: ['trap'] };
    const lost = new Migration(old, new Machine(new Chart(trap)), plan({ states: into, begin: [] }));
    expect(lost.place(['live.course.open', 'live.aside.none'])).toMatchObject({ faults: [{}, {}] });
    const states = everywhere('trap');
    const { faults } = prove(new Migration(old, new Machine(new Chart(trap)), plan({ states, begin: [] })));
    expect(faults[0]!.message.en).toMatch(/^Dead end in the new definition/);
  });

  test('has one hash, whatever order its keys came in', () => {
    const { tasks, ...rest } = plan();
    expect(hashOfPlan({ tasks, ...rest })).toBe(hashOfPlan(plan()));
    expect(hashOfPlan(plan({ tasks: 'REOPEN' }))).not.toBe(hashOfPlan(plan()));
  });

  test('keeps the time of a state under whatever path', () => {
    const by = migration();
    expect(
      by.keepsStage(['live.course.done', 'live.aside.none'], ['live.course.finished', 'live.aside.none']),
    ).toBe(true);
    expect(by.keepsStage(['live.course.done'], ['live.course.open'])).toBe(false);
  });

  test('asks the log only for what the old definition did not keep in mind', () => {
    expect(migration().askedAnew()).toEqual({ counted: [], remembered: [] });
    const counters = { n: { GONE: 2 }, by: { BACK: ['anna'], GONE: ['bora'] } };
    expect(migration().counters(counters, { n: {}, by: {} })).toEqual({ n: {}, by: { BACK: ['anna'] } });
  });
});

describe('what stands beside a process', () => {
  const calendar = calendarOf('NW', 'Europe/Berlin');
  const soon = {
    name: 'soon',
    startedOn: '2026-11-02',
    dueOn: '2026-11-12',
    dueAt: '2026-11-12T23:00:00.000Z',
    epoch: 1,
  };
  const standing: ProcessStanding = {
    states: ['live.course.open', 'live.aside.none'],
    snapshot: { v: {}, s: 'active', c: { n: {}, by: {} } },
    clocks: [soon],
    tasks: [{ name: 'work', function: 'HEAD' }],
    isResting: false,
    earlier: { n: {}, by: {} },
  };
  const moved = (over: Partial<MigrationPlan> = {}) =>
    shift(migration(over), standing, calendar, '2026-11-24')!;

  test.each<[string, Partial<MigrationPlan>, object]>([
    ['kept', {}, { stopped: [], started: [] }],
    ['dropped', { deadlines: { soon: 'DROP' } }, { stopped: ['soon'], started: [] }],
    [
      'recomputed from the day it began',
      { deadlines: { soon: 'RECOMPUTE' } },
      { stopped: ['soon'], started: [{ name: 'soon', startedOn: '2026-11-02', dueOn: '2026-11-23' }] },
    ],
  ])('a deadline is %s', (_what, over, clocks) => expect(moved(over).clocks).toMatchObject(clocks));

  test('a deadline that only the new state bears begins, unless it is dropped', () => {
    const bare = { ...standing, clocks: [] };
    const by = (over: Partial<MigrationPlan>) =>
      shift(migration(over), bare, calendar, '2026-11-24')!.clocks.started;
    expect(by({})).toMatchObject([{ name: 'soon', startedOn: '2026-11-24', dueOn: '2026-12-14' }]);
    expect(by({ deadlines: { soon: 'DROP' } })).toEqual([]);
    const resting = shift(migration(), { ...bare, isResting: true }, calendar, '2026-11-24')!;
    expect(resting.clocks.started).toMatchObject([{ name: 'soon', pausedOn: '2026-11-24' }]);
  });

  test('tasks stay the same ones, or begin anew', () => {
    expect(moved()).toMatchObject({ closed: [], opened: [] });
    expect(moved({ tasks: 'REOPEN' })).toMatchObject({
      closed: [{ name: 'work' }],
      opened: [{ name: 'work' }],
    });
  });

  test('the way back restores what was stopped and leaves what still stands', () => {
    const forth = moved({ deadlines: { soon: 'RECOMPUTE' } });
    const now = {
      clocks: forth.clocks.started.map((clock) => ({ ...clock, epoch: 2 })),
      tasks: standing.tasks,
    };
    const back = shiftBack(old.chart, now, standing);
    expect(back).toMatchObject({ states: standing.states, closed: [], opened: [] });
    expect(back.clocks).toMatchObject({ stopped: ['soon'], started: [{ dueOn: soon.dueOn }] });
    expect(shiftBack(old.chart, standing, standing).clocks).toEqual({ stopped: [], started: [] });
  });
});

test('the plan from opening 1 to 2 that ships leads everywhere', () => {
  const file = (path: string) => readFileSync(new URL(`../../../data/${path}`, import.meta.url), 'utf8');
  const machineOf = (path: string) => {
    const read = readDefinition(file(`processes/${path}`));
    if ('faults' in read) throw new Error(JSON.stringify(read.faults));
    return new Machine(new Chart(read.definition));
  };
  const { states, begin, deadlines, tasks } = shippedPlanSchema.parse(
    JSON.parse(file('migrations/opening-1-to-2.json')),
  );
  const shipped = { from: '1', to: '2', states, begin, deadlines, tasks };
  const proof = prove(new Migration(machineOf('opening.json'), machineOf('opening-2.json'), shipped));
  expect(proof.faults).toEqual([]);
  expect(proof.configurations).toBeGreaterThan(90);
});

describe('what a step comes after', () => {
  /** Drafted, approved, published; PUBLISH comes after what `after` names. */
  const paper = (version: number, after: readonly string[], first = 'drafting') => {
    const states = {
      [first]: leaf({ APPROVE: [{ target: 'approved' }] }),
      approved: leaf({ PUBLISH: [{ target: 'over' }], RETURN: [{ target: first }] }),
    };
    const steps = { APPROVE: step, PUBLISH: { ...step, after }, RETURN: step };
    return new Machine(
      new Chart({
        ...definition(version, ['a', 'b']),
        stage: 'live',
        steps,
        deadlines: {},
        states: { live: { initial: first, states }, over: { type: 'final', label: text } },
      } as unknown as Definition),
    );
  };
  const proved = (to: Machine, states: MigrationPlan['states']) =>
    prove(
      new Migration(paper(1, ['APPROVE']), to, {
        ...plan(),
        states,
        begin: [],
      }),
    ).faults.map(({ message }) => message.en);

  test.each<[string, MigrationPlan['states'], string[]]>([
    ['is kept where states stay what they are', {}, []],
    ['is kept where an approved one begins anew', { 'live.approved': ['live.drafting'] }, []],
    [
      'is passed by where a draft becomes an approved one',
      { 'live.drafting': ['live.approved'] },
      ['After the change (⇒) PUBLISH could be taken without APPROVE: ⇒ → PUBLISH.'],
    ],
  ])('%s', (_, states, faults) => expect(proved(paper(2, ['APPROVE']), states)).toEqual(faults));

  test('asks for nothing that the old definition did not know', () => {
    const anew = paper(2, ['CHECK']);
    expect(proved(anew, { 'live.drafting': ['live.approved'] })).toEqual([]);
  });
});
