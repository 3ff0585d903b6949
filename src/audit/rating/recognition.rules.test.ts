import { describe, expect, test } from '@jest/globals';
import { percentOf, reaches, recognise, scoreOf, type FinalRating } from './recognition.rules.ts';

/** A criterion in shorthand: field, level (K marks a core criterion), weight. */
const rating = (field: string, level: number | null, weight = 1, core = false): FinalRating => ({
  code: `${field}-${level}-${weight}`,
  field,
  core,
  weight,
  level,
  top: 4,
  notApplicable: false,
});
const core = (level: number | null, weight = 1, field = 'A') => rating(field, level, weight, true);
const notApplicable = { ...core(null, 100, 'Z'), notApplicable: true };

describe('score', () => {
  test('weighs levels and counts only what is applicable and rated', () => {
    expect(scoreOf([core(4, 3), rating('A', 1, 2), rating('B', null, 50), notApplicable])).toEqual({
      points: 14,
      of: 20,
    });
  });

  test.each([
    [{ points: 499, of: 1000 }, 50, false, 49.9],
    [{ points: 500, of: 1000 }, 50, true, 50],
    [{ points: 249, of: 1000 }, 25, false, 24.9],
    [{ points: 250, of: 1000 }, 25, true, 25],
    [{ points: 399, of: 1000 }, 40, false, 39.9],
    [{ points: 49_999, of: 100_000 }, 50, false, 49.9],
    [{ points: 1, of: 3 }, 33, true, 33.3],
    [{ points: 0, of: 0 }, 0, false, null],
  ])('%j reaches %i %%: %s, shown as %s', (score, percent, yes, shown) => {
    expect(reaches(score, percent)).toBe(yes);
    expect(percentOf(score)).toBe(shown);
  });
});

/** `points` of 1000 in field B beside core criteria that weigh nothing in the sum's borders. */
const sum = (points: number): FinalRating[] => {
  const full = Math.floor(points / 4);
  const rest = points % 4;
  return [rating('B', 4, full), rating('B', rest, 1), rating('B', 0, 250 - full - 1)].filter(
    (r) => r.weight > 0,
  );
};
/** A field of exactly `points` ‰ beside a strong rest. */
const weakField = (points: number): FinalRating[] => [...sum(points), rating('C', 4, 1000)];

describe('recognition', () => {
  test.each<[string, FinalRating[], string]>([
    ['50.0 % overall', sum(500), 'FULL'],
    ['49.9 % overall', sum(499), 'CONDITIONAL'],
    ['40.0 % overall', sum(400), 'CONDITIONAL'],
    ['39.9 % overall', sum(399), 'REFUSED'],
    ['field at 25.0 %', weakField(250), 'FULL'],
    ['field at 24.9 %', weakField(249), 'CONDITIONAL'],
    ['every core at 2', [core(2), core(2), core(2)], 'FULL'],
    ['one core at 1', [core(4), core(4), core(1)], 'CONDITIONAL'],
    ['two core at 1', [core(4), core(4), core(1), core(1)], 'CONDITIONAL'],
    ['three core at 1', [core(4, 9), core(1), core(1), core(1)], 'REFUSED'],
    ['one core at 0', [core(4, 9), core(4, 9), core(0)], 'REFUSED'],
    ['an open core criterion', [core(4, 9), core(null)], 'REFUSED'],
    ['a core criterion that does not apply', [core(4), notApplicable], 'FULL'],
    ['a field in which nothing applies', [core(4), { ...rating('C', null), notApplicable: true }], 'FULL'],
    ['nothing rated', [rating('A', null)], 'REFUSED'],
    ['no criterion at all', [], 'REFUSED'],
  ])('%s → %3$s', (_case, ratings, outcome) => {
    expect(recognise(ratings).outcome).toBe(outcome);
  });

  test.each<[string, FinalRating[], boolean]>([
    ['75.0 % and core at 3', [core(3, 500), ...sum(750)], true],
    ['74.9 % and core at 3', [core(3, 500), ...sum(749)], false],
    ['90 % but a core criterion at 2', [rating('B', 4, 100), core(2)], false],
  ])('exemplary: %s → %3$s', (_case, ratings, exemplary) => {
    expect(recognise(ratings)).toMatchObject({ outcome: 'FULL', exemplary });
  });

  test('names what stands between the unit and full recognition', () => {
    const { shortfalls } = recognise([core(1, 1), rating('B', 0, 2)]);
    expect(shortfalls.map(({ de }) => de)).toEqual([
      'Gesamt: 8,3 %, nötig 50 %.',
      'Handlungsfeld B: 0 %, nötig 25 %.',
      'Kernkriterium A-1-1: Stufe 1, nötig 2.',
    ]);
  });
});

describe('recognition on other scales', () => {
  const on = (top: number, levels: readonly number[]) => levels.map((level) => ({ ...core(level), top }));
  test.each<[string, FinalRating[], string, boolean]>([
    ['0–5: full from 3 on', on(5, [3, 3]), 'FULL', false],
    ['0–5: 2 is too low for it', on(5, [5, 5, 5, 2]), 'CONDITIONAL', false],
    ['0–5: exemplary from 4 on', on(5, [4, 4]), 'FULL', true],
    ['0–2: the middle is enough', on(2, [1, 1]), 'FULL', false],
    ['0–2: the top is exemplary', on(2, [2, 2]), 'FULL', true],
    ['0–1: all or nothing', on(1, [1, 1, 1, 0]), 'REFUSED', false],
    ['0–9: 5 of 9 is half', on(9, [5, 5]), 'FULL', false],
    ['0–9: 2 of 9 is less than a quarter', on(9, [9, 9, 2]), 'REFUSED', false],
  ])('%s', (_, ratings, outcome, exemplary) =>
    expect(recognise(ratings)).toMatchObject({ outcome, exemplary }),
  );
});
