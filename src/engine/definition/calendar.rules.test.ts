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
    ['2026-06-03', { workingDays: 1 }, '2026-06-05'], // Corpus Christi again: it moves with Easter
    ['2028-06-14', { days: 1 }, '2028-06-16'], // and again
    ['2026-10-30', { workingDays: 1 }, '2026-11-02'], // All Saints' on a Sunday; Reformation Day is none in NRW
    ['2027-10-29', { workingDays: 1 }, '2027-11-02'], // All Saints' on a Monday
    ['2026-04-02', { workingDays: 1 }, '2026-04-07'], // Good Friday to Easter Monday
    ['2027-12-22', { days: 2 }, '2027-12-24'], // by law Christmas Eve is a working day, whoever is on duty
    ['2026-12-24', { days: 7 }, '2026-12-31'], // and New Year's Eve
    ['2026-12-30', { workingDays: 2 }, '2027-01-04'],
    ['2026-03-31', { months: 1 }, '2026-04-30'], // April has no 31st
    ['2026-11-30', { months: 3 }, '2027-03-01'], // the end of February, a Sunday
    ['2027-11-30', { months: 3 }, '2028-02-29'], // a leap year's
    ['2028-02-29', { months: 12 }, '2029-02-28'],
    ['2026-10-31', { months: 1 }, '2026-11-30'],
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

  test.each([
    ['America/Asuncion', '2023-09-30', '2023-10-01T04:00:00.000Z'], // the next day begins at one o'clock
    ['Atlantic/Azores', '2026-03-28', '2026-03-29T01:00:00.000Z'], // its midnight is struck again an hour later
    ['Atlantic/Azores', '2026-10-24', '2026-10-25T00:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-24', '2026-11-24T10:00:00.000Z'],
    ['Pacific/Marquesas', '2026-11-24', '2026-11-25T09:30:00.000Z'],
  ])('in %s %s ends at %s', (zone, day, instant) => {
    const there = calendarOf('NW', zone);
    expect(there.endOf(day).toISOString()).toBe(instant);
    expect(there.dayOf(there.endOf(day))).not.toBe(day);
    expect(there.dayOf(new Date(there.endOf(day).getTime() - 1))).toBe(day);
  });

  test('an instant belongs to the day until its end', () => {
    const end = aachen.endOf('2026-10-25');
    expect(aachen.dayOf(new Date(end.getTime() - 1))).toBe('2026-10-25');
    expect(aachen.dayOf(end)).toBe('2026-10-26');
  });
});
