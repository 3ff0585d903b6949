import { describe, expect, test } from '@jest/globals';
import { shippedScale } from '../rating/scale.rules.ts';
import {
  mayRate,
  newest,
  refuseAgreement,
  refuseFaulty,
  refuseRatedMeanwhile,
  refuseSamePerson,
  refuseUnseconded,
  type Line,
  type RatingWish,
} from './checklist.rules.ts';
import type { RatingKind, RatingStanding, Standings } from '../rating/rating.rules.ts';

const rating = (
  kind: RatingKind,
  level: number | null,
  version: number,
  personId = 'anna',
): RatingStanding => ({
  kind,
  level,
  version,
  personId,
  representsId: null,
});
const line = (core: boolean, ...ratings: RatingStanding[]): Line => ({
  core,
  ratings: Object.fromEntries(ratings.map((r) => [r.kind, r])) as Standings,
});
const lines = new Map<string, Line>([
  ['open', line(true)],
  ['rated', line(true, rating('SELF', 1, 1))],
  ['seconded', line(true, rating('SELF', 1, 1), rating('SECOND', 3, 2, 'bora'))],
  ['agreed', line(true, rating('SELF', 1, 1), rating('SECOND', 3, 2, 'bora'), rating('CONSENSUS', 2, 3))],
  ['proposed', line(false, rating('CARRIED', 3, 1))],
]);
const wish = (
  criterionId: string,
  expectedRatingVersion: number,
  more: Partial<RatingWish> = {},
): RatingWish => ({
  criterionId,
  level: 0,
  notApplicable: false,
  proofDays: [],
  expectedRatingVersion,
  ...more,
});

describe('a colleague is never overwritten', () => {
  test.each([
    ['open', 0, true],
    ['rated', 1, true],
    ['rated', 0, false],
    ['rated', 2, false],
    ['seconded', 2, true],
    ['seconded', 1, false],
    ['agreed', 3, true],
    ['proposed', 0, true],
  ])('%s seen at version %i: %s', (criterion, version, saved) =>
    expect(refuseRatedMeanwhile([wish(criterion, version)], lines) === undefined).toBe(saved),
  );

  test('all conflicts are shown, and nothing of the rest is saved', () => {
    const refusal = refuseRatedMeanwhile([wish('open', 0), wish('rated', 0), wish('seconded', 1)], lines);
    expect(refusal?.conflicts.map(({ theirs }) => [theirs.personId, theirs.level])).toEqual([
      ['anna', 1],
      ['bora', 3],
    ]);
  });

  test('a proposal was said by nobody', () => expect(newest(lines.get('proposed')!.ratings)).toBeUndefined());
});

test.each<[string, RatingWish[], string[]]>([
  ['a level alone', [wish('open', 0)], []],
  ['neither level nor not applicable', [wish('open', 0, { level: null })], ['ratings.0']],
  ['both', [wish('open', 0, { notApplicable: true })], ['ratings.0']],
  ['not applicable without reason', [wish('open', 0, { level: null, notApplicable: true })], ['ratings.0']],
  ['a criterion twice', [wish('open', 0), wish('open', 0)], ['ratings.1.criterionId']],
  [
    'level 1 without statement, behind a good one',
    [wish('open', 0), wish('rated', 1, { level: 1 })],
    ['ratings.1'],
  ],
])('%s', (_, wishes, paths) =>
  expect(refuseFaulty(wishes, shippedScale)?.faults.map(({ path }) => path) ?? []).toEqual(paths),
);

describe('the second person', () => {
  test.each([
    ['rated', 'bora', null, true],
    ['rated', 'anna', null, false],
    ['rated', 'cem', 'anna', false],
  ])('of %s is %s (for %s): %s', (criterion, personId, representsId, accepted) =>
    expect(refuseSamePerson([criterion], lines, { personId, representsId }) === undefined).toBe(accepted),
  );

  test.each([
    ['rated', 0],
    ['open', 1],
    ['proposed', 2],
  ])('%s gives %i reasons against', (criterion, reasons) =>
    expect(refuseUnseconded([criterion], lines)?.reasons ?? []).toHaveLength(reasons),
  );
});

test.each([
  ['seconded', 2, undefined],
  ['seconded', 4, 'InvalidInput'],
  ['seconded', null, 'InvalidInput'],
  ['rated', 1, 'NotPossibleNow'],
  ['agreed', 2, 'NotPossibleNow'],
])('an agreement on %s at level %s: %s', (criterion, level, refusal) =>
  expect(refuseAgreement(level, lines.get(criterion)!)?.__typename).toBe(refusal),
);

test.each([
  ['OWNER', undefined, true],
  ['HEAD', 'other', true],
  ['CONTRIB', 'mine', true],
  ['CONTRIB', 'other', false],
  ['CONTRIB', undefined, false],
])('%s with competence at %s may rate: %s', (fn, post, may) =>
  expect(mayRate(new Set([fn]), post, new Set(['mine']))).toBe(may),
);
