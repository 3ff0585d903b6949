import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readEdition, type FaultyFile } from './edition-file.rules.ts';
import { gapsForPublication } from './edition-gaps.rules.ts';
import type { EditionContent } from './edition.rules.ts';

const smallest = `key: probe
version: 1.0.0
languages: [de, en]
title: { de: Probe, en: Sample }
scale:
  - { level: 0, label: { de: nicht begonnen, en: not started }, pdca: null, proof: { de: keiner, en: none } }
  - { level: 1, label: { de: begonnen, en: started }, pdca: A, proof: { de: Vermerk, en: note } }
fields:
  - { id: LEI, title: { de: Leitung, en: Leadership } }
criteria:
  - id: LEI-01
    field: LEI
    core: true
    weight: 3
    title: { de: Auftrag, en: Mandate }
    description: { de: Es gibt ihn., en: It exists. }
    indicator: { de: ja/nein, en: y/n }
    evidence: { de: Verfügung, en: order }
    unitKinds: [ALL]
`;
const kinds = [
  'SPI',
  'DEZ',
  'QUE',
  'PUB',
  'FAC',
  'STB',
  'EIN',
  'GEM',
  'KITA',
  'GS',
  'SEK',
  'BK',
  'WB',
  'KOMM',
  'REGION',
  'TRAEGER',
];
const changed = (from: string, to: string) => smallest.replace(from, to);
const read = (text: string | Uint8Array) =>
  readEdition(typeof text === 'string' ? new TextEncoder().encode(text) : text);
const faultsOf = (text: string | Uint8Array) =>
  (read(text) as FaultyFile).faults.map(({ line, column, path, message }) =>
    [`${line}:${column}`, path, message.en].filter(Boolean).join(' '),
  );

test('the smallest file is read, and no levels means every level', () => {
  const edition = read(smallest) as EditionContent;
  expect(edition.criteria[0]).toMatchObject({ id: 'LEI-01', levels: [] });
  expect(gapsForPublication(edition, kinds)).toEqual([]);
});

test('the catalogue of the manual is read as it stands there, and could be published', () => {
  const manual = readFileSync(new URL('../../docs/catalogues.md', import.meta.url), 'utf8');
  const edition = read(/```yaml\n([\s\S]*?)```/.exec(manual)![1]!) as EditionContent;
  expect(gapsForPublication(edition, kinds)).toEqual([]);
  expect(edition.criteria[0]).toMatchObject({ id: 'BES-01', reference: 'Leitbild 2024, Nr. 7' });
});

test('an edition in one language needs that one only, and any language is one', () => {
  const english = (text: string) => text.replace(/, en: [^},]+/g, '');
  const german = read(english(smallest).replace('[de, en]', '[de]')) as EditionContent;
  expect(gapsForPublication(german, kinds)).toEqual([]);
  const turkish = english(smallest)
    .replace('[de, en]', '[de, tr]')
    .replace('de: Leitung', 'de: Leitung, tr: Yönetim');
  const gaps = gapsForPublication(read(turkish) as EditionContent, kinds);
  expect(gaps).toHaveLength(9);
  expect(gaps[0]!.message).toEqual({
    de: 'probe: „title“ fehlt auf Türkisch.',
    en: 'probe: “title” lacks Turkish.',
  });
});

test('a criterion keeps what its source calls it', () => {
  const edition = read(
    changed('    core: true', '    core: true\n    reference: CAF 2020 1.2'),
  ) as EditionContent;
  expect(edition.criteria[0]!.reference).toBe('CAF 2020 1.2');
});

test('2,000 criteria are read, one more is refused with the limit', () => {
  const at = smallest.indexOf('  - id: LEI-01');
  const many = (count: number) =>
    smallest.slice(0, at) +
    Array.from({ length: count }, (_, i) => smallest.slice(at).replace('LEI-01', `LEI-${1000 + i}`)).join('');
  expect((read(many(2000)) as EditionContent).criteria).toHaveLength(2000);
  expect(faultsOf(many(2001))).toEqual([
    '10:1 criteria “criteria” may have at most 2000 entries; here there are 2001.',
  ]);
});

test.each(['administration', 'education', 'case-management'])('%s is complete in both languages', (name) => {
  const edition = read(
    readFileSync(new URL(`../../data/catalogues/${name}.yaml`, import.meta.url)),
  ) as EditionContent;
  expect(gapsForPublication(edition, kinds)).toEqual([]);
});

describe('a broken file is refused with the place of each fault', () => {
  test.each([
    ['an unclosed bracket', changed('[ALL]', '[ALL'), /^20:1 Not valid YAML/],
    [
      'a repeated key',
      changed('    core: true', '    core: true\n    core: false'),
      /^14:5 The key “core” occurs twice/,
    ],
    [
      'a magic key',
      changed('    core: true', '    core: true\n    __proto__: {}'),
      /^14:5 “__proto__” is not permitted/,
    ],
    [
      'a constructor',
      changed('key: probe', 'key: probe\nconstructor: {}'),
      /^2:1 “constructor” is not permitted/,
    ],
    ['an alias', changed('{ de: ja/nein, en: y/n }', '*x'), /^17:16 Anchors, aliases and tags/],
    ['an anchor', changed('[ALL]', '&x [ALL]'), /^19:16 Anchors, aliases and tags/],
    ['a tag', changed('probe', '!!binary aGFsbG8='), /^1:6 Anchors, aliases and tags/],
    ['two documents', `${smallest}---\na: 1\n`, /Not valid YAML/],
    [
      'an unknown key',
      changed('    core: true', '    core: true\n    colour: red'),
      /^14:5 criteria\[0\]\.colour “colour” is not known/,
    ],
    [
      'a missing key',
      changed('    weight: 3\n', ''),
      /^11:5 criteria\[0\]\.weight “weight” is missing\. Expected: a whole number from 1 to 3/,
    ],
    ['a weight of 4', changed('weight: 3', 'weight: 4'), /^14:5 criteria\[0\]\.weight “weight” does not fit/],
    ['a weight of 2.5', changed('weight: 3', 'weight: 2.5'), /criteria\[0\]\.weight/],
    [
      'a level L5',
      changed('    core: true', '    core: true\n    levels: [L2, L5]'),
      /^14:18 criteria\[0\]\.levels\[1\]/,
    ],
    ['a kind in lower case', changed('[ALL]', '[all]'), /^19:17 criteria\[0\]\.unitKinds\[0\]/],
    [
      'an unknown field',
      changed('    field: LEI', '    field: STE'),
      /^12:5 criteria\[0\]\.field The field of action STE of LEI-01/,
    ],
    ['a hole in the scale', changed('level: 0', 'level: 1'), /^6:7 scale\[0\]\.level The levels must rise/],
    ['a text in no language', changed('{ de: ja/nein, en: y/n }', '{}'), /^17:5 criteria\[0\]\.indicator/],
    ['a version of two numbers', changed('1.0.0', "'1.0'"), /^2:1 version/],
    ['a list instead of a catalogue', '- a\n- b\n', /^1:1 “file” does not fit/],
    ['nothing', '', /^1:1/],
    [
      'a text that is too long',
      changed('de: Auftrag', `de: ${'x'.repeat(201)}`),
      /^15:14 criteria\[0\]\.title\.de “title” may have at most 200 characters; here there are 201/,
    ],
    [
      'a language that is not listed',
      changed('[de, en]', '[de]'),
      /^4:21 title\.en probe: this text is in English, but “en” is not listed/,
    ],
    ['a language in capitals', changed('title: { de: Probe', 'title: { DE: Probe'), /^4:10 title\.DE/],
  ])('%s', (_, text, place) => {
    const faults = faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]).toMatch(place);
  });

  test('every fault is listed, not only the first', () => {
    const faults = faultsOf(changed('weight: 3', 'weight: 9').replace('core: true', 'core: perhaps'));
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['13:5', '14:5']);
  });

  test('a criterion that stands twice', () => {
    const again = smallest.slice(smallest.indexOf('  - id: LEI-01'));
    expect(faultsOf(smallest + again)).toEqual([
      '20:5 criteria[1].id The id LEI-01 occurs twice. Each id may occur only once.',
    ]);
  });

  test('wrong encoding and NUL', () => {
    expect(faultsOf(Uint8Array.from(Buffer.from(smallest, 'latin1')))).toEqual([
      '1:1 The file is not stored as UTF-8.',
    ]);
    expect(faultsOf(changed('Probe', 'Pro\0be'))).toEqual(['4:17 The file contains a NUL character.']);
  });
});

// How long it may take is bounded where it is read (edition-files.service.ts).
describe('a hostile file is refused', () => {
  test.each([
    ['100 MB', 'a'.repeat(100_000_000)],
    ['deep flow lists', '['.repeat(500_000)],
    ['deep flow maps', '{a: '.repeat(200_000)],
    ['deep block lists', '- '.repeat(400_000)],
    ['deep explicit keys', '? '.repeat(400_000)],
    ['a staircase', Array.from({ length: 1300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['20,000 keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['a billion laughs', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n'],
  ])('%s', (_, text) => {
    const bytes = new TextEncoder().encode(text);
    expect((readEdition(bytes) as FaultyFile).faults.length).toBeGreaterThan(0);
  });
});

describe('what publication asks for', () => {
  const content = read(smallest) as EditionContent;
  const gaps = (edition: EditionContent) =>
    gapsForPublication(edition, kinds).map(({ message }) => message.en);

  test('a missing language is named with its place', () => {
    const [criterion] = content.criteria;
    const draft = {
      ...content,
      criteria: [{ ...criterion!, indicator: { en: 'y/n' }, title: { de: 'Auftrag', en: ' ' } }],
    };
    expect(gaps(draft)).toEqual(['LEI-01: “title” lacks English.', 'LEI-01: “indicator” lacks German.']);
  });

  test('a kind of unit that this administration does not have', () => {
    const [criterion] = content.criteria;
    const draft = {
      ...content,
      criteria: [{ ...criterion!, unitKinds: ['PUB', 'PBU', 'QUE:HR', 'ABC:HR'] }],
    };
    expect(gaps(draft)).toEqual([
      'LEI-01: “PBU” is no kind of unit of this administration.',
      'LEI-01: “ABC:HR” is no kind of unit of this administration.',
    ]);
  });

  test('a field without a criterion, and no core criterion at all', () => {
    const [criterion] = content.criteria;
    const draft = {
      ...content,
      fields: [...content.fields, { id: 'STE', title: { de: 'Steuerung', en: 'Steering' } }],
      criteria: [{ ...criterion!, core: false }],
    };
    expect(gaps(draft)).toEqual([
      'The field of action STE has no criterion.',
      'No criterion is marked as core; recognition needs at least one.',
    ]);
  });
});
