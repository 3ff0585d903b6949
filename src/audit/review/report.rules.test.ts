import { describe, expect, test } from '@jest/globals';
import {
  ratersOf,
  refuseSigner,
  reportHash,
  type ReportedCriterion,
  type FindingSheet,
  type Words,
} from './report.rules.ts';

type Line = [string, { criterionId: string; ratings: { AUDIT?: ReportedCriterion } }];
const line = (criterionId: string, audit?: ReportedCriterion): Line => [
  criterionId,
  { criterionId, ratings: audit ? { AUDIT: audit } : {} },
];
const sheet = (...lines: Line[]): FindingSheet => ({ processId: 'p', lines: new Map(lines) });
const words: Words = { summary: 'Die Einheit ist auf dem Weg.', publicSummary: null };
const rated = { level: 2, statement: null, reason: null, personId: 'anna' };

describe('what a signature binds', () => {
  const signed = reportHash(sheet(line('a', rated), line('b')), words);
  test.each<[string, FindingSheet, Words | undefined, boolean]>([
    ['the same content in another order', sheet(line('b'), line('a', rated)), words, true],
    [
      'the same rating by another auditor',
      sheet(line('a', { ...rated, personId: 'bora' }), line('b')),
      words,
      true,
    ],
    ['another level', sheet(line('a', { ...rated, level: 1 }), line('b')), words, false],
    ['another explanation', sheet(line('a', { ...rated, statement: 'Doch.' }), line('b')), words, false],
    ['a criterion rated since', sheet(line('a', rated), line('b', rated)), words, false],
    ['other words', sheet(line('a', rated), line('b')), { ...words, summary: 'Noch nicht.' }, false],
    ['words for the public', sheet(line('a', rated), line('b')), { ...words, publicSummary: 'Ja.' }, false],
    ['no words', sheet(line('a', rated), line('b')), undefined, false],
  ])('%s', (_case, now, text, fits) => expect(reportHash(now, text) === signed).toBe(fits));
});

test('raters are named once', () => {
  const bora = { ...rated, personId: 'bora' };
  expect(ratersOf(sheet(line('a', rated), line('b', bora), line('c', rated), line('d')))).toEqual([
    'anna',
    'bora',
  ]);
});

describe('the second signature', () => {
  const isBora = (personId: string) => personId === 'bora' || personId === 'deputy of bora';
  test.each<[string, string, string[], boolean]>([
    ['another person', 'anna', ['anna'], true],
    ['the author', 'bora', ['anna'], false],
    ['somebody who counts as the author', 'deputy of bora', ['anna'], false],
    ['the only rater', 'anna', ['bora', 'deputy of bora'], false],
    ['one of two raters', 'anna', ['anna', 'bora'], true],
    ['somebody where nobody rated', 'anna', [], true],
  ])('by %s', (_case, words, raters, may) => {
    expect(refuseSigner({ words, raters }, isBora)?.__typename).toBe(may ? undefined : 'FourEyesNeeded');
  });
});
