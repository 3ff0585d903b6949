import { expect, test } from '@jest/globals';
import { coverageOf, type ActiveLine, type AskedCodes, type CoveringPost } from './coverage.rules.ts';

const asked: AskedCodes = {
  criteria: new Set(['LEI-01', 'LEI-02', 'STE-01']),
  fields: new Set(['LEI', 'STE']),
};
const unit = (level: string) => ({ id: 'u', level, parentId: 'above' });
const post = (...seats: string[][]): CoveringPost => ({
  unitId: 'u',
  deputies: seats.map((one) => ({ seats: one })),
  longVacant: false,
});
/** One post for everything. */
const everything = (one: CoveringPost | undefined): ActiveLine[] => [
  { kind: 'COMPETENT', subjects: [...asked.criteria], post: one },
  { kind: 'ACCOUNTABLE', subjects: [...asked.fields], post: one },
];
const nothing = { criteria: 3, competent: 0, coveredWithDeputy: 0, fields: 2, accountable: 0 };

test('nothing assigned, or to a post that is no more: nothing covered', () => {
  expect(coverageOf(unit('L2'), asked, [])).toEqual(nothing);
  expect(coverageOf(unit('L2'), asked, everything(undefined))).toEqual(nothing);
});

test('each kind counts its own, and only what is asked', () => {
  const lines: ActiveLine[] = [
    { kind: 'COMPETENT', subjects: ['LEI-01', 'OLD-01', 'LEI'], post: post(['u']) },
    { kind: 'ACCOUNTABLE', subjects: ['STE', 'LEI-02'], post: post() },
  ];
  expect(coverageOf(unit('L2'), asked, lines)).toEqual({
    ...nothing,
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
  expect(coverageOf(unit(level), asked, everything(one)).coveredWithDeputy).toBe(covered);
});

test('a post in another unit is covered by its own neighbours', () => {
  const central = { ...post(['centre']), unitId: 'centre' };
  expect(coverageOf(unit('L2'), asked, everything(central)).coveredWithDeputy).toBe(3);
});

test('a long vacancy covers nothing, neither competence nor accountability', () => {
  expect(coverageOf(unit('L2'), asked, everything({ ...post(['u']), longVacant: true }))).toEqual(nothing);
});
