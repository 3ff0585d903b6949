import { expect, test } from '@jest/globals';
import { gapsOf, unionsOf, type AskedUnit, type NamedPost } from './gap.rules.ts';
import type { Draft } from './assignment.rules.ts';

const title = { de: 'Titel', en: 'Title' };
const criterion = (code: string, field: string) => ({ code, title, field, fieldOfAction: { title } });
const unit: AskedUnit = {
  id: 'amt',
  validFrom: '2020-01-01',
  criteria: [criterion('LEI-01', 'LEI'), criterion('LEI-02', 'LEI'), criterion('STE-01', 'STE')],
};
const line = (over: Partial<Draft>): Draft => ({
  assignmentId: 'a',
  kind: 'COMPETENT',
  unitId: 'amt',
  catalogue: 'administration',
  subjects: ['LEI-01'],
  postId: 'p',
  ruleId: null,
  stage: 'CONFIRMED',
  validFrom: '2025-01-01',
  validUntil: null,
  proposedBy: null,
  acceptedBy: null,
  confirmedBy: null,
  reason: null,
  rationale: null,
  ...over,
});
const gaps = (...lines: Draft[]) =>
  gapsOf([unit], lines, '2026-06-01').map(({ code, since }) => `${code} ${since}`);

test('nobody anywhere: every criterion and every field, since the unit is what it is', () => {
  expect(gaps()).toEqual(['LEI-01', 'LEI-02', 'STE-01', 'LEI', 'STE'].map((code) => `${code} 2020-01-01`));
});

test.each([
  ['what holds', line({}), false],
  ['what will hold', line({ validFrom: '2026-07-01' }), true],
  ['what is over', line({ validUntil: '2026-06-01' }), true],
  ['what is accepted only', line({ stage: 'ACCEPTED' }), true],
  ['another unit', line({ unitId: 'other' }), true],
  ['another kind', line({ kind: 'ACCOUNTABLE' }), true],
])('%s leaves a gap: %j → %s', (_name, one, missing) => {
  expect(gaps(one).some((gap) => gap.startsWith('LEI-01'))).toBe(missing);
});

test('since the last one ended', () => {
  const lines = [line({ validUntil: '2026-03-01' }), line({ validUntil: '2025-06-01' })];
  expect(gaps(...lines)).toContain('LEI-01 2026-03-01');
});

test('a line that follows closes the gap, in whatever order they come', () => {
  const lines = [line({ validUntil: '2026-03-01' }), line({ validFrom: '2026-03-01' })];
  expect(gaps(...lines)).not.toContain('LEI-01 2026-03-01');
  expect(gaps(...lines.toReversed())).toHaveLength(4);
});

test('the same person at both posts is a union, with the reason of either', () => {
  const post = (postId: string, persons: string[], rationale: string | null = null): NamedPost => ({
    postId,
    persons,
    rationale,
  });
  const named: Record<string, NamedPost> = {
    'COMPETENT LEI-01': post('p1', ['ann']),
    'COMPETENT LEI-02': post('p1', ['ann']),
    'COMPETENT STE-01': post('p2', ['bob']),
    'ACCOUNTABLE LEI': post('head', ['ann'], 'small unit'),
    'ACCOUNTABLE STE': post('head', ['ann']),
  };
  expect(unionsOf([unit], (_unit, kind, code) => named[`${kind} ${code}`])).toEqual([
    { unitId: 'amt', field: 'LEI', criteria: ['LEI-01', 'LEI-02'], postId: 'p1', rationale: 'small unit' },
  ]);
});
