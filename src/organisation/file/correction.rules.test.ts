import { describe, expect, test } from '@jest/globals';
import { applyCorrections, keepKnown } from './correction.rules.ts';
import { changeOf } from '../change/plan-change.rules.ts';
import { emptyPlan, judged, type StatedUnit, type UnitFacts } from '../plan/plan.rules.ts';

const unit = (code: string, facts: Partial<UnitFacts> = {}): StatedUnit => ({
  code,
  facts: { name: code, parentCode: null, level: 'L2', kind: 'FAC', tags: [], headcount: null, ...facts },
  from: null,
  until: null,
  predecessorCodes: [],
  proposed: judged,
  at: { file: 'chart.json', line: 1 },
});
const reading = (...rows: StatedUnit[]) => ({ statement: { units: { rows, complete: true } }, faults: [] });

describe('corrections', () => {
  test('replace what was proposed, field by field', () => {
    const { statement, faults } = applyCorrections(reading(unit('A'), unit('B')), [
      { code: 'A', kind: 'PUB', headcount: 0 },
    ]);
    expect(faults).toEqual([]);
    expect(
      statement.units!.rows.map(({ facts, proposed }) => [
        facts.kind,
        facts.headcount,
        facts.level,
        proposed,
      ]),
    ).toEqual([
      ['PUB', 0, 'L2', ['level', 'tags']],
      ['FAC', null, 'L2', judged],
    ]);
  });

  test('of a unit that is not there are a fault', () => {
    expect(applyCorrections(reading(unit('A')), [{ code: 'Z', level: 'L3' }]).faults).toMatchObject([
      { code: 'UNKNOWN_UNIT', file: 'corrections', field: 'corrections[0].code' },
    ]);
  });
});

test('a known unit keeps how it was classified, and takes its new name and place', () => {
  const classified = unit('A', { kind: 'PUB', tags: ['X'], headcount: 40 });
  const plan = changeOf(emptyPlan, reading(classified).statement, '2026-01-01', () => 'id').after;
  const { statement } = applyCorrections(reading(unit('A', { name: 'New', parentCode: 'B' }), unit('N')), [
    { code: 'A', level: 'L3' },
  ]);
  expect(keepKnown(statement, plan).units!.rows.map(({ facts }) => facts)).toEqual([
    { name: 'New', parentCode: 'B', level: 'L3', kind: 'PUB', tags: ['X'], headcount: 40 },
    { name: 'N', parentCode: null, level: 'L2', kind: 'FAC', tags: [], headcount: null },
  ]);
});

test('a table without a column leaves what is known, and an empty cell empties it', () => {
  const plan = changeOf(
    emptyPlan,
    reading({ ...unit('A', { tags: ['X'], headcount: 40 }), proposed: [] }).statement,
    '2026-01-01',
    () => 'id',
  ).after;
  const told = (unstated: readonly string[]) =>
    keepKnown(reading({ ...unit('A'), proposed: [], unstated }).statement, plan).units!.rows[0]!.facts;
  expect(told(['tags', 'headcount'])).toMatchObject({ tags: ['X'], headcount: 40 });
  expect(told(['tags'])).toMatchObject({ tags: ['X'], headcount: null });
  expect(told([])).toMatchObject({ tags: [], headcount: null });
});
