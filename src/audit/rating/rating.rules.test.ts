import { describe, expect, test } from '@jest/globals';
import { shippedScale, type Scale } from './scale.rules.ts';
import {
  counting,
  difference,
  isBetween,
  missingProof,
  mustBeResolved,
  ratedByTwo,
  samePerson,
  type Answer,
  type RatingKind,
  type RatingStanding,
  type Standings,
} from './rating.rules.ts';

const full = {
  statement: 'Verfügung vom März, Sachgebiet 2 setzt um',
  checkNote: 'Rückmeldungen ausgewertet',
  changedRule: 'Dienstanweisung 4/2026',
  proofDays: ['2026-01-10', '2026-06-10'],
};
const answer = (level: number | null, without: Partial<Answer> = {}): Answer => ({
  level,
  ...full,
  ...without,
});

describe('minimum proof on other scales', () => {
  const six = { stages: [null, 'P', 'D', 'C', 'A', 'A'] } as const;
  const three = { stages: [null, 'P', 'A'] } as const;
  const two = { stages: [null, 'A'] } as const;
  const bare = { stages: [null, null, null] } as const;
  test.each<[string, Scale, Answer, string[]]>([
    ['0–5: 5 is a level', six, answer(5), []],
    ['0–5: what 4 asks, 5 asks, too', six, answer(5, { changedRule: null }), ['Ab Stufe 4']],
    ['0–5: 6 is none', six, answer(6), ['von 0 bis 5']],
    ['0–2: 1 needs a statement', three, { level: 1, proofDays: [] }, ['Ab Stufe 1']],
    [
      '0–2: the top needs all that is asked on the way',
      three,
      { level: 2, proofDays: [] },
      ['Ab Stufe 1', 'Ab Stufe 2', 'Ab Stufe 2', 'Ab Stufe 2', 'Ab Stufe 2'],
    ],
    ['0–2: 3 is none', three, answer(3), ['von 0 bis 2']],
    ['0–1: the top needs everything', two, { level: 1, proofDays: [] }, Array(5).fill('Ab Stufe 1')],
    ['without stages nothing is asked', bare, { level: 2, proofDays: [] }, []],
  ])('%s', (_, scale, given, says) => {
    const faults = missingProof(given, scale).map(({ de }) => de);
    expect(faults).toEqual(says.map((part) => expect.stringContaining(part)));
  });
});

describe('minimum proof', () => {
  test.each<[string, Answer, number]>([
    ['0 needs nothing', { level: 0, proofDays: [] }, 0],
    ['1 needs a statement', { level: 1, proofDays: [] }, 1],
    ['1 with a statement holds', { level: 1, statement: 'Beschluss', proofDays: [] }, 0],
    ['a blank statement is none', { level: 1, statement: ' \n', proofDays: [] }, 1],
    ['2 needs a piece of evidence', answer(2, { proofDays: [] }), 1],
    ['2 needs the statement of 1 too', answer(2, { statement: null }), 1],
    ['2 with one piece holds', answer(2, { proofDays: ['2026-01-10'], checkNote: null }), 0],
    ['3 needs two days', answer(3, { proofDays: ['2026-01-10', '2026-01-10'] }), 1],
    ['3 needs the check', answer(3, { checkNote: '' }), 1],
    ['3 needs no changed rule', answer(3, { changedRule: null }), 0],
    ['4 needs the changed rule', answer(4, { changedRule: null }), 1],
    ['4 with everything holds', answer(4), 0],
    ['4 with nothing lacks all five', { level: 4, proofDays: [] }, 5],
    ['not applicable needs a reason', answer(null), 1],
    ['not applicable with a reason holds', { level: null, reason: 'Kein Publikum', proofDays: [] }, 0],
    ['5 is no level', answer(5), 1],
    ['-1 is no level', answer(-1), 1],
    ['2.5 is no level', answer(2.5), 1],
  ])('%s', (_, given, faults) => expect(missingProof(given, shippedScale)).toHaveLength(faults));
});

const anna = { personId: 'anna', representsId: null };
const bora = { personId: 'bora', representsId: null };
const deputyOfAnna = { personId: 'cem', representsId: 'anna' };

describe('two people', () => {
  test.each([
    ['the same', anna, anna, true],
    ['two', anna, bora, false],
    ['deputy and represented', deputyOfAnna, anna, true],
    ['represented and deputy', anna, deputyOfAnna, true],
    ['two deputies of one', deputyOfAnna, { personId: 'dora', representsId: 'anna' }, true],
    [
      'the system is nobody',
      { personId: null, representsId: null },
      { personId: null, representsId: null },
      false,
    ],
  ])('%s', (_, one, other, same) => expect(samePerson(one, other)).toBe(same));

  test('a core criterion needs both ratings, by two persons', () => {
    expect(ratedByTwo({ SELF: rating('SELF', 2) })).toBe(false);
    expect(ratedByTwo({ SELF: rating('SELF', 2), SECOND: rating('SECOND', 2, 2, anna) })).toBe(false);
    expect(ratedByTwo({ SELF: rating('SELF', 2), SECOND: rating('SECOND', 3, 2, bora) })).toBe(true);
  });
});

describe('differences', () => {
  test.each([
    [2, 2, 0],
    [1, 3, 2],
    [4, 0, 4],
    [null, null, 0],
    [null, 0, Infinity],
  ])('%s and %s lie %s apart', (one, other, apart) => expect(difference(one, other)).toBe(apart));

  test.each<[string, Standings, boolean]>([
    ['one apart is tolerated', pair(2, 3), false],
    ['two apart must be resolved', pair(1, 3), true],
    ['not applicable against 0 must be resolved', pair(null, 0), true],
    ['an agreement settles it', { ...pair(1, 3), CONSENSUS: rating('CONSENSUS', 2, 3) }, false],
    ['a later self-rating reopens it', { ...pair(1, 3, 4), CONSENSUS: rating('CONSENSUS', 2, 3) }, true],
    ['one rating cannot differ', { SELF: rating('SELF', 4) }, false],
  ])('%s', (_, standings, must) => expect(mustBeResolved(standings)).toBe(must));

  test.each([
    [1, 3, 2, true],
    [1, 3, 3, true],
    [1, 3, 4, false],
    [1, 3, 0, false],
    [1, 3, null, false],
    [null, 2, null, true],
    [null, 2, 1, true],
    [null, 2, 3, false],
  ])('of %s and %s, %s is between: %s', (self, second, level, between) =>
    expect(isBetween(level, pair(self, second))).toBe(between),
  );
});

test.each<[string, Standings, RatingKind | undefined]>([
  ['nothing', {}, undefined],
  ['a proposal', { CARRIED: rating('CARRIED', 3) }, undefined],
  ['the self-rating', pair(2, 3), 'SELF'],
  ['the agreement', { ...pair(1, 3), CONSENSUS: rating('CONSENSUS', 2, 3) }, 'CONSENSUS'],
  ['the self-rating after rework', { ...pair(3, 3, 4), CONSENSUS: rating('CONSENSUS', 2, 3) }, 'SELF'],
  ['a new cycle after the audit', { ...pair(2, 3, 10), FINAL: rating('FINAL', 1, 9) }, 'SELF'],
  ['the audit', { ...pair(2, 3), FINAL: rating('FINAL', 1, 9), AUDIT: rating('AUDIT', 0, 8) }, 'FINAL'],
])('what counts: %s', (_, standings, kind) => expect(counting(standings)?.kind).toBe(kind));

function rating(kind: RatingKind, level: number | null, version = 1, by = anna): RatingStanding {
  return { kind, level, version, ...by };
}
function pair(self: number | null, second: number | null, selfVersion = 1): Standings {
  return { SELF: rating('SELF', self, selfVersion), SECOND: rating('SECOND', second, 2, bora) };
}
