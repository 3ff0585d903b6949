import { expect, test } from '@jest/globals';
import { fixedBy, sumOf } from './elimination.ts';

test.each<[string, string[][], string[]]>([
  ['nothing from nothing', [], []],
  ['a sum of one', [['a']], ['a']],
  ['no part of a sum of two', [['a', 'b']], []],
  [
    'the rest of a sum',
    [
      ['a', 'b', 'c'],
      ['a', 'b'],
    ],
    ['c'],
  ],
  [
    'all of a ring of odd length',
    [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ],
    ['a', 'b', 'c'],
  ],
  [
    'none of a ring of even length',
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
      ['d', 'a'],
    ],
    [],
  ],
])('Fixed is %s', (_, sums, fixed) => {
  expect([...fixedBy(sums.map(sumOf))].toSorted()).toEqual(fixed);
});
