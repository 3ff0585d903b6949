import { describe, expect, test } from '@jest/globals';
import { permit } from '../../../test/engine/permit-definition.ts';
import { calendarOf } from '../definition/calendar.rules.ts';
import { Chart } from '../definition/chart.rules.ts';
import { begun, firstLength, SUSPENSION, type StartedClock } from './clock.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { granted, requested, unasked } from './extension.rules.ts';
import { paused, resumed } from './rest.rules.ts';

const chart = new Chart(permit() as unknown as Definition);
const nrw = calendarOf('NW', 'Europe/Berlin');
const lastDayOf = (instant: string | undefined) => instant && nrw.dayOf(new Date(Date.parse(instant) - 1));
const set = (startedOn: string, dueOn: string, today = startedOn): StartedClock =>
  begun(chart, { name: 'answer', startedOn }, dueOn, nrw, today);
const shown = ({ dueOn, nextStep, nextAt }: StartedClock) => [dueOn, nextStep, lastDayOf(nextAt)];

/** What a clock looks like after a rest. */
function after(clock: StartedClock, from: string, to: string): StartedClock {
  const { started } = paused(chart, [clock], nrw, from, '2029-12-31');
  const [back] = resumed(
    chart,
    started.filter(({ name }) => name !== SUSPENSION),
    nrw,
    to,
  ).started;
  return back!;
}

describe('a rest', () => {
  // The overdue act lies one working day behind the due day, the reminder ten before it.
  test.each<[string, StartedClock, string, string, unknown[]]>([
    [
      'of no day changes nothing',
      set('2026-03-02', '2026-04-13'),
      '2026-03-20',
      '2026-03-20',
      ['2026-04-13', 'REMIND', '2026-03-26'],
    ],
    [
      'of one day',
      set('2026-03-02', '2026-04-13'),
      '2026-03-20',
      '2026-03-21',
      ['2026-04-14', 'REMIND', '2026-03-27'],
    ],
    [
      'that ends it on a Sunday',
      set('2026-03-02', '2026-04-13'),
      '2026-03-20',
      '2026-03-26',
      ['2026-04-20', 'REMIND', '2026-04-02'],
    ],
    [
      'over the night in which clocks go forward',
      set('2026-03-02', '2026-04-13'),
      '2026-03-28',
      '2026-03-30',
      ['2026-04-15', 'REMIND', '2026-03-30'],
    ],
    [
      'over the night in which clocks go back',
      set('2026-10-05', '2026-11-16'),
      '2026-10-24',
      '2026-10-26',
      ['2026-11-18', 'REMIND', '2026-11-04'],
    ],
    [
      'over a leap day',
      set('2028-02-01', '2028-03-14'),
      '2028-02-28',
      '2028-03-01',
      ['2028-03-16', 'REMIND', '2028-03-02'],
    ],
    [
      'over the end of a year',
      set('2026-12-01', '2027-01-12'),
      '2026-12-20',
      '2027-01-04',
      ['2027-01-27', 'REMIND', '2027-01-13'],
    ],
    [
      'after its reminder',
      set('2026-03-02', '2026-04-13', '2026-03-27'),
      '2026-03-30',
      '2026-04-21',
      ['2026-05-05', 'MARK_OVERDUE', '2026-05-06'],
    ],
    [
      'after its day',
      set('2026-03-02', '2026-04-13', '2026-04-13'),
      '2026-04-14',
      '2026-04-20',
      ['2026-04-20', 'MARK_OVERDUE', '2026-04-21'],
    ],
    [
      'of half a year',
      set('2026-03-02', '2026-04-13'),
      '2026-03-20',
      '2026-09-21',
      ['2026-10-15', 'REMIND', '2026-10-01'],
    ],
  ])('%s', (_what, clock, from, to, expected) => expect(shown(after(clock, from, to))).toEqual(expected));

  test('keeps the first day and moves an open request', () => {
    const asked = requested(chart, set('2026-03-02', '2026-04-13'), '2026-04-30', 2, nrw, '2026-03-03');
    expect(after(asked as StartedClock, '2026-03-05', '2026-03-12')).toMatchObject({
      firstDueOn: '2026-04-13',
      dueOn: '2026-04-20',
      askedSeq: 2,
      askedUntil: '2026-05-07',
    });
  });

  test('stops what runs, and neither what stands already nor what runs on', () => {
    const law: StartedClock = { ...set('2026-03-02', '2026-03-16'), name: 'law' };
    const note: StartedClock = { ...set('2026-03-02', '2026-03-16'), name: 'note', pausedOn: '2026-03-03' };
    const { stopped, started } = paused(
      chart,
      [law, note, set('2026-03-02', '2026-04-13')],
      nrw,
      '2026-03-05',
      '2026-03-31',
    );
    expect(stopped).toEqual(['answer']);
    expect(started.map(({ name }) => name)).toEqual(['answer', SUSPENSION]);
    expect(started[1]).toMatchObject({
      dueOn: '2026-03-31',
      nextStep: 'GO_ON',
      nextAt: '2026-03-31T22:00:00.000Z',
    });
  });

  test('that a clock set back seems to end before it began changes nothing', () => {
    const clock = set('2026-03-02', '2026-04-13');
    expect(after(clock, '2026-03-20', '2026-03-19')).toEqual(clock);
  });
});

describe('an extension', () => {
  const clock = set('2026-03-02', '2026-04-13'); // 42 days
  const until = (day: string, of: StartedClock = clock, today = '2026-03-03') => {
    const asked = requested(chart, of, day, 2, nrw, today);
    return '__typename' in asked ? undefined : asked.askedUntil;
  };

  test.each([
    ['2026-04-13', undefined],
    ['2026-04-14', '2026-04-14'],
    ['2026-05-02', '2026-05-04'], // a Saturday
    ['2026-05-04', '2026-05-04'], // 21 days, half of 42
    ['2026-05-05', undefined],
  ])('until %s is possible until %s', (asked, day) => expect(until(asked)).toBe(day));

  test('is measured by the first length, whatever rests and extensions made of it', () => {
    const moved = { ...clock, firstDueOn: '2026-04-13', dueOn: '2026-06-01', extended: 1 };
    expect(firstLength(chart, moved, nrw)).toBe(42);
    expect(until('2026-06-22', moved)).toBe('2026-06-22');
    expect(until('2026-06-23', moved)).toBeUndefined();
  });

  test.each<[string, string, number]>([
    ['answer', '2026-04-13', 42],
    ['law', '2026-03-16', 14],
  ])('of %s, whose beginning nobody noted, goes by its span', (name, dueOn, days) =>
    expect(firstLength(chart, { name, dueOn, dueAt: '' }, nrw)).toBe(days),
  );

  test('of a passed deadline lies in the future', () => {
    expect(until('2026-04-20', clock, '2026-04-20')).toBeUndefined();
    expect(until('2026-04-21', clock, '2026-04-20')).toBe('2026-04-21');
  });

  test('when granted begins its chain anew, when refused leaves it', () => {
    const asked = requested(
      chart,
      set('2026-03-02', '2026-04-13', '2026-04-01'),
      '2026-05-04',
      2,
      nrw,
      '2026-04-01',
    );
    const given = granted(chart, asked as StartedClock, nrw, '2026-04-02');
    expect(shown(given)).toEqual(['2026-05-04', 'REMIND', '2026-04-17']);
    expect(given).toMatchObject({ extended: 1, firstDueOn: '2026-04-13' });
    expect(given).not.toHaveProperty('askedUntil');
    expect(unasked(asked as StartedClock)).toEqual(set('2026-03-02', '2026-04-13', '2026-04-01'));
  });
});
