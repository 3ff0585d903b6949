import { describe, expect, test } from '@jest/globals';
import {
  correctionFaults,
  isInTime,
  objectionFaults,
  type Attackable,
  type Attacked,
} from './objection.rules.ts';

const known: Attackable = { ratedOn: '2026-03-02', decidedOn: '2026-06-01', outcome: 'REFUSED' };

describe('an objection', () => {
  test.each<[string, Attacked, Attackable, string, boolean]>([
    ['a rating on the 28th day', 'FINAL_RATING', known, '2026-03-30', true],
    ['a rating a day too late', 'FINAL_RATING', known, '2026-03-31', false],
    ['a refused exclusion in time', 'REFUSED_EXCLUSION', known, '2026-03-03', true],
    ['a rating that is not there', 'FINAL_RATING', { ...known, ratedOn: null }, '2026-03-03', false],
    ['a decision in time', 'DECISION', known, '2026-06-29', true],
    ['a decision too late', 'DECISION', known, '2026-06-30', false],
    ['a decision nobody took', 'DECISION', { ...known, decidedOn: null, outcome: null }, '2026-06-02', false],
    ['a withdrawal where there was none', 'WITHDRAWAL', known, '2026-06-02', false],
    ['a withdrawal', 'WITHDRAWAL', { ...known, outcome: 'WITHDRAWN' }, '2026-06-02', true],
    [
      'a decision that was withdrawn since',
      'DECISION',
      { ...known, outcome: 'WITHDRAWN' },
      '2026-06-02',
      false,
    ],
    [
      'over the end of a leap February',
      'FINAL_RATING',
      { ...known, ratedOn: '2028-02-01' },
      '2028-02-29',
      true,
    ],
  ])('against %s', (_what, against, happened, today, holds) => {
    expect(isInTime(against, happened, today)).toBe(holds);
  });

  const lines = new Map([
    ['rated', { own: { level: 3 }, final: { level: 1 } }],
    ['refused', { own: { level: null }, final: { level: 0 } }],
    ['granted', { own: { level: null }, final: { level: null } }],
    ['open', { own: { level: 3 }, final: undefined }],
  ]);
  test.each<[Attacked, string[], string[]]>([
    ['FINAL_RATING', [], ['payload.criteria']],
    ['FINAL_RATING', ['rated', 'refused'], []],
    ['FINAL_RATING', ['rated', 'open', 'unknown'], ['payload.criteria[1]', 'payload.criteria[2]']],
    ['REFUSED_EXCLUSION', ['refused'], []],
    ['REFUSED_EXCLUSION', ['rated', 'granted'], ['payload.criteria[0]', 'payload.criteria[1]']],
    ['DECISION', ['rated'], ['payload.criteria']],
    ['WITHDRAWAL', [], []],
  ])('against %s names %j', (against, criteria, paths) => {
    expect(objectionFaults(against, criteria, (id) => lines.get(id)).map(({ path }) => path)).toEqual(paths);
  });

  test.each<[Attacked, string[], string[]]>([
    ['FINAL_RATING', ['rated'], []],
    ['FINAL_RATING', [], ['payload.corrections']],
    ['FINAL_RATING', ['rated', 'granted'], ['payload.corrections[1].criterionId']],
    ['DECISION', [], []],
    ['DECISION', ['rated'], ['payload.corrections']],
  ])('against %s is upheld by correcting %j', (against, corrected, paths) => {
    const corrections = corrected.map((criterionId) => ({ criterionId, level: 2, reason: 'Gesehen.' }));
    const faults = correctionFaults(against, new Set(['rated']), corrections);
    expect(faults.map(({ path }) => path)).toEqual(paths);
  });
});
