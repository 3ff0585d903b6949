import { describe, expect, test } from '@jest/globals';
import {
  isSmallTeam,
  planRating,
  unitsInScope,
  type ScopeEntry,
  type Tree,
  type TreeUnit,
} from './scope.rules.ts';

interface Unit extends TreeUnit {
  readonly parent: string | null;
}
const unit = (id: string, parent: string | null, level: string, headcount = 20): Unit => ({
  id,
  parent,
  level,
  headcount,
  isHeadcountStated: true,
});
const units = [
  unit('top', null, 'L0'),
  unit('d1', 'top', 'L1'),
  unit('o1', 'd1', 'L2'),
  unit('s1', 'o1', 'L3'),
  unit('t1', 's1', 'L4', 4),
  unit('t2', 's1', 'L4', 5),
  unit('d2', 'top', 'L1'),
  unit('t3', 'd2', 'L4', 2),
];
const tree: Tree<Unit> = {
  all: () => units,
  ancestors: (id) => {
    const parent = units.find((u) => u.id === units.find((x) => x.id === id)?.parent);
    return parent ? [parent, ...tree.ancestors(parent.id)] : [];
  },
};
const scoped = (...entries: ScopeEntry[]) => unitsInScope(entries, tree).map(({ id }) => id);

describe('a scope', () => {
  test.each<[string, ScopeEntry[], string]>([
    ['a subtree', [{ unitId: 'd1', kind: 'SUBTREE' }], 'd1 o1 s1 t1 t2'],
    ['a single unit', [{ unitId: 'o1', kind: 'UNIT' }], 'o1'],
    ['nothing', [], ''],
    [
      'a subtree but for a part',
      [
        { unitId: 'top', kind: 'SUBTREE' },
        { unitId: 'o1', kind: 'EXCEPT' },
      ],
      'top d1 d2 t3',
    ],
    [
      'a part of the exception again',
      [
        { unitId: 'd1', kind: 'SUBTREE' },
        { unitId: 'o1', kind: 'EXCEPT' },
        { unitId: 's1', kind: 'SUBTREE' },
      ],
      'd1 s1 t1 t2',
    ],
    [
      'a single unit inside the exception',
      [
        { unitId: 'd1', kind: 'SUBTREE' },
        { unitId: 'o1', kind: 'EXCEPT' },
        { unitId: 's1', kind: 'UNIT' },
      ],
      'd1 s1',
    ],
  ])('%s', (_, entries, ids) => expect(scoped(...entries).join(' ')).toBe(ids));
});

describe('small teams', () => {
  const within = { treatment: 'WITHIN_SUPERIOR', smallest: 5 } as const;
  const all = unitsInScope([{ unitId: 'top', kind: 'SUBTREE' }], tree);

  test('of fewer than five are rated within the nearest unit above', () => {
    const plan = planRating(all, tree, within);
    expect(plan.within.map(({ unit, within }) => `${unit.id} in ${within.id}`)).toEqual([
      't1 in s1',
      't3 in d2',
    ]);
    expect(plan.rated).toHaveLength(6);
  });

  test('are left out when nobody above them takes part', () => {
    const [t1] = all.filter(({ id }) => id === 't1');
    expect(planRating([t1!], tree, within)).toEqual({ rated: [], within: [], leftOut: [t1] });
  });

  test('join a unit that is rated already', () => {
    const [t1] = all.filter(({ id }) => id === 't1');
    const plan = planRating([t1!], tree, { ...within, inside: new Set(['s1']) });
    expect(plan.within.map((one) => one.within.id)).toEqual(['s1']);
  });

  test('are rated alone when that is wanted', () =>
    expect(planRating(all, tree, { ...within, treatment: 'ALONE' }).rated).toHaveLength(8));

  test.each([
    ['L4', 4, true, true],
    ['L4', 5, true, false],
    ['L4', 1, false, false],
    ['L3', 1, true, false],
    ['L2', 2, true, false],
  ])('%s with %i, stated: %s: %s', (level, headcount, isHeadcountStated, small) =>
    expect(isSmallTeam({ id: 'x', level, headcount, isHeadcountStated }, 5)).toBe(small),
  );
});
