// One thing has one name, in every sentence that a person reads. README's glossary lists the names.
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
type Language = 'de' | 'en';

interface Sentence {
  readonly at: string;
  readonly language: Language;
  readonly text: string;
}

const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))
    .sort();
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** `de: '…'` and `en: '…'` of the code: one literal, or several on end. */
function* inCode(file: string): Generator<Sentence> {
  const text = read(file);
  const literal = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|${'`'}(?:[^${'`'}\\]|\\.)*${'`'})`;
  for (const { 1: language, 2: said, index } of text.matchAll(
    new RegExp(String.raw`\b(de|en):\s*(?:\([^()]*\) =>\s*)?(${literal}(?:\s*\+\s*${literal})*)`, 'g'),
  )) {
    const line = text.slice(0, index).split('\n').length;
    // What is computed stands for a word or a number; a fault in it is one of its own sentence.
    const shown = said!.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…').replace(/['`"]\s*\+\s*['`"]/g, '');
    yield { at: `${file}:${line}`, language: language as Language, text: shown.slice(1, -1) };
  }
}

function* inData(file: string, value: unknown = parse(read(file)), path = ''): Generator<Sentence> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const isText = (key === 'de' || key === 'en') && typeof inner === 'string';
    if (isText) yield { at: `${file} ${path}`, language: key as Language, text: inner };
    else yield* inData(file, inner, `${path}/${key}`);
  }
}

const sentences = [
  ...filesBelow('src', /(?<!\.test)(?<!graphql)\.ts$/).flatMap((file) => [...inCode(file)]),
  ...filesBelow('data', /\.(json|yaml)$/).flatMap((file) => [...inData(file)]),
];

/** What was meant, and the words that do not say it. */
const otherWords: Record<Language, readonly (readonly [wrong: RegExp, right: string])[]> = {
  de: [
    [/\bAusgaben?\b/, 'Fassung'],
    [/[Ww]iderspruch(?!.{0,60}§ 19 LGG)/, 'Einwendung (Widerspruch nur nach § 19 LGG)'],
    [/[Pp]rozessverantwort/, 'Prozessleitung'],
    [/\bKommission\b|Entscheidungskommission/, 'Entscheidungsgremium'],
    [/[Ee]skalier|[Ee]skalation/, 'melden'],
    [/Re-?[Aa]udit/, 'Folgeaudit'],
    [/\bKonsens/, 'gemeinsame Bewertung'],
    [/\b[Gg]estartet/, 'begonnen'],
    [/\b[Vv]on Hand\b/, 'jetzt, selbst'],
    [/bestandsaufgenommen/, 'erhoben'],
    [/Augenpaar/, 'zweite Person'],
    [/Anerkennung.{0,40}(widerrufen|entzogen)/, 'zurückgenommen'],
    [/\bHR\b(?!“)/, 'Personalamt'],
    [/\bMSO\b/, 'Migrantenorganisation'],
  ],
  en: [
    [/\b[Ee]scalat/, 'report'],
    [/\bby hand\b/, 'oneself'],
    [/pair of eyes/, 'second person'],
    [/\bHR\b(?!”)/, 'human resources'],
    [/\bMSO\b/, 'migrant organisation'],
    [/"/, 'curly quotation marks “ ”'],
  ],
};

describe.each(['de', 'en'] as const)('sentences in %s', (language) => {
  const said = sentences.filter((sentence) => sentence.language === language);

  test('there are many of them', () => expect(said.length).toBeGreaterThan(800));

  test.each(otherWords[language].map(([wrong, right]) => ({ wrong, right })))(
    '$right, not $wrong',
    ({ wrong }) => {
      expect(said.filter(({ text }) => wrong.test(text)).map(({ at, text }) => `${at}: ${text}`)).toEqual([]);
    },
  );

  test('no codes and no names of the API', () => {
    // A number that a reason shows stands in braces, by its fact's name.
    const code = /\b[A-Z]{2,}_[A-Z0-9_]+\b|\b[a-z]+[A-Z]\w*\b(?![^{]*\})/;
    const found = said.filter(({ text }) => code.test(text));
    expect(found.map(({ at, text }) => `${at}: ${text}`)).toEqual([]);
  });
});
