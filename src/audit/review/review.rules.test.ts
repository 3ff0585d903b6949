import { describe, expect, test } from '@jest/globals';
import type { RatingStanding, Standings } from '../rating/rating.rules.ts';
import { shippedScale } from '../rating/scale.rules.ts';
import {
  deviation,
  auditFault,
  notRerated,
  toFinalise,
  unexplained,
  visitMayBeSkipped,
  type ReviewLine,
} from './review.rules.ts';

const standing = (kind: RatingStanding['kind'], level: number | null, version = 1): RatingStanding => ({
  kind,
  level,
  version,
  personId: 'x',
  representsId: null,
});
const self = (level: number | null) => ({ SELF: standing('SELF', level) });
const audit = (level: number | null, version = 2) => ({ AUDIT: standing('AUDIT', level, version) });
const final = (level: number | null, version = 3) => ({ FINAL: standing('FINAL', level, version) });
const line = (ratings: Standings, core = false): ReviewLine => ({ criterionId: 'c', core, ratings });

describe('deviation', () => {
  test.each<[string, Standings, number]>([
    ['same level', { ...self(2), ...audit(2) }, 0],
    ['two lower', { ...self(3), ...audit(1) }, 2],
    ['not yet rated by the auditor', self(3), 0],
    [
      'the agreed level counts, not the first one',
      { ...self(0), CONSENSUS: standing('CONSENSUS', 2, 2), ...audit(2) },
      0,
    ],
    ['consent to "not applicable"', { ...self(null), ...audit(null) }, 0],
    ['no consent to "not applicable"', { ...self(null), ...audit(0) }, Infinity],
    ['a final rating does not hide it', { ...self(3), ...audit(2), ...final(2) }, 1],
  ])('%s', (_case, standings, levels) => expect(deviation(standings)).toBe(levels));
});

describe('an auditor explains what differs', () => {
  test.each<[string, Standings, number | null, string | null, boolean]>([
    ['the same level', self(2), 2, null, false],
    ['another level', self(2), 1, null, true],
    ['another level with blanks', self(2), 1, '   ', true],
    ['another level with a reason', self(2), 1, 'Nur ein Entwurf liegt vor.', false],
    ['consent to "not applicable"', self(null), null, null, false],
    ['no consent to "not applicable"', self(null), 0, null, true],
    ['"not applicable" against a level', self(2), null, null, true],
    ['a criterion the unit left open', {}, 0, null, false],
    ['"not applicable" where the unit left it open', {}, null, null, true],
    ['a level beyond the scale', self(2), 5, 'Hervorragend.', true],
    ['half a level', self(2), 1.5, 'Dazwischen.', true],
  ])('%s', (_case, standings, level, explanation, missing) => {
    expect(auditFault({ level, explanation }, standings, shippedScale) !== undefined).toBe(missing);
  });

  test('the sentence names both views', () => {
    expect(auditFault({ level: 1 }, self(null), shippedScale)?.de).toBe(
      'Die Einheit sieht hier „nicht anwendbar“, Sie „Stufe 1“. Bitte begründen.',
    );
  });

  test('only deviations without words are open', () => {
    const lines = [line({ ...self(2), ...audit(1) }), line({ ...self(2), ...audit(2) })];
    expect(unexplained(lines, () => false)).toEqual([lines[0]]);
    expect(unexplained(lines, () => true)).toEqual([]);
  });
});

describe('a visit may be skipped', () => {
  const core = (ratings: Standings) => line(ratings, true);
  test.each<[string, string, ReviewLine[], boolean]>([
    ['its core stands', 'L3', [core({ ...self(2), ...audit(2) })], true],
    [
      'only others deviate',
      'L4',
      [line({ ...self(2), ...audit(1) }), core({ ...self(2), ...audit(2) })],
      true,
    ],
    ['a core criterion deviates', 'L4', [core({ ...self(2), ...audit(1) })], false],
    ['its core was not looked at', 'L3', [core(self(2))], false],
    ['it is an office', 'L2', [core({ ...self(2), ...audit(2) })], false],
    ['it has no core criteria', 'L4', [], true],
  ])('%s, %s', (_case, level, lines, may) => expect(visitMayBeSkipped(level, lines)).toBe(may));
});

describe('the final review', () => {
  test.each<[string, Standings, boolean]>([
    ['a finding that nobody looked at again', { ...audit(1), ...final(1) }, true],
    ['a finding rated again', { ...audit(2, 9), ...final(1) }, false],
    ['a finding rated again the same', { ...audit(1, 9), ...final(1) }, false],
    ['no finding', { ...audit(2), ...final(2) }, false],
    ['not applicable', { ...audit(null), ...final(null) }, false],
  ])('%s', (_case, standings, open) => expect(notRerated([line(standings)])).toHaveLength(open ? 1 : 0));

  test.each<[string, Standings, boolean]>([
    ['rated, never final', audit(2), true],
    ['final already', { ...audit(2), ...final(2) }, false],
    ['rated again', { ...audit(3, 9), ...final(2) }, true],
    ['never rated by an auditor', self(2), false],
  ])('%s', (_case, standings, becomes) =>
    expect(toFinalise([line(standings)])).toHaveLength(becomes ? 1 : 0),
  );
});
