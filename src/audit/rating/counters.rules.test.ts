import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addRatings,
  countChanges,
  countCriteria,
  maturity,
  sum,
  type Counters,
  type FrozenCriterion,
} from './counters.rules.ts';
import type { RatingKind, RatingStanding, Standings } from './rating.rules.ts';

const fields = 3;
const criteria: FrozenCriterion[] = Array.from({ length: 9 }, (_, i) => ({
  criterionId: `c${i}`,
  fieldNo: (i % fields) + 1,
  weight: (i % 3) + 1,
  core: i % 4 === 0,
  top: 4,
}));

const write = fc.record({
  criterion: fc.constantFrom(...criteria),
  kind: fc.constantFrom<RatingKind>('SELF', 'SECOND', 'CONSENSUS', 'CARRIED', 'AUDIT', 'FINAL'),
  level: fc.constantFrom(null, 0, 1, 2, 3, 4),
  personId: fc.constantFrom('anna', 'bora'),
});

test('counting by differences equals counting everything, after any sequence of ratings', () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 60 }), (writes) => {
      const standings = new Map<string, Standings>(criteria.map(({ criterionId }) => [criterionId, {}]));
      const deltas: Counters[] = [countCriteria(criteria, fields)];
      writes.forEach(({ criterion, kind, level, personId }, n) => {
        const before = standings.get(criterion.criterionId)!;
        const rating: RatingStanding = { kind, level, personId, representsId: null, version: n };
        const after = { ...before, [kind]: rating };
        standings.set(criterion.criterionId, after);
        deltas.push(countChanges([{ criterion, before, after }], fields));
      });
      const all = countCriteria(criteria, fields);
      for (const criterion of criteria) addRatings(all, criterion, standings.get(criterion.criterionId)!);
      expect(sum(deltas, fields)).toEqual(all);
    }),
  );
});

test('the criteria alone give the sums of the unit', () => {
  expect(countCriteria(criteria, fields)).toMatchObject({
    applicable: 9,
    core_total: 3,
    weight_total: 18,
    field_applicable: [3, 3, 3],
  });
});

test.each([
  [0, 0, null],
  [0, 10, 0],
  [20, 40, 50],
  [40, 40, 100],
])('%s points of %s are %s percent', (points, of, percent) => expect(maturity(points, of)).toBe(percent));

test.each<[top: number, level: number, counted: Partial<Counters>]>([
  [4, 1, { points: 2, points_of: 8, core_failed: 0, core_weak: 1 }],
  [4, 2, { points: 4, points_of: 8, core_failed: 0, core_weak: 0 }],
  [1, 0, { points: 0, points_of: 2, core_failed: 1, core_weak: 0 }],
  [1, 1, { points: 2, points_of: 2, core_failed: 0, core_weak: 0 }],
  [2, 2, { points: 4, points_of: 4, core_failed: 0, core_weak: 0 }],
  [5, 2, { points: 4, points_of: 10, core_failed: 0, core_weak: 1 }],
  [5, 5, { points: 10, points_of: 10, core_failed: 0, core_weak: 0 }],
  [9, 2, { points: 4, points_of: 18, core_failed: 1, core_weak: 0 }],
  [9, 9, { points: 18, points_of: 18, core_failed: 0, core_weak: 0 }],
])('on a scale up to %i the level %i counts as far up as it lies', (top, level, counted) => {
  const criterion = { criterionId: 'c', fieldNo: 1, weight: 2, core: true, top };
  const SELF: RatingStanding = { kind: 'SELF', level, personId: 'anna', representsId: null, version: 1 };
  const counters = addRatings(countCriteria([criterion], 1), criterion, { SELF });
  expect(counters).toMatchObject(counted);
  expect(counters.field_points).toEqual([counters.points]);
  expect(counters.field_points_of).toEqual([counters.points_of]);
});
