import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Chart } from '../definition/chart.rules.ts';
import { faultsOfNames, sentence } from './check.rules.ts';
import { readDefinition, type Fault } from '../definition/definition-file.rules.ts';
import { faultsOfWalk } from './soundness.rules.ts';
import { Machine } from '../machine/machine.rules.ts';
import type { Vocabulary } from '../machine/registry.ts';

const known: Vocabulary = {
  facts: new Map([
    ['list.open', { type: 'int' }],
    ['report.signed', { type: 'bool' }],
  ]),
  effects: new Set(['freeze']),
  calls: new Set(),
  functions: new Set(['HEAD', 'AUD', 'SYS']),
};

const text = { de: 'Text', en: 'Text' };
const step = (fn: string, more = {}) => ({ label: text, who: [{ function: fn }], ...more });
const state = (on?: object, more = {}) => ({ label: text, ...(on && { on }), ...more });
const to = (target: string, more = {}) => [{ target, ...more }];

/** A small sound definition with two regions; each test plants one fault. */
const sound = () => ({
  format: 'oa.process/1',
  key: 'sample',
  version: 1,
  title: text,
  description: text,
  stage: 'live.course',
  tags: { late: text },
  reasons: { open: { de: '{list.open} offen', en: '{list.open} open' } },
  chains: { late: [{ name: 'overdue', workingDays: 1, step: 'MARK_OVERDUE' }] },
  deadlines: { check: { label: text, span: { workingDays: 10 }, chain: 'late', onDue: 'GIVE_UP' } } as object,
  steps: {
    SUBMIT: step('HEAD'),
    ACCEPT: step('AUD', { after: ['SUBMIT'] }),
    GIVE_UP: step('SYS'),
    MARK_OVERDUE: step('SYS'),
  } as Record<string, unknown>,
  initial: 'live',
  states: {
    live: state(undefined, {
      type: 'parallel',
      states: {
        course: {
          initial: 'open',
          states: {
            open: state({
              SUBMIT: to('checking', {
                guard: { fact: 'list.open', is: 0, reason: 'open' },
                effects: [{ effect: 'freeze' }],
              }),
            }),
            checking: state(
              { ACCEPT: to('open'), GIVE_UP: to('ended') },
              { deadlines: ['check'], raise: ['$stage'] },
            ),
          },
        },
        deadline: {
          initial: 'onTrack',
          on: { $stage: to('onTrack') },
          states: {
            onTrack: state({ MARK_OVERDUE: to('overdue') }),
            overdue: state(undefined, { tags: ['late'] }),
          },
        },
      },
    }),
    ended: state(undefined, { type: 'final' }),
  },
});
// Faults are planted anywhere in the tree.
type Tree = any;

function faultsOf(plant: (definition: Tree) => void): Fault[] {
  const definition = sound();
  plant(definition);
  const read = readDefinition(JSON.stringify(definition));
  if ('faults' in read) return read.faults;
  const chart = new Chart(read.definition);
  const faults = faultsOfNames(chart, known);
  return faults.length > 0 ? faults : faultsOfWalk(new Machine(chart));
}
const course = (d: Tree): Tree => d.states.live.states.course.states;
const clock = (d: Tree): Tree => d.states.live.states.deadline.states;

describe('publishing', () => {
  test('finds no fault in a sound definition', () => expect(faultsOf(() => {})).toEqual([]));

  test.each<[string, (d: Tree) => void, string]>([
    [
      'an unknown guard function',
      (d) => (course(d).open.on.SUBMIT[0].guard = { call: 'share', reason: 'open' }),
      'Unknown guard share',
    ],
    [
      'a guard named like a prototype member',
      (d) => (course(d).open.on.SUBMIT[0].guard = { call: 'toString', reason: 'open' }),
      'Unknown guard toString',
    ],
    [
      'an unknown fact',
      (d) => (course(d).open.on.SUBMIT[0].guard.fact = 'list.closed'),
      'Unknown fact list.closed',
    ],
    [
      'a state that a fact asks about and that does not exist',
      (d) => (course(d).open.on.SUBMIT[0].guard = { fact: 'in.live.nowhere', is: true, reason: 'open' }),
      'in.live.nowhere names what this process does not have',
    ],
    [
      'a counted step that does not exist',
      (d) => (course(d).open.on.SUBMIT[0].guard = { fact: 'taken.constructor', is: 1, reason: 'open' }),
      'taken.constructor names what this process does not have',
    ],
    [
      'a transition that waits for a state its own would leave',
      (d) =>
        (course(d).open.on.SUBMIT[0].guard = { fact: 'in.live.course.checking', is: true, reason: 'open' }),
      'This transition is never taken',
    ],
    ['a fact of another type', (d) => (course(d).open.on.SUBMIT[0].guard.is = true), 'list.open is int'],
    [
      'an order over booleans',
      (d) => (course(d).open.on.SUBMIT[0].guard = { fact: 'report.signed', atLeast: 1, reason: 'open' }),
      'report.signed is bool',
    ],
    [
      'an unknown effect',
      (d) => (course(d).open.on.SUBMIT[0].effects[0].effect = 'valueOf'),
      'Unknown effect valueOf',
    ],
    [
      'an unknown function',
      (d) => (d.steps.SUBMIT.who[0].function = 'KING'),
      'Nobody can hold the function KING',
    ],
    ['an unknown target', (d) => (course(d).open.on.SUBMIT[0].target = 'checkin'), 'Unknown state checkin'],
    ['an unknown step', (d) => (course(d).open.on.LEAP = to('checking')), 'Unknown step LEAP'],
    ['a step no state handles', (d) => (d.steps.LEAP = step('HEAD')), '$.steps.LEAP: No state handles'],
    ['an unknown tag', (d) => (clock(d).overdue.tags = ['tardy']), 'Unknown tag tardy'],
    ['a day told by a number', (d) => (d.deadlines.check.day = 'list.open'), 'no fact that tells a day'],
    ['an unknown deadline', (d) => (course(d).checking.deadlines = ['wait']), 'Unknown deadline wait'],
    [
      'a missing sentence',
      (d) => (course(d).open.on.SUBMIT[0].guard.reason = 'shut'),
      'reason shut has no sentence',
    ],
    ['a number shown in one language only', (d) => (d.reasons.open.en = 'open'), 'different values'],
    [
      'a missing initial state',
      (d) => (d.states.live.states.course.initial = 'begin'),
      'initial state is missing',
    ],
    [
      'a step in two regions',
      (d) => (clock(d).overdue.on = { SUBMIT: to('onTrack') }),
      'SUBMIT is handled in live.course, too',
    ],
    [
      'a guarded signal',
      (d) =>
        (d.states.live.states.deadline.on.$stage[0].guard = { fact: 'list.open', is: 0, reason: 'open' }),
      'signal has no guard',
    ],
    [
      'a system step nothing triggers',
      (d) => ((d.steps.WAIT = step('SYS')), (course(d).open.on.WAIT = to('checking'))),
      'Nobody triggers',
    ],
    [
      'an automatic step of people',
      (d) => (d.steps.ACCEPT.automatic = true),
      'taken by the system (SYS) alone',
    ],
    [
      'two states with one task',
      (d) => {
        for (const name of ['open', 'checking'])
          course(d)[name].tasks = [{ name: 'work', function: 'HEAD', label: text }];
      },
      'task work exists already',
    ],
    [
      'an unreachable state',
      (d) => (course(d).island = state({ ACCEPT: to('open') })),
      'island: Unreachable',
    ],
    [
      'a transition never taken',
      (d) => (course(d).open.on.SUBMIT = [{ target: 'checking' }, { target: 'checking' }]),
      'SUBMIT[1]: This transition is never taken',
    ],
    [
      'a due step without its deadline',
      (d) => (course(d).open.on.GIVE_UP = to('ended')),
      'open.on.GIVE_UP[0]: This transition is never taken',
    ],
    [
      'a dead end',
      (d) => ((d.states.ended = state()), (d.states.ended.tags = ['late'])),
      'ended: Dead end: nothing leads on from here (SUBMIT → GIVE_UP)',
    ],
    [
      'a dead end hidden by another region',
      (d) => delete d.states.live.states.deadline.on,
      'overdue: Dead end in its region',
    ],
    [
      'a trap',
      (d) => {
        d.steps.HIDE = step('HEAD');
        d.steps.SEEK = step('HEAD');
        course(d).open.on.HIDE = to('pit');
        course(d).pit = state({ SEEK: to('hole') });
        course(d).hole = state({ HIDE: to('pit') });
      },
      'Trap: no end can be reached from here (HIDE)',
    ],
    [
      'a trap inside one region, though the whole can always end',
      (d) => {
        d.steps.ABORT = step('HEAD');
        d.states.live.on = { ABORT: to('ended') };
        for (const name of ['HIDE', 'SEEK', 'LOOK']) d.steps[name] = step('HEAD');
        course(d).open.on.HIDE = to('pit');
        course(d).pit = state({ SEEK: to('hole') });
        course(d).hole = state({ LOOK: to('pit') });
      },
      'pit: Trap in its region: no way leads to its end or back from here (HIDE)',
    ],
    [
      'a trap beside the circle in which a region without an end goes after its beginning',
      (d) => {
        d.steps.ABORT = step('HEAD');
        d.states.live.on = { ABORT: to('ended') };
        for (const name of ['RUN', 'REST', 'HIDE', 'SEEK', 'LOOK']) d.steps[name] = step('HEAD');
        d.states.live.states.work = {
          initial: 'idle',
          states: {
            idle: state({ RUN: to('busy'), HIDE: to('pit') }),
            busy: state({ REST: to('resting') }),
            resting: state({ RUN: to('busy') }),
            pit: state({ SEEK: to('hole') }),
            hole: state({ LOOK: to('pit') }),
          },
        };
      },
      'pit: Trap in its region: no way leads to its end or back from here (HIDE)',
    ],
    [
      'a task of a function nobody can hold',
      (d) => (course(d).open.tasks = [{ name: 'rule', function: 'KING', label: text }]),
      'Nobody can hold the function KING',
    ],
    [
      'a notice to a function nobody can hold',
      (d) => (course(d).open.on.SUBMIT[0].notices = [{ notice: 'told', to: ['HEAD', 'KING'] }]),
      'Nobody can hold the function KING',
    ],
    [
      'automatic steps that follow each other for ever',
      (d) => {
        for (const name of ['RISE', 'FALL']) d.steps[name] = step('SYS', { automatic: true });
        clock(d).onTrack.on.RISE = to('overdue', {
          guard: { fact: 'list.open', atMost: 5, reason: 'open' },
        });
        clock(d).overdue.on = {
          FALL: to('onTrack', { guard: { fact: 'list.open', above: 4, reason: 'open' } }),
        };
      },
      'Automatic steps follow each other for ever: RISE → FALL',
    ],
    [
      'signals in a circle',
      (d) => {
        clock(d).onTrack.raise = ['$again'];
        d.states.live.states.deadline.on.$again = to('onTrack');
      },
      'Does not come to rest',
    ],
    [
      'a way past a step that must come before',
      (d) => {
        d.steps.SNEAK = step('HEAD');
        course(d).open.on.SNEAK = to('checking');
      },
      '$.steps.ACCEPT.after: Can be reached without SUBMIT: SNEAK',
    ],
  ])('refuses %s', (_what, plant, message) => {
    expect(
      faultsOf(plant)
        .map((fault) => sentence(fault, 'en'))
        .join('\n'),
    ).toContain(message);
  });
});

test('lets automatic steps follow each other whose conditions exclude each other', () =>
  expect(
    faultsOf((d) => {
      for (const name of ['RISE', 'FALL']) d.steps[name] = step('SYS', { automatic: true });
      const below = { guard: { fact: 'list.open', below: 5, reason: 'open' } };
      const above = { guard: { fact: 'list.open', atLeast: 5, reason: 'open' } };
      clock(d).onTrack.on.RISE = to('overdue', below);
      clock(d).overdue.on = { FALL: to('onTrack', above) };
    }),
  ).toEqual([]));

test('shows the walk to a fault as steps', () => {
  const [fault] = faultsOf((d) => ((d.states.ended = state()), (d.states.ended.tags = ['late'])));
  expect(fault).toMatchObject({ path: '$.states.ended', walk: ['SUBMIT', 'GIVE_UP'] });
});

describe('a definition file', () => {
  test.each<[string, (d: Tree) => void, string]>([
    ['invoke', (d) => (course(d).open.invoke = { src: 'x' }), 'Unrecognized key: "invoke"'],
    ['always', (d) => (course(d).open.always = 'checking'), 'Unrecognized key: "always"'],
    ['after', (d) => (course(d).open.after = { 1000: 'checking' }), 'Unrecognized key: "after"'],
    ['history states', (d) => (course(d).open.type = 'history'), '$.states'],
    ['wildcards', (d) => (course(d).open.on['*'] = to('checking')), '$.states'],
    ['names of XState', (d) => (course(d).open.on['xstate.done'] = to('checking')), '$.states'],
    ['steps named like signals', (d) => (d.steps.$stage = step('HEAD')), '$.steps'],
    ['two comparisons in a leaf', (d) => (course(d).open.on.SUBMIT[0].guard.below = 3), '$.states'],
    ['no comparison in a leaf', (d) => delete course(d).open.on.SUBMIT[0].guard.is, '$.states'],
    [
      'a pattern of its own',
      (d) =>
        (d.steps.SUBMIT.payload = {
          properties: { a: { type: 'string', title: text, maxLength: 9, pattern: '(a+)+$' } },
        }),
      '$.steps.SUBMIT.payload',
    ],
  ])('refuses %s', (_what, plant, message) => {
    expect(
      faultsOf(plant)
        .map((fault) => sentence(fault, 'en'))
        .join('\n'),
    ).toContain(message);
  });

  test('may couple its regions by asking where the others stand', () => {
    expect(
      faultsOf((d) => {
        clock(d).overdue.on = {
          CLEAR: [
            { target: 'onTrack', guard: { fact: 'in.live.course.open', is: true, reason: 'open' } },
            { target: 'onTrack', guard: { not: { fact: 'in.live.course.open', is: true, reason: 'open' } } },
          ],
        };
        d.steps.CLEAR = step('HEAD');
      }),
    ).toEqual([]);
  });

  test('that a stranger changed anywhere is refused or sound, and never breaks the publisher', () => {
    const values = fc.oneof(
      fc.constantFrom('', 'live', 'open', 'SUBMIT', '$stage', 'constructor', '__proto__', 'x'.repeat(300)),
      fc.integer(),
      fc.constantFrom(null, true, [], {}, [{}], { target: 'open' }, { all: [] }, { not: {} }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), values, fc.boolean()), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const faults = faultsOf((definition) =>
            changes.forEach(([at, value, drop]) => change(definition, at, value, drop)),
          );
          expect(faults.every(({ path, message }) => path.startsWith('$') && message.de && message.en)).toBe(
            true,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Replaces or removes the n-th place of a tree. */
function change(tree: Tree, n: number, value: unknown, drop: boolean): void {
  const places: [owner: Tree, key: string][] = [];
  const visit = (owner: Tree): void => {
    for (const key of Object.keys(owner)) {
      places.push([owner, key]);
      if (typeof owner[key] === 'object' && owner[key] !== null) visit(owner[key]);
    }
  };
  visit(tree);
  const [owner, key] = places[n % places.length]!;
  if (drop) delete owner[key];
  else owner[key] = value;
}
