import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { wordsOf, type DefinitionBody } from './chart-words.rules.ts';

const file = new URL('../../data/processes/opening-2.json', import.meta.url);
const words = wordsOf(JSON.parse(readFileSync(file, 'utf8')) as DefinitionBody);

test('The states of the shipped process are named as people read them, in its order', () => {
  expect(words.stateLabel('review.desk')).toEqual({ de: 'Prüfung nach Aktenlage', en: expect.any(String) });
  expect(words.states.indexOf('inventory.selfAssessment')).toBeLessThan(words.states.indexOf('review.desk'));
});

test('Its deadlines have names; what is unknown is shown as it is', () => {
  expect(words.deadlineLabel('selfAssessment').de).toBe('Selbsteinschätzung');
  expect(words.deadlineLabel('later')).toEqual({ de: 'later', en: 'later' });
  expect(words.stateLabel('notStarted').de).toBe('Nicht begonnen');
});
