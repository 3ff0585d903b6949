import { expect, test } from '@jest/globals';
import { Allowance } from './allowance.ts';

test('a minute is worth so much for each, and comes back with time', () => {
  const allowance = new Allowance(600);
  expect(allowance.take('ann', 500, 0)).toBe(0);
  expect(allowance.take('ann', 200, 0)).toBe(10);
  expect(allowance.take('bob', 600, 0)).toBe(0);
  expect(allowance.take('ann', 200, 9_999)).toBe(1);
  expect(allowance.take('ann', 200, 10_000)).toBe(0);
  expect(allowance.take('ann', 1, 10_000)).toBe(1);
  expect(allowance.take('ann', 600, 70_000)).toBe(0);
});

test('what is not used is saved for one minute only', () => {
  const allowance = new Allowance(600);
  allowance.take('ann', 600, 0);
  expect(allowance.take('ann', 600, 3_600_000)).toBe(0);
  expect(allowance.take('ann', 600, 3_600_000)).toBe(60);
});

test('what is larger than a minute is worth passes once the minute is full', () => {
  const allowance = new Allowance(600);
  expect(allowance.take('ann', 5_000, 0)).toBe(0);
  expect(allowance.take('ann', 5_000, 30_000)).toBe(30);
  expect(allowance.take('ann', 5_000, 60_000)).toBe(0);
});
