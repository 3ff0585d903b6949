import { describe, expect, test } from '@jest/globals';
import {
  bySpecificity,
  headedUnit,
  refuseRule,
  wantedBy,
  type AssignmentRule,
  type RuleInput,
  type RuleUnit,
  type Target,
} from './assignment-rule.rules.ts';
import type { Hierarchy } from '../functions/functions.rules.ts';

const parents: Record<string, string | null> = { top: null, dez: 'top', amt: 'dez', abt: 'amt' };
const levels: Record<string, string> = { top: 'L0', dez: 'L1', amt: 'L2', abt: 'L3' };
const tree: Hierarchy = {
  node: (id) => (id in levels ? { id, level: levels[id]! } : undefined),
  ancestors: (id) => {
    const parent = parents[id];
    return parent ? [{ id: parent, level: levels[parent]! }, ...tree.ancestors(parent)] : [];
  },
};
const rule = (id: string, over: Partial<AssignmentRule> = {}): AssignmentRule => ({
  id,
  unitId: 'top',
  levels: [],
  fields: [],
  criteria: [],
  competent: { postId: `post of ${id}` },
  accountable: null,
  validFrom: '2026-01-01',
  validUntil: null,
  recordedAt: new Date('2026-01-01'),
  ...over,
});
const abt: RuleUnit = {
  id: 'abt',
  level: 'L3',
  criteria: [
    { code: 'LEI-01', field: 'LEI' },
    { code: 'LEI-02', field: 'LEI' },
    { code: 'STE-01', field: 'STE' },
  ],
};
const postFor = (target: Target) => ('postId' in target ? target.postId : null);
const winnerFor = (subject: string, rules: AssignmentRule[]) =>
  wantedBy(rules, [abt], tree, postFor).find((one) => one.subject === subject)?.ruleId;

describe('the more specific rule wins', () => {
  const general = rule('general');
  const later = new Date('2026-06-01');
  test.each([
    [
      'nearer subtree before criteria',
      rule('criteria', { criteria: ['LEI-01'] }),
      rule('near', { unitId: 'amt' }),
      'near',
    ],
    [
      'criteria before fields',
      rule('fields', { fields: ['LEI'] }),
      rule('criteria', { criteria: ['LEI-01'] }),
      'criteria',
    ],
    ['fields before all', general, rule('fields', { fields: ['LEI'] }), 'fields'],
    [
      'fields before levels',
      rule('levels', { levels: ['L3'] }),
      rule('fields', { fields: ['LEI'] }),
      'fields',
    ],
    ['named levels before all', general, rule('levels', { levels: ['L3'] }), 'levels'],
    ['of equals the newest', general, rule('newest', { recordedAt: later }), 'newest'],
  ])('%s', (_name, one, other, winner) => {
    expect(winnerFor('LEI-01', [one, other])).toBe(winner);
    expect(winnerFor('LEI-01', [other, one])).toBe(winner);
  });

  test('an order, whatever the order they come in', () => {
    const same = [rule('a'), rule('b')];
    expect(same.toSorted((x, y) => bySpecificity(x, y, tree))).toEqual(
      same.toReversed().toSorted((x, y) => bySpecificity(x, y, tree)),
    );
  });
});

describe('what rules want', () => {
  test.each([
    ['a rule beside the unit', rule('x', { unitId: 'elsewhere' })],
    ['another level', rule('x', { levels: ['L2'] })],
    ['other fields', rule('x', { fields: ['DAT'] })],
    ['other criteria', rule('x', { criteria: ['DAT-01'] })],
    ['nobody for competence', rule('x', { competent: null })],
  ])('nothing by %s', (_name, one) => {
    expect(wantedBy([one], [abt], tree, postFor)).toEqual([]);
  });

  test('one want per criterion, one per field', () => {
    const both = rule('both', { accountable: { postId: 'boss' } });
    expect(
      wantedBy([both], [abt], tree, postFor).map(({ kind, subject, postId }) => [kind, subject, postId]),
    ).toEqual([
      ['COMPETENT', 'LEI-01', 'post of both'],
      ['COMPETENT', 'LEI-02', 'post of both'],
      ['COMPETENT', 'STE-01', 'post of both'],
      ['ACCOUNTABLE', 'LEI', 'boss'],
      ['ACCOUNTABLE', 'STE', 'boss'],
    ]);
  });

  test('the special rule takes its part, the general one keeps the rest', () => {
    const rules = [rule('general'), rule('special', { fields: ['STE'] })];
    expect(wantedBy(rules, [abt], tree, postFor).map(({ subject, ruleId }) => [subject, ruleId])).toEqual([
      ['LEI-01', 'general'],
      ['LEI-02', 'general'],
      ['STE-01', 'special'],
    ]);
  });
});

test.each([
  ['UNIT', 'abt'],
  ['OFFICE', 'amt'],
  ['DIRECTORATE', 'dez'],
  ['ADMINISTRATION', 'top'],
] as const)('the head of %s of a section is the head of %s', (headOf, unitId) => {
  expect(headedUnit(headOf, 'abt', tree)).toBe(unitId);
});

test('there is no head of a level that does not stand above', () => {
  expect(headedUnit('OFFICE', 'dez', tree)).toBeUndefined();
});

describe('a rule that cannot mean anything', () => {
  const around = {
    fields: new Set(['LEI', 'STE']),
    criteria: new Set(['LEI-01']),
    post: (id: string) =>
      ({
        'head-amt': { unitId: 'amt', isManagement: true },
        'clerk-amt': { unitId: 'amt', isManagement: false },
        'head-abt': { unitId: 'abt', isManagement: true },
      })[id],
  };
  const input = (over: Partial<RuleInput>): RuleInput => ({
    ...rule('r', { unitId: 'amt', competent: { headOf: 'UNIT' } }),
    rationale: null,
    ...over,
  });
  test.each([
    ['nobody named', { competent: null }, ['competent']],
    ['fields and criteria', { fields: ['LEI'], criteria: ['LEI-01'] }, ['criteria']],
    ['accountable for criteria', { criteria: ['LEI-01'], accountable: { headOf: 'UNIT' } }, ['accountable']],
    ['unknown codes', { fields: ['XXX', 'LEI', 'YYY'] }, ['fields', 'fields']],
    ['an end before the beginning', { validFrom: '2026-02-01', validUntil: '2026-02-01' }, ['validUntil']],
    [
      'blank texts',
      { rationale: ' ', competent: { postFunction: '' } },
      ['rationale', 'competent.postFunction'],
    ],
    ['an unknown post', { competent: { postId: 'nope' } }, ['competent.postId']],
    ['an ordinary post accountable', { accountable: { postId: 'clerk-amt' } }, ['accountable.postId']],
    ['the head of a unit below', { accountable: { postId: 'head-abt' } }, ['accountable.postId']],
    [
      'a named function accountable',
      { accountable: { postFunction: 'Öffnungsbeauftragte' } },
      ['accountable.postFunction'],
    ],
  ] as [string, Partial<RuleInput>, string[]][])('%s', (_name, over, paths) => {
    const refusal = refuseRule(input(over), around, tree) as { faults?: { path: string }[] } | undefined;
    expect(refusal?.faults?.map(({ path }) => path)).toEqual(paths);
  });

  test('a rule that means something is not refused', () => {
    expect(refuseRule(input({ accountable: { postId: 'head-amt' } }), around, tree)).toBeUndefined();
  });
});
