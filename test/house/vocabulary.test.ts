// One thing has one name, in every sentence that a person reads. README's glossary lists the names.
import { describe, expect, test } from '@jest/globals';
import {
  read,
  sentencesOfCode,
  sentencesOfData,
  sentencesOfDocs,
  sentencesOfSchema,
  type Language,
  type Sentence,
} from './sentences.ts';
import { apiNames, banned, inManuals, oneName, unguardedPlural } from './vocabulary.ts';

const shown = ({ at, text }: Sentence) => `${at}: ${text}`;
/** What is computed stands for a word or a number; a fault in it is one of its own sentence. */
const plain = (text: string) => text.replace(/\{[^{}]*\}/g, '…');
const forPeople = [...sentencesOfCode, ...sentencesOfData];

describe.each(['de', 'en'] as const)('sentences in %s', (language: Language) => {
  const said = forPeople.filter((sentence) => sentence.language === language);

  test('there are many of them', () => expect(said.length).toBeGreaterThan(1200));

  test.each(banned[language])('say “$say”, not $never', ({ never }) => {
    expect(said.filter(({ text }) => never.test(plain(text))).map(shown)).toEqual([]);
  });

  test('hold no codes and no names of the API', () => {
    expect(said.filter(({ text }) => apiNames.test(plain(text))).map(shown)).toEqual([]);
  });

  test('say one of what they count in the singular, by `howMany`', () => {
    const bare = said.filter(({ text }) => unguardedPlural.test(text));
    expect(bare.map(shown)).toEqual([]);
  });
});

describe.each([
  ['schema', sentencesOfSchema],
  ['manuals', sentencesOfDocs],
])('sentences in the %s', (_, said) => {
  test('are found', () => expect(said.length).toBeGreaterThan(500));

  test.each(inManuals)('say “$say”, not $never', ({ never }) => {
    expect(said.filter(({ text }) => never.test(text)).map(shown)).toEqual([]);
  });
});

test.each(oneName)('the glossary has “$say”', ({ say }) => {
  const glossary = read('README.md').split('## Glossary')[1]!;
  expect(glossary).toMatch(new RegExp(`^\\| (?:.*, )?${say}\\b`, 'm'));
});
