import { describe, expect, test } from '@jest/globals';
import type { Step } from '../definition/definition.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { placeOf, permissionOf } from './permission.rules.ts';

const row = (by: Record<string, string[]> = {}) =>
  ({
    id: 'p',
    scopeId: 'u',
    seriesId: 's',
    snapshot: { v: 'x', s: 'active', c: { n: {}, by } },
  }) as unknown as ProcessRow;
const step = (...who: Step['who']): Step => ({ label: { de: 'x', en: 'x' }, who });
const release = step({ function: 'AUDLEAD', notSameAs: ['DRAFT'] }, { function: 'COORD' });

describe('a permission', () => {
  test.each<[string, Step, string[], Record<string, string[]>, string[], string]>([
    ['a function that is held', release, ['AUDLEAD'], {}, ['anna'], 'AUDLEAD'],
    ['the first of two', release, ['COORD', 'AUDLEAD'], {}, ['anna'], 'AUDLEAD'],
    ['no function', release, ['HEAD'], {}, ['anna'], 'NO_FUNCTION'],
    ['the same person', release, ['AUDLEAD'], { DRAFT: ['anna'] }, ['anna'], 'FOUR_EYES'],
    ['another person', release, ['AUDLEAD'], { DRAFT: ['bora'] }, ['anna'], 'AUDLEAD'],
    [
      'the same person in a function without the rule',
      release,
      ['AUDLEAD', 'COORD'],
      { DRAFT: ['anna'] },
      ['anna'],
      'COORD',
    ],
    ['a deputy of who took it', release, ['AUDLEAD'], { DRAFT: ['anna'] }, ['bora', 'anna'], 'FOUR_EYES'],
    ['who was represented in it', release, ['AUDLEAD'], { DRAFT: ['bora', 'anna'] }, ['anna'], 'FOUR_EYES'],
  ])('of %s', (_what, of, held, by, people, outcome) => {
    const permission = permissionOf(of, row(by), () => new Set(held), people);
    expect('as' in permission ? permission.as.function : permission.denied).toBe(outcome);
  });

  test('asks at the place the step names', () => {
    const asked: string[] = [];
    permissionOf(
      step({ function: 'A' }, { function: 'B', scope: 'series' }, { function: 'C', scope: 'tenant' }),
      row(),
      (scope) => (asked.push(scope), new Set()),
      [],
    );
    expect(asked).toEqual(['process', 'series', 'tenant']);
    expect([placeOf(row()), placeOf(row(), 'series'), placeOf(row(), 'tenant')]).toEqual([
      { unitId: 'u', seriesId: 's', processId: 'p' },
      { seriesId: 's' },
      {},
    ]);
  });
});
