import { expect, test } from '@jest/globals';
import { coverageOf, type CoveredUnit, type CoveringPost } from './coverage.rules.ts';

const unit = (level: string): CoveredUnit => ({
  id: 'u',
  level,
  parentId: 'above',
  criteria: [
    { code: 'LEI-01', field: 'LEI' },
    { code: 'LEI-02', field: 'LEI' },
    { code: 'STE-01', field: 'STE' },
  ],
});
const post = (...seats: string[][]): CoveringPost => ({
  unitId: 'u',
  deputies: seats.map((one) => ({ seats: one })),
  longVacant: false,
});
const everywhere = (one: CoveringPost | undefined) => () => one;

test('nothing assigned, nothing covered', () => {
  expect(coverageOf(unit('L2'), everywhere(undefined))).toEqual({
    criteria: 3,
    competent: 0,
    coveredWithDeputy: 0,
    fields: 2,
    accountable: 0,
  });
});

test('each kind counts its own', () => {
  const posts: Record<string, CoveringPost> = { 'COMPETENT LEI-01': post(['u']), 'ACCOUNTABLE STE': post() };
  expect(coverageOf(unit('L2'), (kind, subject) => posts[`${kind} ${subject}`])).toMatchObject({
    competent: 1,
    coveredWithDeputy: 1,
    accountable: 1,
  });
});

test.each([
  ['no deputy', 'L2', post(), 0],
  ['a deputy in the unit', 'L2', post(['u']), 3],
  ['one of two near enough', 'L2', post(['far'], ['u']), 3],
  ['a deputy without a post of their own', 'L2', post([]), 3],
  ['one level up, for an office', 'L2', post(['above']), 0],
  ['one level up, for a section', 'L3', post(['above']), 3],
  ['one level up, for a team', 'L4', post(['above']), 3],
  ['far away, for a team', 'L4', post(['far']), 0],
])('%s (%s)', (_name, level, one, covered) => {
  expect(coverageOf(unit(level), everywhere(one)).coveredWithDeputy).toBe(covered);
});

test('a post in another unit is covered by its own neighbours', () => {
  expect(
    coverageOf(unit('L2'), everywhere({ ...post(['centre']), unitId: 'centre' })).coveredWithDeputy,
  ).toBe(3);
});

test('a long vacancy covers nothing, neither competence nor accountability', () => {
  expect(coverageOf(unit('L2'), everywhere({ ...post(['u']), longVacant: true }))).toMatchObject({
    competent: 0,
    coveredWithDeputy: 0,
    accountable: 0,
  });
});
