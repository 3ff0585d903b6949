import { expect, test } from '@jest/globals';
import { isBlank, languageOf, textOrNull } from './text.ts';

test.each([
  [undefined, 'de'],
  ['', 'de'],
  ['en', 'en'],
  ['en-GB,en;q=0.9,de;q=0.8', 'en'],
  ['de-DE,de;q=0.9,en;q=0.8', 'de'],
  ['en;q=0.3, de;q=0.7', 'de'],
  ['fr-FR, en;q=0.5, de;q=0.4', 'en'],
  ['fr, es', 'de'],
  ['en;q=0', 'de'],
  ['den, deutsch', 'de'],
  ['*', 'de'],
])('Accept-Language %j is answered in %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});

test('where the client says nothing, the installation decides', () => {
  expect(languageOf(undefined, 'en')).toBe('en');
  expect(languageOf('de', 'en')).toBe('de');
});

test.each([
  '',
  ' \t\n',
  '\u00a0',
  '\u200b',
  '\u200b \ufeff',
  '\u2060',
  '\u3164',
  '\u2800',
  '\u00ad',
  null,
  undefined,
])('%j shows nothing', (text) => {
  expect(isBlank(text)).toBe(true);
  expect(textOrNull(text)).toBeNull();
});
test.each(['a', ' ü ', '.', '漢', '\u200ba'])('%j shows something', (text) => {
  expect(isBlank(text)).toBe(false);
});
