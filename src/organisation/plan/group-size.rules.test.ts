import { expect, test } from '@jest/globals';
import { groupSizes } from './group-size.rules.ts';

test.each([
  [5, true, 'ENOUGH', 'FEW'],
  [10, true, 'ENOUGH', 'ENOUGH'],
  [4, true, 'FEW', 'FEW'],
  [0, true, 'FEW', 'FEW'],
  [4, false, 'UNKNOWN', 'UNKNOWN'],
  [7, false, 'ENOUGH', 'UNKNOWN'],
  [12, false, 'ENOUGH', 'ENOUGH'],
])('%d people (stated: %s) are %s inside, %s outside', (headcount, isHeadcountStated, inside, outside) => {
  expect(groupSizes({ headcount, isHeadcountStated }, 5)).toEqual({ inside, outside });
});

test('An administration may set a minimum above the public one', () => {
  expect(groupSizes({ headcount: 14, isHeadcountStated: true }, 15).outside).toBe('FEW');
});
