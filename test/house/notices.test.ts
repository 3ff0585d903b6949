import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { digestLetter, letter } from '../../src/notices/notice.rules.ts';
import { noticeTexts } from '../../src/notices/notice-texts.rules.ts';

const folder = new URL('../../data/processes/', import.meta.url);
const sent = new Set(
  readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/"notice":\s*"(\w+)"/g)].map(
      ([, kind]) => kind!,
    ),
  ),
);

test('every notice of a shipped definition has its words in both languages, and no words wait for a notice', () => {
  expect(Object.keys(noticeTexts).toSorted()).toEqual([...sent].toSorted());
  const mute = Object.entries(noticeTexts).filter(([, { subject, sentence }]) =>
    [subject.de, subject.en, sentence.de, sentence.en].some((text) => text.trim() === ''),
  );
  expect(mute).toEqual([]);
});

test('no mail names anything of the API', () => {
  const notices = Object.keys(noticeTexts).map((kind) => ({
    kind,
    unit: undefined,
    link: 'https://amt.example',
  }));
  for (const language of ['de', 'en'] as const)
    for (const { subject, text } of [
      ...notices.map((one) => letter(one, language)),
      digestLetter(notices, language),
    ])
      expect(`${subject}\n${text}`).not.toMatch(/\b[a-z]+[A-Z]|\b[A-Z]+_[A-Z]+\b/);
});
