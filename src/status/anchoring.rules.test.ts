import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { anchoringOf, judgeUnit, policyOn, type AnchoringPolicy, type UnitFacts } from './anchoring.rules.ts';
import { toNumber } from './share.rules.ts';

const file = new URL('../../data/policies/anchoring.json', import.meta.url);
const policy = policyOn(JSON.parse(readFileSync(file, 'utf8')) as AnchoringPolicy[], '2026-11-24');
const day = '2026-11-24';

function facts(change: Partial<UnitFacts> = {}): UnitFacts {
  return {
    unitId: 'u',
    areaId: 'D1',
    level: 'L2',
    criteria: 20,
    competent: 20,
    fields: 10,
    accountable: 10,
    points: 100,
    pointsOf: 200,
    core: 8,
    coreReached: 8,
    basis: 'FINAL',
    finallyRatedOn: '2026-01-31',
    coreMeasureDueOn: null,
    started: true,
    suspended: false,
    ...change,
  };
}

describe('A unit is anchored', () => {
  test.each<[string, Partial<UnitFacts>, string[]]>([
    ['when all five hold', {}, []],
    ['with 19 of 20 criteria covered: 95 % is enough', { competent: 19 }, []],
    ['not with 18 of 20', { competent: 18 }, ['COMPETENCE']],
    ['not with one field nobody answers for', { accountable: 9 }, ['ACCOUNTABILITY']],
    ['not at 49.9 % maturity', { points: 1996, pointsOf: 4000 }, ['MATURITY']],
    ['at 50.0 % maturity', { points: 2000, pointsOf: 4000 }, []],
    ['not with a core criterion below the level', { coreReached: 7 }, ['CORE_CRITERIA']],
    ['on the last day of 36 months', { finallyRatedOn: '2023-11-24' }, []],
    ['not a day later', { finallyRatedOn: '2023-11-23' }, ['FRESHNESS']],
    ['with a core measure 90 days overdue', { coreMeasureDueOn: '2026-08-26' }, []],
    ['not with one 91 days overdue', { coreMeasureDueOn: '2026-08-25' }, ['FRESHNESS']],
    ['not while suspended', { suspended: true }, ['NOT_SUSPENDED']],
    [
      'not unrated',
      { basis: 'NONE', points: 0, pointsOf: 0, coreReached: 0, finallyRatedOn: null },
      ['MATURITY', 'CORE_CRITERIA', 'FRESHNESS'],
    ],
  ])('%s', (_, change, lacking) => {
    const verdict = judgeUnit(facts(change), policy, day);
    expect(verdict.lacking).toEqual(lacking);
    expect(verdict.anchored).toBe(lacking.length === 0);
    expect(verdict.provisionallyAnchored).toBe(false);
  });

  test('only provisionally by its own closed self-assessment', () => {
    const verdict = judgeUnit(facts({ basis: 'SELF', finallyRatedOn: null }), policy, day);
    expect([verdict.anchored, verdict.provisionallyAnchored, verdict.lacking]).toEqual([false, true, []]);
  });
});

/** Units of one area: `[level, anchored, of]`. */
function units(areaId: string | null, ...rows: [level: string, anchored: number, of: number][]) {
  return rows.flatMap(([level, anchored, of]) =>
    Array.from({ length: of }, (_, i) =>
      judgeUnit(facts({ areaId, level, coreReached: i < anchored ? 8 : 7 }), policy, day),
    ),
  );
}

const example = [
  ...units(null, ['L0', 1, 1]),
  ...units('D1', ['L1', 1, 1], ['L2', 3, 3], ['L3', 2, 2], ['L4', 2, 4]),
  ...units('D2', ['L1', 1, 1], ['L2', 3, 4], ['L3', 3, 4], ['L4', 4, 4]),
];

describe('The anchoring of an administration', () => {
  test('follows the worked example of the concept: B 0.80, D 0.75, index 0.775, "largely anchored"', () => {
    const result = anchoringOf(example, policy, true);
    expect(result.areas).toEqual([
      { areaId: 'D1', anchored: { part: 8, of: 10 } },
      { areaId: 'D2', anchored: { part: 11, of: 13 } },
    ]);
    expect(result.levels.map(({ level, anchored }) => [level, anchored.part, anchored.of])).toEqual([
      ['L0', 1, 1],
      ['L1', 2, 2],
      ['L2', 6, 7],
      ['L3', 5, 6],
      ['L4', 6, 8],
    ]);
    expect(toNumber(result.breadth!)).toBe(0.8);
    expect(toNumber(result.depth!)).toBe(0.75);
    expect(result.index).toBe(0.7746);
    expect(result.index!.toFixed(3)).toBe('0.775');
    expect(result.statement).toBe('LARGELY_ANCHORED');
    expect(result.whole).toEqual({ part: 20, of: 24 });
  });

  test('has a cell only where there is a unit', () => {
    const { cells } = anchoringOf(example, policy, true);
    expect(cells).toHaveLength(9);
    expect(cells.reduce((n, { anchored }) => n + anchored.of, 0)).toBe(24);
    expect(cells.find((c) => c.areaId === 'D2' && c.level === 'L3')!.anchored).toEqual({ part: 3, of: 4 });
  });

  test.each<[string, number, boolean, boolean, string]>([
    ['all at 80 %, all under way, steering active', 8, true, true, 'ANCHORED'],
    ['one unit not started', 8, false, true, 'LARGELY_ANCHORED'],
    ['no steering group', 8, true, false, 'LARGELY_ANCHORED'],
    ['at 70 %', 7, true, true, 'LARGELY_ANCHORED'],
    ['at 60 %', 6, true, true, 'LARGELY_ANCHORED'],
    ['at 50 %', 5, true, true, 'NOT_ANCHORED'],
  ])('states what holds: %s', (_, anchored, started, steering, statement) => {
    const verdicts = units('D1', ['L2', anchored, 10]).map((verdict) => ({
      ...verdict,
      facts: { ...verdict.facts, started },
    }));
    expect(anchoringOf(verdicts, policy, steering).statement).toBe(statement);
  });

  test('of no unit at all is no figure', () => {
    const nothing = anchoringOf([], policy, true);
    expect([nothing.index, nothing.breadth, nothing.meanOfAreas, nothing.statement]).toEqual([
      null,
      undefined,
      null,
      'NOT_ANCHORED',
    ]);
  });
});
