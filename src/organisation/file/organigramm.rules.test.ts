import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOfChange, Spots } from '../change/plan-check.rules.ts';
import { faultsOfStatement } from '../change/statement-check.rules.ts';
import { changeOf } from '../change/plan-change.rules.ts';
import { readOrganigramm } from './organigramm.rules.ts';
import { emptyPlan, type Statement } from '../plan/plan.rules.ts';
import { shippedKinds } from '../plan/unit-kind.rules.ts';

const uri = (name: string) => ({ uri: { uri: `https://example.org/chart/${name}` } });
const position = (name: string, positionType?: string, more = {}) => ({
  ...uri(name),
  positionType,
  person: {},
  ...more,
});
const chart = (...organisations: unknown[]) =>
  Buffer.from(JSON.stringify({ document: { schemaVersion: '1.1.0' }, organisations }, null, 1));
const read = (bytes: Buffer) => readOrganigramm(bytes, 'chart.json');

const administration = {
  ...uri('top'),
  name: 'Kreisverwaltung ',
  isMainOrganisation: true,
  type: 'Kreis',
  positions: [position('p-top', 'Landrat'), position('p-sec', 'Referent:in')],
  departments: [
    {
      ...uri('press'),
      name: 'Pressestelle',
      type: 'Stabsstelle',
      positions: [position('p-press', 'Leitung')],
    },
  ],
  organisations: [
    {
      ...uri('group'),
      name: 'Verbindung / Dummy',
      type: '',
      organisations: [
        {
          ...uri('d1'),
          name: 'Dezernat I',
          type: 'Dezernat',
          positions: [position('p-d1', 'Dezernent')],
          organisations: [
            {
              ...uri('hr'),
              name: 'Amt für Personal und Organisation',
              type: 'Amt',
              organisations: [
                {
                  ...uri('s1'),
                  name: 'Abteilung 1',
                  organisations: [
                    {
                      ...uri('t1'),
                      name: 'Sachgebiet 1',
                      organisations: [{ ...uri('t11'), name: 'Team 1.1', positions: [position('p-t11')] }],
                    },
                  ],
                },
              ],
            },
            {
              ...uri('youth'),
              name: 'Jugendamt',
              type: 'Amt',
              positions: [
                position('p-y', 'Amtsleitung', {
                  positionStatus: 'kommissarisch',
                  person: { ...uri('ada'), firstName: 'Ada', lastName: 'Ün' },
                }),
                position('p-y2', 'Stellv. Amtsleitung', { positionStatus: 'N.N.' }),
              ],
            },
          ],
        },
      ],
    },
  ],
};
const institutions = {
  ...uri('others'),
  name: 'Organisation',
  organisations: [
    { ...uri('school'), name: 'Grundschule am Markt' },
    { ...uri('job'), name: 'Jobcenter' },
    { ...uri('council'), name: 'Personalrat' },
  ],
};

describe('a chart', () => {
  const { statement, faults } = read(chart(administration, institutions));

  test('yields units with parents, and proposes level, kind and tags', () => {
    expect(faults).toEqual([]);
    expect(
      statement.units!.rows.map(({ code, facts }) =>
        [code, facts.parentCode, facts.level, facts.kind, facts.tags.join(), facts.name].join(' | '),
      ),
    ).toEqual([
      'top |  | L0 | SPI |  | Kreisverwaltung',
      'press | top | L2 | QUE | PR | Pressestelle',
      'group | top | L2 | FAC | GROUP | Verbindung / Dummy',
      'd1 | group | L1 | DEZ |  | Dezernat I',
      'hr | d1 | L2 | QUE | HR,ORG | Amt für Personal und Organisation',
      's1 | hr | L3 | QUE |  | Abteilung 1',
      't1 | s1 | L4 | QUE |  | Sachgebiet 1',
      't11 | t1 | L4 | QUE |  | Team 1.1',
      'youth | d1 | L2 | PUB |  | Jugendamt',
      'others | top | L2 | EIN | GROUP | Organisation',
      'school | others | L2 | GS |  | Grundschule am Markt',
      'job | others | L2 | GEM |  | Jobcenter',
      'council | others | L2 | STB |  | Personalrat',
    ]);
  });

  test('yields posts with one head each, and the persons it names', () => {
    expect(
      statement.posts!.rows.map(({ code, facts }) =>
        [code, facts.unitCode, facts.function, facts.isManagement, facts.status].join(' | '),
      ),
    ).toEqual([
      'p-top | top | Landrat | true | FILLED',
      'p-sec | top | Referent:in | false | FILLED',
      'p-press | press | Leitung | true | FILLED',
      'p-d1 | d1 | Dezernent | true | FILLED',
      'p-t11 | t11 | Leitung | true | FILLED',
      'p-y | youth | Amtsleitung | true | FILLED',
      'p-y2 | youth | Stellv. Amtsleitung | false | VACANT',
    ]);
    expect(statement.holders).toMatchObject({ complete: false, rows: [{ code: 'p-y · ada · INTERIM' }] });
    expect(statement.persons).toEqual([{ personKey: 'ada', displayName: 'Ada Ün', mail: null }]);
  });

  test('a box copied in the tool gets a post number of its own', () => {
    const copy = { ...uri('copy'), name: 'Kopie', positions: [position('p-press', 'Leitung')] };
    const { posts } = read(chart({ ...administration, organisations: [copy] })).statement;
    expect(posts!.rows.map(({ code, facts }) => `${facts.unitCode} ${code}`).slice(-2)).toEqual([
      'press p-press',
      'copy copy.P1',
    ]);
  });

  test('passes the checks of the plan', () => {
    const change = changeOf(emptyPlan, statement, '2026-11-24', () => 'id');
    const found = [
      ...faultsOfStatement(statement, new Set(shippedKinds.map(({ code }) => code)), 5),
      ...faultsOfChange(change, new Spots(statement, 'chart.json')),
    ];
    expect([...new Set(found.map(({ code }) => code))]).toEqual(['NO_HEAD']);
  });
});

describe('several units at the top', () => {
  const town = { ...uri('town'), name: 'Stadt', isMainOrganisation: true };
  const district = { ...uri('district'), name: 'Bezirk  Mitte', isMainOrganisation: true };
  const tops = (statement: Statement) =>
    statement.units!.rows.map(({ facts }) => `${facts.name} ${facts.level} ${facts.parentCode}`);

  test('HR names the top; the others hang below it', () => {
    const { statement, faults } = readOrganigramm(chart(town, district), 'chart.json', 'Bezirk Mitte');
    expect(faults).toEqual([]);
    expect(tops(statement)).toEqual(['Bezirk Mitte L0 null', 'Stadt L2 district']);
  });
  test.each([
    [undefined, 'TWO_CHART_TOPS'],
    ['Kreis', 'NO_CHART_TOP'],
  ])('who names %s is told which there are', (name, code) => {
    const [fault] = readOrganigramm(chart(town, district), 'chart.json', name).faults;
    expect(fault).toMatchObject({ code, severity: 'FAULT' });
    expect(fault!.message.de).toContain('„Stadt“, „Bezirk Mitte“');
  });
});

describe('copied boxes', () => {
  const box = (id: string, address: string, name: string, more = {}) => ({
    id,
    ...uri(address),
    name,
    ...more,
  });
  const copied = chart(
    box('n0', 'top', 'Verwaltung', {
      isMainOrganisation: true,
      organisations: [box('n1', 'model', 'Referat A'), box('n2', 'model', 'Referat B')],
      departments: [
        { ...uri('model'), name: 'Abteilung' },
        { ...uri('model'), name: 'Gruppe' },
      ],
    }),
  );
  const { statement, faults } = read(copied);

  test('are units of their own, by the id of the box', () =>
    expect(statement.units!.rows.map(({ code }) => code)).toEqual(['n0', 'model', 'model~2', 'n1', 'n2']));
  test('are said, by the names of the boxes', () =>
    expect(faults.map(({ severity, code, field }) => [severity, code, field])).toEqual([
      ['WARNING', 'SHARED_ADDRESS', 'Verwaltung › Gruppe'],
      ['WARNING', 'SHARED_ADDRESS', 'Verwaltung › Referat A'],
      ['WARNING', 'SHARED_ADDRESS', 'Verwaltung › Referat B'],
    ]));
});

describe('faults', () => {
  const raw = (text: string) => Buffer.from(text);
  test.each<[string, Buffer, string, number | undefined]>([
    ['broken JSON', raw('{"document": {\n "schemaVersion": }'), 'BROKEN_FILE', 2],
    ['a file cut short', chart(administration).subarray(0, 300), 'BROKEN_FILE', expect.any(Number) as never],
    ['text behind the end', raw('{"document": {"schemaVersion": "1.1.0"}} x'), 'BROKEN_FILE', 1],
    ['a million brackets', raw('['.repeat(1_000_000)), 'TOO_DEEP', 1],
    ['a million values', raw(`[${'1,'.repeat(1_000_000)}1]`), 'TOO_LARGE', undefined],
    ['a magic name', raw('{\n"__proto__": 1}'), 'MAGIC_NAME', 2],
    ['an escaped magic name', raw('{"\\u005f_proto__": 1}'), 'MAGIC_NAME', 1],
    ['a name twice', raw('{"a": 1,\n"a": 2}'), 'DUPLICATE', 2],
    ['a lone surrogate', raw('{"a": "\\ud800"}'), 'BROKEN_FILE', 1],
    ['Latin-1', Buffer.from('{"a": "\xfc"}', 'latin1'), 'WRONG_ENCODING', undefined],
    ['something else', raw('{"units": []}'), 'NOT_A_CHART', undefined],
    ['a list', raw('[]'), 'NOT_A_CHART', undefined],
    [
      'a later schema',
      raw('{"document": {"schemaVersion": "2.0.0"}, "organisations": [{}]}'),
      'NOT_A_CHART',
      undefined,
    ],
    ['an empty chart', chart(), 'NOT_A_CHART', undefined],
    ['no main organisation', chart({ name: 'A' }, { name: 'B' }), 'NO_CHART_TOP', undefined],
    [
      'two of them',
      chart(administration, { ...uri('two'), name: 'Zweite', isMainOrganisation: true }),
      'TWO_CHART_TOPS',
      undefined,
    ],
    ['a unit without a name', chart({ ...uri('top'), isMainOrganisation: true }), 'UNNAMED_BOX', undefined],
  ])('%s', (_, bytes, code, line) =>
    expect(read(bytes).faults.map((fault) => [fault.code, fault.line])).toEqual([[code, line]]),
  );
});

// Real charts are open data of others and not part of this repository; the folder is named by who has them.
const folder = process.env.ORGCHARTS_DIR;
const files = folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (!folder) console.info('ORGCHARTS_DIR is not set: no real organisation chart is read.');

for (const name of files)
  test(`${name} arrives whole, each unit with its superior`, () => {
    const bytes = readFileSync(join(folder!, name));
    const { statement, faults } = readOrganigramm(bytes, name);
    expect(faults.filter(({ severity }) => severity === 'FAULT')).toEqual([]);
    const units = statement.units!.rows;
    expect(units).toHaveLength([...bytes.toString().matchAll(/"uri": "[^"]*\/organisation-/g)].length);
    const codes = new Set(units.map(({ code }) => code));
    expect(codes.size).toBe(units.length);
    expect(units.filter(({ facts }) => facts.parentCode === null)).toHaveLength(1);
    expect(units.every(({ facts }) => facts.parentCode === null || codes.has(facts.parentCode))).toBe(true);
  });
