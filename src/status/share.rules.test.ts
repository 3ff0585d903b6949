import { expect, test } from '@jest/globals';
import { geometricMean, meanOf, reaches, share, toNumber, weakest } from './share.rules.ts';

test.each([
  [19, 20, true],
  [949, 1000, false],
  [95, 100, true],
  [0, 0, true],
])('%d of %d reaches 95 %%: %s', (part, of, yes) => {
  expect(reaches(share(part, of), share(95, 100))).toBe(yes);
});

test('A share is shown with four digits, rounded half up', () => {
  expect([
    toNumber(share(1, 3)),
    toNumber(share(2, 3)),
    toNumber(share(1, 20_000)),
    toNumber(share(0, 0)),
  ]).toEqual([0.3333, 0.6667, 0.0001, null]);
});

test('The weakest link leaves out what has nothing to count', () => {
  expect(weakest([share(3, 4), share(0, 0), share(2, 3)])).toEqual(share(2, 3));
  expect(weakest([share(0, 0)])).toBeUndefined();
});

test('The mean gives each share one voice', () => {
  expect(meanOf([share(1, 1), share(1, 2), share(0, 0), share(1, 3)])).toBe(0.6111);
  expect(meanOf([])).toBeNull();
});

test('The geometric mean agrees with floating point over a grid', () => {
  for (let p = 0; p <= 40; p++)
    for (let q = 1; q <= 40; q++)
      expect(geometricMean(share(p, 40), share(q, 41))).toBeCloseTo(Math.sqrt((p / 40) * (q / 41)), 4);
  expect(geometricMean(share(4, 5), share(3, 4))).toBe(0.7746);
});
