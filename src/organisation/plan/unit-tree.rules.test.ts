import { describe, expect, test } from '@jest/globals';
import type { Level } from './plan.rules.ts';
import { UnitTree, type UnitNode } from './unit-tree.rules.ts';

const unit = (code: string, parent: string | null, level: Level): UnitNode => ({
  id: `id-${code}`,
  code,
  name: code,
  parentId: parent && `id-${parent}`,
  level,
  kind: 'FAC',
  tags: [],
  headcount: 10,
  isHeadcountStated: true,
  validFrom: '2026-01-01',
  validUntil: null,
});
// Given inferior before superior on purpose: the order of rows must not matter.
const tree = new UnitTree(
  [
    unit('A 10', 'D1', 'L2'),
    unit('A 2', 'D1', 'L2'),
    unit('A 2.1', 'A 2', 'L3'),
    unit('D1', 'TOP', 'L1'),
    unit('D2', 'GROUP', 'L1'),
    unit('GROUP', 'TOP', 'L2'),
    unit('S 13', 'TOP', 'L2'),
    unit('TOP', null, 'L0'),
    unit('APART', null, 'L2'),
    unit('LOST', 'GONE', 'L3'),
  ],
  { on: '2026-11-24', asOf: null },
);
const codes = (units: readonly UnitNode[]) => units.map(({ code }) => code);

describe('UnitTree', () => {
  test('lists superior before inferior, siblings by level and number', () => {
    expect(codes(tree.all())).toEqual([
      'TOP',
      'D1',
      'A 2',
      'A 2.1',
      'A 10',
      'GROUP',
      'D2',
      'S 13',
      'APART',
      'LOST',
    ]);
    expect(codes(tree.roots())).toEqual(['TOP', 'APART', 'LOST']);
    expect(tree.top()?.code).toBe('TOP');
    expect(codes(tree.outside())).toEqual(['APART', 'LOST']);
  });

  test.each([
    ['A 2.1', ['A 2', 'D1', 'TOP']],
    ['TOP', []],
    ['LOST', []],
    ['nobody', []],
  ])('above %s stand %j', (code, expected) => expect(codes(tree.ancestors(`id-${code}`))).toEqual(expected));

  test.each([
    ['D1', ['D1', 'A 2', 'A 2.1', 'A 10']],
    ['A 2.1', ['A 2.1']],
    ['nobody', []],
  ])('the subtree of %s is %j', (code, expected) =>
    expect(codes(tree.subtree(`id-${code}`))).toEqual(expected),
  );

  test.each([
    ['A 2.1', 'D1', true],
    ['D1', 'D1', false],
    ['A 10', 'A 2', false],
  ])('%s below %s: %s', (code, above, expected) =>
    expect(tree.isBelow(`id-${code}`, `id-${above}`)).toBe(expected),
  );

  test.each([
    ['A 2.1', 'D1'],
    ['D1', 'D1'],
    ['D2', 'D2'],
    ['S 13', 'TOP'],
    ['GROUP', 'TOP'],
    ['APART', 'TOP'],
    ['TOP', undefined],
  ])('%s counts in area %s', (code, area) => expect(tree.area(`id-${code}`)?.code).toBe(area));

  test('the virtual area stands last and has no unit of its own', () => {
    expect(tree.areas().map(({ code, unit }) => [code, unit?.code])).toEqual([
      ['D1', 'D1'],
      ['D2', 'D2'],
      ['TOP', undefined],
    ]);
  });
});
