import { expect, test } from '@jest/globals';
import { treeOfRows, type UnitRow } from './plan-tree.rules.ts';

const row = (code: string, parent: string | null, headcount: number | null, filled = 0): UnitRow => ({
  id: code,
  code,
  name: code,
  parentId: parent,
  level: 'L2',
  kind: 'FAC',
  tags: [],
  validFrom: '2026-01-01',
  validUntil: null,
  headcount,
  filled,
});

test('A head count is what HR stated, else at least what is known: own posts and the units below', () => {
  const rows = [
    row('top', null, null, 2),
    row('a', 'top', 30, 1),
    row('a1', 'a', null, 7),
    row('b', 'top', null, 1),
    row('b1', 'b', 6, 3),
  ];
  const tree = treeOfRows(rows, { on: '2026-11-24', asOf: null }, 8);
  const known = tree
    .all()
    .map(({ code, headcount, isHeadcountStated }) => [code, { headcount, isHeadcountStated }] as const);
  expect(Object.fromEntries(known)).toEqual({
    a: { headcount: 30, isHeadcountStated: true },
    a1: { headcount: 7, isHeadcountStated: false },
    b: { headcount: 7, isHeadcountStated: false },
    b1: { headcount: 6, isHeadcountStated: true },
    top: { headcount: 39, isHeadcountStated: false },
  });
  expect(tree.minimumShown).toBe(8);
});
