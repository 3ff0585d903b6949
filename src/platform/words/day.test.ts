import { expect, test } from '@jest/globals';
import { daysBetween, isDay, plusDays, plusMonths } from './day.ts';

test.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2027-03-27', 2, '2027-03-29'], // the clocks change between them
  ['2026-10-26', -2, '2026-10-24'],
])('%s and %i days is %s', (day, n, then) => {
  expect(plusDays(day, n)).toBe(then);
  expect(daysBetween(day, then)).toBe(n);
});

test.each([
  ['2027-01-31', 1, '2027-02-28'],
  ['2028-02-29', -12, '2027-02-28'],
  ['2026-11-30', 3, '2027-02-28'],
  ['2026-03-15', -36, '2023-03-15'],
])('%s and %i months is %s', (day, n, then) => expect(plusMonths(day, n)).toBe(then));

test.each([
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2026-04-31', false],
  ['0000-01-01', false],
  ['2026-1-1', false],
  ['2026-01-01T00:00:00Z', false],
])('%s is a day: %s', (text, is) => expect(isDay(text)).toBe(is));
