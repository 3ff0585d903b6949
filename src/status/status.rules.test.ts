import { describe, expect, test } from '@jest/globals';
import { daysBetween } from '../platform/bare.ts';
import * as rules from './status.rules.ts';
import type { ProcessState, UnitState } from './status.rules.ts';

function process(change: Partial<ProcessState> = {}): ProcessState {
  return {
    processId: 'p',
    roundId: 'r',
    unitId: 'u',
    startedAt: new Date('2026-01-01T00:00:00Z'),
    state: 'inventory.selfAssessment',
    tags: ['editable'],
    isSuspended: false,
    since: new Date('2026-02-01T00:00:00Z'),
    waitingFor: ['OWNER'],
    applicable: 20,
    rated: 9,
    notApplicable: 1,
    core: 8,
    coreRated: 4,
    coreBelow: 1,
    pointsOf: 80,
    points: 40,
    finallyRatedOn: null,
    ...change,
  };
}

function unit(change: Partial<UnitState> = {}): UnitState {
  return {
    unit: { id: 'u', code: 'A10', level: 'L2', kind: 'PUB', headcount: 12, isHeadcountStated: true },
    areaId: 'D1',
    process: undefined,
    audited: undefined,
    coverage: { criteria: 21, competent: 20, coveredWithDeputy: 19, fields: 9, accountable: 9 },
    coreMeasureDueOn: null,
    hidden: null,
    mayRead: { unit: true, ratings: true, verdict: true, gaps: true },
    ...change,
  };
}

const closed = process({ tags: ['ratingsClosed', 'underReview'], state: 'review.desk' });
const released = process({
  processId: 'old',
  roundId: 'earlier',
  tags: ['ratingsClosed', 'released', 'recognised'],
  coreRated: 8,
  coreBelow: 0,
  finallyRatedOn: '2026-01-31',
});
const cancelled = process({ tags: ['terminal'], state: 'cancelled' });

describe('Which process counts', () => {
  test('the round shows its own, anchoring the last published report of whichever round', () => {
    const chosen = rules.choose([released, closed], 'r');
    expect(chosen).toEqual({ process: closed, audited: released });
    expect(rules.factsOf(unit(chosen))).toMatchObject({
      basis: 'FINAL',
      finallyRatedOn: '2026-01-31',
      coreReached: 8,
    });
  });

  test.each<[string, ProcessState | undefined, string, boolean]>([
    ['no process', undefined, 'NONE', false],
    ['a self-assessment being written', process(), 'NONE', true],
    ['a closed self-assessment', closed, 'SELF', true],
    ['a cancelled process', cancelled, 'NONE', false],
  ])('%s', (_, given, basis, started) => {
    expect(rules.factsOf(unit({ process: given }))).toMatchObject({ basis, started });
  });

  test('maturity counts only from closed ratings', () => {
    expect(rules.maturityOf(unit({ process: process() }))).toEqual({ part: 0, of: 0 });
    expect(rules.maturityOf(unit({ process: closed }))).toEqual({ part: 40, of: 80 });
  });
});

test.each<[string, ProcessState | undefined, number, number]>([
  ['without a process by what the catalogue asks', undefined, 0, 21],
  ['not yet frozen, likewise', process({ applicable: 0, rated: 0, notApplicable: 0 }), 0, 21],
  ['then by what was frozen, "not applicable" included', process(), 10, 20],
])('Completion is counted %s', (_, given, part, of) => {
  expect(rules.doneOf(unit({ process: given }))).toEqual({ part, of });
});

test.each<[string, number, number, boolean, boolean]>([
  ['L4', 5, 9, false, true],
  ['L4', 4, 9, false, false],
  ['L4', 4, 9, true, true],
  ['L3', 4, 9, false, true],
  ['L2', 40, 0, false, false],
])(
  'A unit on %s with %d staff, %d criteria and a process (%#) is judged',
  (level, headcount, criteria, has, yes) => {
    const of = { level, headcount, isHeadcountStated: true };
    expect(rules.isJudged(of, criteria, has, { smallTeam: 5 } as never)).toBe(yes);
  },
);

test('A team whose head count nobody stated is not small', () => {
  const of = { level: 'L4', headcount: 1, isHeadcountStated: false };
  expect(rules.isJudged(of, 9, false, { smallTeam: 5 } as never)).toBe(true);
});

test.each<[Partial<UnitState>, string | null]>([
  [{}, null],
  [{ hidden: 'FEW' }, 'FEW'],
  [{ hidden: 'UNKNOWN' }, 'UNKNOWN'],
  [{ hidden: 'FEW', mayRead: { unit: false, ratings: false, verdict: false, gaps: false } }, 'NOT_PUBLISHED'],
])('A unit with %j counts, or is left out because %s', (given, why) => {
  expect(rules.whyHidden(unit(given))).toBe(why);
});

test('States stand in the order of the process, with who has waited longest and for whom', () => {
  const later = process({ since: new Date('2026-03-01T00:00:00Z'), waitingFor: ['OWNER', 'DEZ'] });
  const groups = rules.byState(
    [unit({ process: closed }), unit({ process: later }), unit({ process: process() }), unit()],
    ['inventory.selfAssessment', 'review.desk'],
  );
  expect(groups.map(({ state, units }) => [state, units.length])).toEqual([
    ['notStarted', 1],
    ['inventory.selfAssessment', 2],
    ['review.desk', 1],
  ]);
  expect(groups[0]).toMatchObject({ longestSince: null, waitingFor: [] });
  expect(groups[1]!.longestSince).toEqual(new Date('2026-02-01T00:00:00Z'));
  expect(groups[1]!.waitingFor).toEqual([
    { function: 'OWNER', functionName: { de: 'Prozessleitung', en: 'process owner' }, number: 2 },
    { function: 'DEZ', functionName: { de: 'Dezernatsleitung', en: 'head of directorate' }, number: 1 },
  ]);
});

test('A deadline of today is not overdue; one of yesterday is, by a day', () => {
  expect(daysBetween('2026-11-24', '2026-11-24')).toBe(0);
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
});
