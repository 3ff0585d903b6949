import { describe, expect, test } from '@jest/globals';
import type { PlanFormat } from './plan-columns.rules.ts';
import { readPlanFile } from './plan-file.rules.ts';

const read = (format: PlanFormat, text: string | Buffer) => readPlanFile(format, Buffer.from(text), format);
const head = 'code;name;parentCode;level;kind;tags;headcount;validFrom;validTo;predecessorCodes';
const spots = (format: PlanFormat, text: string | Buffer) =>
  read(format, text).faults.map(({ code, line, column, field }) => [code, line, column, field]);

describe('reading', () => {
  test('units with umlauts, byte order mark, German days and lists', () => {
    const { statement, faults } = read(
      'units.csv',
      `\uFEFF${head}\r\n"A 10";"Bürger""büro"; D1 ;l2;pub;hr, it;12;1.2.2026;28.02.2026;A 1|A 2\r\n`,
    );
    expect(faults).toEqual([]);
    expect(statement.units!.rows).toMatchObject([
      {
        code: 'A 10',
        facts: {
          name: 'Bürger"büro',
          parentCode: 'D1',
          level: 'L2',
          kind: 'PUB',
          tags: ['HR', 'IT'],
          headcount: 12,
        },
        from: '2026-02-01',
        until: '2026-03-01',
        predecessorCodes: ['A 1', 'A 2'],
        at: { file: 'units.csv', line: 2, column: 1, field: 'code' },
      },
    ]);
  });

  test('commas as in an English spreadsheet, columns in any order', () => {
    const { statement } = read(
      'posts.csv',
      'isManagement,function,unitCode,postNo,fte\nyes,"Head, office",A1,P1,0.5\n,Clerk,A1,P2,\n',
    );
    expect(statement.posts!.rows.map(({ code, facts }) => [code, facts])).toEqual([
      ['P1', { unitCode: 'A1', function: 'Head, office', isManagement: true, fte: 0.5, status: 'FILLED' }],
      ['P2', { unitCode: 'A1', function: 'Clerk', isManagement: false, fte: null, status: 'FILLED' }],
    ]);
  });

  test('holders name persons; a table without rows says nothing', () => {
    const { statement } = read(
      'holders.csv',
      'postNo;personKey;displayName;mail;from;to;type\nP1;k1;Ada Ün;ada@example.org;2020-01-01;;holder',
    );
    expect(statement.persons).toEqual([{ personKey: 'k1', displayName: 'Ada Ün', mail: 'ada@example.org' }]);
    expect(statement.holders!.rows).toMatchObject([
      { code: 'P1 · k1 · HOLDER', from: '2020-01-01', until: null },
    ]);
    expect(read('units.csv', head).statement).toEqual({});
  });

  test('a line is counted as an editor counts it, through quoted breaks and empty lines', () => {
    const rows = 'gvpRef;unitCode;task;postNo\nG1;A1;"two\nlines";P1\n\nG2;A1;;P1\n';
    expect(spots('gvp.csv', rows)).toEqual([['MISSING_VALUE', 5, 3, 'task']]);
  });
});

describe('faults', () => {
  test.each<[string, PlanFormat, string | Buffer, unknown[][]]>([
    ['nothing', 'units.csv', '', [['EMPTY_FILE', 1, undefined, undefined]]],
    [
      'the code page of DOS',
      'units.csv',
      Buffer.from(`${head}\nA1;B\x81ro;D1;L2;PUB`, 'latin1'),
      [['WRONG_ENCODING', 2, undefined, undefined]],
    ],
    [
      'an unclosed quote',
      'units.csv',
      `${head}\n"A1;x;D1;L2;PUB`,
      [['UNCLOSED_QUOTE', 2, undefined, undefined]],
    ],
    [
      'a missing column',
      'units.csv',
      'code;name;level;kind\nA1;Amt;L2;PUB',
      [['MISSING_COLUMN', 1, undefined, 'parentCode']],
    ],
    [
      'an unknown column',
      'units.csv',
      'code;name;parentCode;level;kind;salary\nA1;Amt;D1;L2;PUB;1',
      [['UNKNOWN_COLUMN', 1, 6, 'salary']],
    ],
    [
      'a magic column',
      'units.csv',
      'code;name;parentCode;level;kind;__proto__\nA1;Amt;D1;L2;PUB;1',
      [['MAGIC_NAME', 1, 6, '__proto__']],
    ],
    ['a magic code', 'units.csv', `${head}\nconstructor;Amt;D1;L2;PUB`, [['MAGIC_NAME', 2, 1, 'code']]],
    ['NUL', 'units.csv', `${head}\nA1;A\0mt;D1;L2;PUB`, [['BROKEN_FILE', 2, 2, 'name']]],
    [
      'too many fields',
      'units.csv',
      `${head}\nA1;Amt;D1;L2;PUB;;;;;;;x`,
      [['TOO_MANY_FIELDS', 2, undefined, undefined]],
    ],
    ['a missing name', 'units.csv', `${head}\nA1;;D1;L2;PUB`, [['MISSING_VALUE', 2, 2, 'name']]],
    ['a level of its own', 'units.csv', `${head}\nA1;Amt;D1;L5;PUB`, [['BAD_VALUE', 2, 4, 'level']]],
    [
      'a fractional head count',
      'units.csv',
      `${head}\nA1;Amt;D1;L2;PUB;;1,5`,
      [['BAD_VALUE', 2, 7, 'headcount']],
    ],
    [
      'no such day',
      'units.csv',
      `${head}\nA1;Amt;D1;L2;PUB;;;2026-02-30;31.04.2026`,
      [
        ['BAD_DATE', 2, 8, 'validFrom'],
        ['BAD_DATE', 2, 9, 'validTo'],
      ],
    ],
    [
      'an end before the start',
      'units.csv',
      `${head}\nA1;Amt;D1;L2;PUB;;;2026-03-01;2026-02-01`,
      [['BAD_PERIOD', 2, 9, 'validTo']],
    ],
    [
      'an over-long name',
      'units.csv',
      `${head}\nA1;${'x'.repeat(201)};D1;L2;PUB`,
      [['BAD_VALUE', 2, 2, 'name']],
    ],
    [
      'no such capacity',
      'holders.csv',
      'postNo;personKey;displayName;type\nP1;k1;Ada;boss',
      [['BAD_VALUE', 2, 4, 'type']],
    ],
  ])('%s', (_, format, text, expected) => expect(spots(format, text)).toEqual(expected));

  test('a table of 60,000 rows is refused as too large', () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => `A${n};Amt;D1;L2;PUB`);
    expect(spots('units.csv', [head, ...rows].join('\n')).map(([code]) => code)).toContain('TOO_LARGE');
  });

  test('one field of megabytes is refused', () => {
    expect(spots('units.csv', `${head}\nA1;${'x'.repeat(3_000_000)};D1;L2;PUB`)[0]![0]).toBe(
      'UNCLOSED_QUOTE',
    );
  });
});

describe('tables as people have them', () => {
  const plain = ['code;name;parentCode;level;kind', 'V;Verwaltung;;L0;SPI', 'A10;Hauptamt;V;L2;QUE'];
  const rows = (text: string | Buffer) =>
    read('units.csv', text).statement.units?.rows.map(
      ({ code, facts, from, until }) =>
        `${code} ${facts.name} ${facts.parentCode} ${facts.level} ${facts.kind} ${from} ${until}`,
    );
  const expected = ['V Verwaltung null L0 SPI null null', 'A10 Hauptamt V L2 QUE null null'];

  test.each<[string, string | Buffer, string[]]>([
    ['as they should be', plain.join('\n'), []],
    ['with empty rows below', [...plain, ';;;;', ';;;;', ''].join('\r\n'), ['EMPTY_ROWS 4']],
    [
      'with a separator at the end of each row',
      plain.map((row, at) => (at ? `${row};` : row)).join('\n'),
      [],
    ],
    ['with a separator at the end of each line', plain.map((row) => `${row};`).join('\n'), []],
    ["with Excel's own line", ['sep=;', ...plain].join('\r\n'), []],
    ['parted by tabs', plain.join('\n').replaceAll(';', '\t'), []],
    ['parted by commas after a title with semicolons', plain.join('\n').replaceAll(';', ','), []],
    ['below a title', ['Gliederung, Stand 1.10.2026', '', ...plain].join('\n'), ['LINES_ABOVE_HEADER 1']],
    ['with a row twice', [...plain, plain[2]].join('\n'), ['ROW_TWICE 4']],
    ['as Unicode text', Buffer.from(`\uFEFF${plain.join('\r\n')}`.replaceAll(';', '\t'), 'utf16le'), []],
    [
      'with German headers',
      ['OE-Nr.;Bezeichnung;Übergeordnete OE;Ebene;Art', ...plain.slice(1)].join('\n'),
      [],
    ],
    [
      'with an open end as HR systems write it',
      [
        'Kürzel;Name;gehört zu;Ebene;Typ;gültig bis',
        ...plain.slice(1).map((row) => `${row};31.12.9999`),
      ].join('\n'),
      [],
    ],
  ])('%s', (_, text, notes) => {
    const { faults } = read('units.csv', text);
    expect(faults.map(({ severity, code, line }) => `${severity} ${code} ${line}`)).toEqual(
      notes.map((note) => `WARNING ${note}`),
    );
    expect(rows(text)).toEqual(expected);
  });

  test('from Windows, and a word of it is shown', () => {
    const text = Buffer.from([plain[0], 'V;Städtische Bühnen;;L0;SPI'].join('\n'), 'latin1');
    expect(rows(text)).toEqual(['V Städtische Bühnen null L0 SPI null null']);
    expect(read('units.csv', text).faults).toMatchObject([{ code: 'READ_AS_WINDOWS', severity: 'WARNING' }]);
    expect(read('units.csv', text).faults[0]!.message.de).toContain('„Städtische“');
  });

  test('a quotation mark inside a name is part of it', () =>
    expect(
      rows([plain[0], 'V;Haus "Mitte" der Verwaltung;;L0;SPI', 'A10;Hauptamt;V;L2;QUE'].join('\n')),
    ).toEqual(['V Haus "Mitte" der Verwaltung null L0 SPI null null', expected[1]]));

  test('words of a staffing plan', () => {
    const text = [
      'Planstelle;OE;Funktion;Leitung;VZÄ;Status;gültig ab',
      'P1;A1;Amtsleitung;J;1,0;besetzt;2026-02-01 00:00:00',
      'P2;A1;Sachbearbeitung;N;0,5;unbesetzt;00.00.0000',
    ].join('\n');
    const { statement, faults } = read('posts.csv', text);
    expect(faults).toEqual([]);
    expect(
      statement.posts!.rows.map(({ facts, from }) => [facts.isManagement, facts.fte, facts.status, from]),
    ).toEqual([
      [true, 1, 'FILLED', '2026-02-01'],
      [false, 0.5, 'VACANT', null],
    ]);
  });

  test("HR's own header means what HR says", () => {
    const text = ['KST;Name;gehört zu;Ebene;Art', ...plain.slice(1)].join('\n');
    const [missing] = readPlanFile('units.csv', Buffer.from(text), 'units.csv').faults;
    expect(missing).toMatchObject({ code: 'MISSING_COLUMN', field: 'code' });
    expect(missing!.message.de).toContain('KST');
    const told = readPlanFile('units.csv', Buffer.from(text), 'units.csv', new Map([['KST', 'code']]));
    expect(told.faults).toEqual([]);
    expect(told.statement.units!.rows.map(({ code }) => code)).toEqual(['V', 'A10']);
  });

  test('two headers for one column are refused', () =>
    expect(spots('units.csv', `${plain[0]};Bezeichnung\n`)).toEqual([['COLUMN_TWICE', 1, 6, 'Bezeichnung']]));

  test('what has no column is not said', () => {
    const [short] = read('units.csv', plain.join('\n')).statement.units!.rows;
    const [full] = read('units.csv', `${head}\nV;Verwaltung;;L0;SPI;;;;;`).statement.units!.rows;
    expect([short!.unstated, full!.unstated]).toEqual([['tags', 'headcount'], []]);
  });
});
