import { describe, expect, test } from '@jest/globals';
import { calendarOf } from '../definition/calendar.rules.ts';
import { Chart } from '../definition/chart.rules.ts';
import { clocksOf, type Fired } from './clock.rules.ts';
import type { Definition, Transition } from '../definition/definition.rules.ts';
import { Machine, type Moved } from '../machine/machine.rules.ts';

const text = { de: 'Text', en: 'Text' };
const to = (target: string, more: Partial<Transition> = {}) => [{ target, ...more }];
const definition = {
  stage: 'work',
  deadlines: {
    short: { label: text, span: { workingDays: 3 }, chain: 'nag' },
    whole: { label: text, span: { weeks: 8 }, onDue: 'STOP', chain: 'nag' },
  },
  chains: {
    nag: [
      { name: 'first', workingDays: -10, step: 'REMIND' },
      { name: 'second', workingDays: -5, step: 'REMIND' },
      { name: 'late', workingDays: 1, step: 'ESCALATE' },
    ],
  },
  initial: 'work',
  states: {
    work: {
      initial: 'a',
      states: {
        a: { deadlines: ['whole'], on: { GO: to('b'), AGAIN: to('a') } },
        b: {
          deadlines: ['whole', 'short'],
          on: { BACK: to('a'), SHORTER: to('a', { spans: { whole: { days: 14 } } }), WAIT: to('c') },
        },
        c: { on: { GO: to('b') } },
      },
    },
  },
} as unknown as Definition;

const chart = new Chart(definition);
const machine = new Machine(chart);
const nrw = calendarOf('NW', 'Europe/Berlin');
const today = '2026-11-24';
const move = (...steps: string[]): Moved => {
  let moved = machine.start();
  for (const step of steps) moved = machine.step(moved.position, step)!;
  return moved;
};
const shown = (moved: Moved, fired?: Fired) => {
  const { started, stopped } = clocksOf(chart, moved, nrw, today, { fired });
  return [
    stopped,
    started.map(({ name, dueOn, nextStep, nextAt }) => [
      name,
      dueOn,
      nextStep,
      nextAt && nrw.dayOf(new Date(Date.parse(nextAt) - 1)),
    ]),
  ];
};

describe('a step starts and stops deadlines', () => {
  const whole = ['whole', '2027-01-19', 'REMIND', '2027-01-05'];
  const short = ['short', '2026-11-27', 'ESCALATE', '2026-11-30']; // both reminders would lie before its beginning
  test.each<[string, Moved, unknown]>([
    ['at the start', move(), [[], [whole]]],
    ['one that both states bear runs on', move('GO'), [[], [short]]],
    ['one that only the left state bears stops', move('GO', 'BACK'), [['short'], []]],
    ['a state that is entered anew begins anew', move('AGAIN'), [['whole'], [whole]]],
    [
      'a transition gives another span',
      move('GO', 'SHORTER'),
      [['whole', 'short'], [['whole', '2026-12-08', 'REMIND', '2026-12-01']]],
    ],
    ['all stop where none is borne', move('GO', 'WAIT'), [['whole', 'short'], []]],
    ['and begin anew after that', move('GO', 'WAIT', 'GO'), [[], [whole, short]]],
  ])('%s', (_what, moved, clocks) => expect(shown(moved)).toEqual(clocks));

  test('a fact tells the day of a deadline; without a value, and under another span, the span counts', () => {
    const { whole, ...others } = definition.deadlines;
    const told = new Chart({
      ...definition,
      deadlines: { ...others, whole: { ...whole!, day: 'work.day' } },
    });
    const dueOn = (moved: Moved, day: string | null) =>
      clocksOf(told, moved, nrw, today, { facts: new Map([['work.day', day]]) }).started[0]!.dueOn;
    // The first of May is a Saturday and a holiday: a day that was agreed on stands.
    expect(dueOn(move(), '2027-05-01')).toBe('2027-05-01');
    expect(dueOn(move(), null)).toBe('2027-01-19');
    expect(dueOn(move('GO', 'SHORTER'), '2027-05-01')).not.toBe('2027-05-01');
    // A day that has passed is not passed over: what is to happen then happens next.
    const past = clocksOf(told, move(), nrw, today, { facts: new Map([['work.day', '2026-11-02']]) });
    expect(past.started).toMatchObject([{ dueOn: '2026-11-02', nextStep: 'STOP' }]);
  });
});

describe('a deadline that has acted goes on to its next act', () => {
  const still: Moved = { ...move(), left: [], entered: [] };
  const fired = (step: string, day: string): Fired => ({
    name: 'whole',
    dueOn: '2027-01-19',
    dueAt: nrw.endOf('2027-01-19').toISOString(),
    nextStep: step,
    nextAt: nrw.endOf(day).toISOString(),
  });
  test.each<[string, Fired, (string | undefined)[]]>([
    [
      'from the first reminder to the second of the same name',
      fired('REMIND', '2027-01-05'),
      ['REMIND', '2027-01-12'],
    ],
    ['from the last reminder to the due day', fired('REMIND', '2027-01-12'), ['STOP', '2027-01-19']],
    ['from the due day to the escalation', fired('STOP', '2027-01-19'), ['ESCALATE', '2027-01-20']],
    ['from the last act to none', fired('ESCALATE', '2027-01-20'), [undefined, undefined]],
    [
      'by the instant alone when the calendar has changed since',
      fired('REMIND', '2027-01-06'),
      ['REMIND', '2027-01-12'],
    ],
  ])('%s', (_what, act, next) =>
    expect(shown(still, act)).toEqual([['whole'], [['whole', '2027-01-19', ...next]]]),
  );

  test('unless its state was left by that very act', () => {
    expect(shown(move('GO', 'WAIT'), fired('STOP', '2027-01-19'))).toEqual([['whole', 'short'], []]);
  });
});
