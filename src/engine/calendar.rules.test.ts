import { describe, expect, test } from '@jest/globals';
import { calendarOf } from './calendar.rules.ts';

const aachen = calendarOf('NW', 'Europe/Berlin');

describe('due days', () => {
  test.each([
    ['2026-11-24', { workingDays: 10 }, '2026-12-08'],
    ['2026-12-23', { workingDays: 2 }, '2026-12-28'], // Christmas Eve counts, both Christmas days do not
    ['2027-05-26', { workingDays: 1 }, '2027-05-28'], // Corpus Christi, a holiday in NRW
    ['2026-11-21', { workingDays: 1 }, '2026-11-23'], // begun on a Saturday
    ['2026-11-24', { weeks: 8 }, '2027-01-19'],
    ['2026-11-24', { days: 4 }, '2026-11-30'], // a Saturday: the next working day
    ['2026-09-05', { days: 28 }, '2026-10-05'], // the day of German unity, a Saturday
    ['2027-01-31', { months: 1 }, '2027-03-01'], // 28 February, a Sunday
    ['2028-01-31', { months: 1 }, '2028-02-29'], // leap day
    ['2026-11-24', { months: 12 }, '2027-11-24'],
    ['2026-11-24', { months: 24 }, '2028-11-24'],
  ])('%s + %j ends on %s', (from, span, due) => expect(aachen.dueOn(from, span)).toBe(due));

  test('a holiday of another Land is a working day here', () => {
    expect(aachen.isWorkingDay('2026-11-18')).toBe(true); // day of repentance, Saxony only
    expect(calendarOf('SN', 'Europe/Berlin').isWorkingDay('2026-11-18')).toBe(false);
  });

  test.each([
    ['2026-12-08', -10, '2026-11-24'],
    ['2027-01-04', -1, '2026-12-31'],
    ['2026-12-31', 1, '2027-01-04'],
    ['2026-12-31', 0, '2026-12-31'],
  ])('%s and %i working days is %s', (from, n, day) => expect(aachen.workingDay(from, n)).toBe(day));
});

describe('the end of a day in the zone', () => {
  test.each([
    ['2026-11-24', '2026-11-24T23:00:00.000Z'],
    ['2026-07-01', '2026-07-01T22:00:00.000Z'],
    ['2026-03-28', '2026-03-28T23:00:00.000Z'], // the clocks go forward in the next night
    ['2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['2026-10-24', '2026-10-24T22:00:00.000Z'],
    ['2026-10-25', '2026-10-25T23:00:00.000Z'], // the day of 25 hours
    ['2026-12-31', '2026-12-31T23:00:00.000Z'],
  ])('%s ends at %s', (day, instant) => expect(aachen.endOf(day).toISOString()).toBe(instant));

  test('an instant belongs to the day until its end', () => {
    const end = aachen.endOf('2026-10-25');
    expect(aachen.dayOf(new Date(end.getTime() - 1))).toBe('2026-10-25');
    expect(aachen.dayOf(end)).toBe('2026-10-26');
  });
});
