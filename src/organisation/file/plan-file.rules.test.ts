import { describe, expect, test } from '@jest/globals';
import { readPlanFile, type PlanFormat } from './plan-file.rules.ts';

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
    ['nothing', 'units.csv', '', [['BROKEN_FILE', 1, undefined, undefined]]],
    [
      'Latin-1',
      'units.csv',
      Buffer.from(`${head}\nA1;B\xfcro;D1;L2;PUB`, 'latin1'),
      [['WRONG_ENCODING', 2, undefined, undefined]],
    ],
    [
      'an unclosed quote',
      'units.csv',
      `${head}\n"A1;x;D1;L2;PUB`,
      [['BROKEN_FILE', 2, undefined, undefined]],
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
      `${head}\nA1;Amt;D1;L2;PUB;;;;;;;;`,
      [['BROKEN_FILE', 2, undefined, undefined]],
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
    expect(spots('units.csv', `${head}\nA1;${'x'.repeat(3_000_000)};D1;L2;PUB`)[0]![0]).toBe('BROKEN_FILE');
  });
});
