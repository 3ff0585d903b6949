// One thing has one name, in every sentence that a person reads. README's glossary lists the names.
import { describe, expect, test } from '@jest/globals';
import {
  sentencesOfCode,
  sentencesOfData,
  sentencesOfDocs,
  sentencesOfSchema,
  type Language,
  type Sentence,
} from './sentences.ts';
import { apiNames, banned, inManuals, unguardedPlural } from './vocabulary.ts';

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
  ['the schema', sentencesOfSchema],
  ['the manuals', sentencesOfDocs],
])('what %s says', (_, said) => {
  test('is found', () => expect(said.length).toBeGreaterThan(500));

  test.each(inManuals)('is “$say”, not $never', ({ never }) => {
    expect(said.filter(({ text }) => never.test(text)).map(shown)).toEqual([]);
  });
});
