import { describe, expect, test } from '@jest/globals';
import type { MeasureStatus, Touch } from './measure.rules.ts';
import {
  closedPercent,
  incomplete,
  openOf,
  refuseCoSignature,
  requiredCoSigners,
  unreported,
  withoutMeasure,
  type Measure,
} from './target.rules.ts';

const measure = (over: Partial<Measure> = {}): Measure => ({
  id: 'm',
  measureNo: 1,
  criterionId: null,
  title: 'Sprachmittlung regeln',
  description: '',
  competentPostId: 'p',
  dueOn: '2027-09-30',
  indicator: 'Anteil erfüllter Anfragen',
  baseline: '40 %',
  budgetKind: 'NONE',
  budgetLine: null,
  touches: [],
  status: 'AGREED',
  reportedAt: null,
  ...over,
});
const touching = (...touches: Touch[]) => measure({ touches });
const paid = measure({ budgetKind: 'LINE', budgetLine: '946200/543990' });

test.each<[string, Measure[], boolean, string]>([
  ['an office', [measure()], true, 'DEZ'],
  ['a directorate or the top', [measure()], false, ''],
  ['with money', [paid], true, 'DEZ FIN'],
  ['with new posts', [touching('STAFFING')], true, 'DEZ HR GB PR'],
  ['with co-determination', [touching('CODETERMINATION')], true, 'DEZ PR'],
  ['touching equality', [touching('EQUALITY')], false, 'GB'],
  ['all at once', [paid, touching('STAFFING'), touching('EQUALITY')], true, 'DEZ HR FIN GB PR'],
  ['a rejected measure asks nobody', [{ ...paid, status: 'REJECTED' }], true, 'DEZ'],
  ['nothing at all', [], true, 'DEZ'],
])('co-signers of %s: %4$s', (_case, measures, hasDirectorateAbove, who) => {
  expect(requiredCoSigners(measures, { hasDirectorateAbove }).join(' ')).toBe(who);
});

test.each([
  ['DEZ', false, [], undefined],
  ['DEZ', true, [], 'FourEyesNeeded'],
  ['DEZ', false, ['DEZ'], 'NotPossibleNow'],
  ['PR', false, [], 'NotPossibleNow'],
] as const)('%s signs its own targets (%s) after %j → %s', (as, isOwn, signed, no) => {
  expect(refuseCoSignature(as, { required: ['DEZ', 'FIN'], signed, isOwn })?.__typename).toBe(no);
});

test('every weak core criterion needs a live measure', () => {
  const measures = [
    measure({ criterionId: 'a' }),
    measure({ criterionId: 'b', status: 'REJECTED' }),
    measure(),
  ];
  expect(withoutMeasure(['a', 'b', 'c'], measures)).toEqual(['b', 'c']);
});

test('a rejected measure may stay incomplete', () => {
  const open = measure({ dueOn: null });
  expect(incomplete([measure(), open, measure({ dueOn: null, status: 'REJECTED' })])).toEqual([open]);
});

describe('progress', () => {
  const since = new Date('2027-03-01T00:00:00Z');
  test.each<[MeasureStatus, string | null, boolean]>([
    ['IN_PROGRESS', '2027-02-28T23:59:59Z', true],
    ['IN_PROGRESS', '2027-03-01T00:00:00Z', false],
    ['AGREED', null, true],
    ['REPORTED_DONE', '2027-01-01T00:00:00Z', false],
    ['EFFECT_CONFIRMED', '2027-01-01T00:00:00Z', false],
    ['REJECTED', null, false],
  ])('%s, last heard of %s: unreported %s', (status, last, open) => {
    const one = measure({ status, reportedAt: last === null ? null : new Date(last) });
    expect(unreported([one], since)).toHaveLength(open ? 1 : 0);
  });

  test.each<[string, number]>([
    ['', 100],
    ['c', 100],
    ['cccco', 80],
    ['cccoo', 60],
    ['ccccccccccccccccccccccoooooo', 78],
    ['ccccrrr', 100],
    ['rrr', 100],
    ['d', 0],
  ])('"%s" is %i %% closed', (letters, percent) => {
    const status = { c: 'EFFECT_CONFIRMED', o: 'DELAYED', r: 'REJECTED', d: 'REPORTED_DONE' } as const;
    const measures = letters.split('').map((l) => measure({ status: status[l as keyof typeof status] }));
    expect(closedPercent(measures)).toBe(percent);
  });

  test('open measures on core criteria', () => {
    const open = measure({ criterionId: 'k' });
    const others = [
      measure({ criterionId: 'x' }),
      measure({ criterionId: 'k', status: 'EFFECT_CONFIRMED' }),
      measure(),
    ];
    expect(openOf(new Set(['k']), [open, ...others])).toEqual([open]);
  });
});
