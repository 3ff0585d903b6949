import { describe, expect, test } from '@jest/globals';
import { faultsOfChange, Spots, unknownHeadcounts } from './plan-check.rules.ts';
import { faultsOfStatement } from './statement-check.rules.ts';
import { changeOf } from './plan-change.rules.ts';
import { differencesOf } from './plan-difference.rules.ts';
import type { PlanFormat } from '../file/plan-columns.rules.ts';
import { readPlanFile } from '../file/plan-file.rules.ts';
import { emptyPlan, type Plan, type Statement } from '../plan/plan.rules.ts';
import { shippedKinds } from '../plan/unit-kind.rules.ts';

const today = '2026-11-24';
const kinds = new Set(shippedKinds.map(({ code }) => code));
let ids = 0;
const newId = () => `id-${(ids += 1)}`;

const units = (...rows: string[]) =>
  read('units.csv', 'code;name;parentCode;level;kind;tags;validFrom;validTo', rows);
const posts = (...rows: string[]) =>
  read('posts.csv', 'postNo;unitCode;function;isManagement;status;validFrom;validTo', rows);
const holders = (...rows: string[]) => read('holders.csv', 'postNo;personKey;displayName;type;from;to', rows);
const gvp = (...rows: string[]) => read('gvp.csv', 'gvpRef;unitCode;task;postNo;deputyPostNo;version', rows);

function read(format: PlanFormat, header: string, rows: string[]): Statement {
  const { statement, faults } = readPlanFile(format, Buffer.from([header, ...rows].join('\n')), format);
  expect(faults).toEqual([]);
  return statement;
}

const change = (plan: Plan, statement: Statement, day = today) => changeOf(plan, statement, day, newId);
const lines = (plan: Plan, statement: Statement, day = today) =>
  differencesOf(change(plan, statement, day)).map(({ subject, change: what, code, from, fields }) =>
    [
      subject,
      what,
      code,
      from,
      ...fields.map(({ field, before, after }) => `${field}: ${before} → ${after}`),
    ].join(' '),
  );

const base = change(emptyPlan, {
  ...units(
    'TOP;Spitze;;L0;SPI;;2020-01-01;',
    'D1;Dezernat I;TOP;L1;DEZ;;2020-01-01;',
    'A1;Amt 1;D1;L2;PUB;;2020-01-01;',
  ),
  ...posts(
    'P1;TOP;Landrat;ja;;2020-01-01;',
    'P2;A1;Amtsleitung;ja;;2020-01-01;',
    'P3;A1;Sachbearbeitung;nein;;2020-01-01;',
  ),
  ...holders('P1;k1;Ada;HOLDER;2020-01-01;', 'P2;k2;Ben;HOLDER;2020-01-01;', 'P2;k3;Cem;DEPUTY;2021-01-01;'),
  ...gvp('G1;A1;Anträge;P3;P2;2026'),
}).after;
const sameUnits = ['TOP;Spitze;;L0;SPI;;;', 'D1;Dezernat I;TOP;L1;DEZ;;;', 'A1;Amt 1;D1;L2;PUB;;;'];

describe('the difference list', () => {
  test.each<[string, Statement, string[]]>([
    ['the same file changes nothing', units(...sameUnits), []],
    ['a new unit', units(...sameUnits, 'A2;Amt 2;D1;L2;FAC;;;'), ['UNIT ADDED A2 2026-11-24']],
    [
      'a new unit with its own first day',
      units(...sameUnits, 'A2;Amt 2;D1;L2;FAC;;2027-01-01;'),
      ['UNIT ADDED A2 2027-01-01'],
    ],
    [
      'a new name and kind',
      units(...sameUnits.slice(0, 2), 'A1;Bürgeramt;D1;L2;FAC;;;'),
      ['UNIT CHANGED A1 2026-11-24 name: Amt 1 → Bürgeramt kind: PUB → FAC'],
    ],
    [
      'a move',
      units(...sameUnits.slice(0, 2), 'A1;Amt 1;TOP;L2;PUB;;;'),
      ['UNIT MOVED A1 2026-11-24 parentCode: D1 → TOP'],
    ],
    [
      'a planned move',
      units(...sameUnits.slice(0, 2), 'A1;Amt 1;TOP;L2;PUB;;01.01.2027;'),
      ['UNIT MOVED A1 2027-01-01 parentCode: D1 → TOP'],
    ],
    [
      'an end by its last day',
      units(...sameUnits.slice(0, 2), 'A1;Amt 1;D1;L2;PUB;;;2026-12-31'),
      ['UNIT ENDED A1 2027-01-01'],
    ],
    [
      'an end in the past',
      units(...sameUnits.slice(0, 2), 'A1;Amt 1;D1;L2;PUB;;2020-01-01;2026-09-30'),
      ['UNIT ENDED A1 2026-10-01'],
    ],
    ['an end by being left out', units(...sameUnits.slice(0, 2)), ['UNIT ENDED A1 2026-11-24']],
    [
      'a post that ends takes its holders along',
      posts('P1;TOP;Landrat;ja;;;', 'P3;A1;Sachbearbeitung;nein;;;'),
      [
        'POST ENDED P2 2026-11-24',
        'HOLDER ENDED P2 · k2 · HOLDER 2026-11-24',
        'HOLDER ENDED P2 · k3 · DEPUTY 2026-11-24',
      ],
    ],
    [
      'a new holder',
      holders(
        'P1;k1;Ada;HOLDER;2020-01-01;',
        'P2;k2;Ben;HOLDER;2020-01-01;2026-11-30',
        'P2;k3;Cem;DEPUTY;;',
        'P2;k4;Dua;HOLDER;2026-12-01;',
      ),
      ['HOLDER ENDED P2 · k2 · HOLDER 2026-12-01', 'HOLDER ADDED P2 · k4 · HOLDER 2026-12-01'],
    ],
    [
      "a holder's first day put right",
      holders('P1;k1;Ada;HOLDER;2020-03-01;', 'P2;k2;Ben;HOLDER;;', 'P2;k3;Cem;DEPUTY;;'),
      ['HOLDER CHANGED P1 · k1 · HOLDER 2020-03-01 validFrom: 2020-01-01 → 2020-03-01'],
    ],
    [
      'a task handed on',
      gvp('G1;A1;Anträge;P2;;2027'),
      ['TASK CHANGED G1 2026-11-24 postNo: P3 → P2 deputyPostNo: P2 →  edition: 2026 → 2027'],
    ],
  ])('%s', (_, statement, expected) => expect(lines(base, statement)).toEqual(expected));

  test('an import that is not complete ends nothing', () => {
    const { units: part } = units('A2;Amt 2;D1;L2;FAC;;;');
    expect(lines(base, { units: { ...part!, complete: false } })).toEqual(['UNIT ADDED A2 2026-11-24']);
  });

  test('said again a day later, nothing changes; what ended and comes back is the same unit', () => {
    const first = change(base, units(...sameUnits.slice(0, 2)));
    expect(lines(first.after, units(...sameUnits.slice(0, 2)), '2026-11-25')).toEqual([]);
    const back = change(first.after, units(...sameUnits), '2027-02-01');
    expect(back.units.map(({ thing, isNew }) => [thing.id, isNew])).toEqual([
      [base.units.get('A1')!.id, false],
    ]);
    expect(back.after.units.get('A1')!.versions.map(({ from, until }) => [from, until])).toEqual([
      ['2020-01-01', today],
      ['2027-02-01', null],
    ]);
  });

  test('a unit may be told in several periods', () => {
    const twoNames = ['A1;Amt 1;D1;L2;PUB;;2020-01-01;2026-12-31', 'A1;Bürgeramt;D1;L2;PUB;;2027-01-01;'];
    const first = change(base, units(...sameUnits.slice(0, 2), ...twoNames));
    expect(differencesOf(first)).toMatchObject([
      { change: 'CHANGED', from: '2027-01-01', fields: [{ field: 'name' }] },
    ]);
    expect(lines(first.after, units(...sameUnits.slice(0, 2), ...twoNames))).toEqual([]);
  });
});

describe('the checks', () => {
  const codes = (statement: Statement, plan = base) =>
    [
      ...faultsOfStatement(statement, kinds, 5),
      ...faultsOfChange(change(plan, statement), new Spots(statement, 'x.csv')),
    ].map(
      ({ code, severity, file, line }) =>
        `${severity === 'FAULT' ? '' : '? '}${code} ${file}${line ? `:${line}` : ''}`,
    );

  test.each<[string, Statement, string[]]>([
    ['nothing', { ...units(...sameUnits) }, ['? NO_HEAD units.csv:3']],
    [
      'unknown kind',
      units(...sameUnits.slice(0, 2), 'A1;Amt 1;D1;L2;XYZ;;;'),
      ['UNKNOWN_KIND units.csv:4', '? NO_HEAD units.csv:3'],
    ],
    [
      'unknown parent',
      units(...sameUnits, 'A2;Amt 2;D9;L2;FAC;;;'),
      ['UNKNOWN_PARENT units.csv:5', '? NO_HEAD units.csv:3', '? NO_HEAD units.csv:5'],
    ],
    [
      'a cycle',
      units('TOP;Spitze;;L0;SPI;;;', 'D1;Dezernat I;A1;L1;DEZ;;;', 'A1;Amt 1;D1;L2;PUB;;;'),
      ['CYCLE units.csv:3', '? NO_HEAD units.csv:3'],
    ],
    [
      'twice the same',
      units(...sameUnits, 'A1;Amt 1 neu;D1;L2;PUB;;;'),
      ['DUPLICATE units.csv:5', '? NO_HEAD units.csv:3'],
    ],
    [
      'overlapping periods',
      units(
        ...sameUnits.slice(0, 2),
        'A1;Amt;D1;L2;PUB;;2020-01-01;2026-12-31',
        'A1;Amt 1;D1;L2;PUB;;2026-12-31;',
      ),
      ['OVERLAPPING_PERIODS units.csv:5', '? NO_HEAD units.csv:3'],
    ],
    [
      'no top',
      units('D1;Dezernat I;;L1;DEZ;;;', 'A1;Amt 1;D1;L2;PUB;;;'),
      ['NO_TOP x.csv', 'POST_WITHOUT_UNIT x.csv', '? NO_HEAD units.csv:2'],
    ],
    [
      'a second top',
      units(...sameUnits, 'T2;Spitze 2;;L0;SPI;;;'),
      ['SECOND_TOP units.csv:5', '? NO_HEAD units.csv:3', '? NO_HEAD units.csv:5'],
    ],
    [
      'two heads',
      posts('P1;TOP;Landrat;ja;;;', 'P2;A1;Amtsleitung;ja;;;', 'P3;A1;Stellv.;ja;;;'),
      ['? NO_HEAD x.csv', 'TWO_HEADS posts.csv:4'],
    ],
    [
      'a post without unit',
      posts('P1;TOP;Landrat;ja;;;', 'P2;A1;Amtsleitung;ja;;;', 'P3;A9;SB;nein;;;'),
      ['POST_WITHOUT_UNIT posts.csv:4', '? NO_HEAD x.csv'],
    ],
    [
      'two holders at once',
      holders('P1;k1;Ada;HOLDER;2020-01-01;', 'P1;k2;Ben;HOLDER;2026-01-01;'),
      ['? NO_HEAD x.csv', 'OVERLAPPING_PERIODS holders.csv:3'],
    ],
    [
      'a person twice at one post',
      holders('P1;k1;Ada;HOLDER;2020-01-01;', 'P1;k1;Ada;DEPUTY;2026-01-01;'),
      ['? NO_HEAD x.csv', 'OVERLAPPING_PERIODS holders.csv:3'],
    ],
    [
      'a holder of no post',
      holders('P9;k1;Ada;HOLDER;2020-01-01;'),
      ['UNKNOWN_POST holders.csv:2', '? NO_HEAD x.csv'],
    ],
    [
      'a task of no unit and no post',
      gvp('G1;A9;Anträge;P9;;2026'),
      ['UNKNOWN_UNIT gvp.csv:2', 'UNKNOWN_POST gvp.csv:2', '? NO_HEAD x.csv'],
    ],
  ])('%s', (_, statement, expected) => expect(codes(statement).sort()).toEqual(expected.sort()));

  test('a superior that ends later is found on that day', () => {
    const statement = units(
      'TOP;Spitze;;L0;SPI;;;',
      'D1;Dezernat I;TOP;L1;DEZ;;;2026-12-31',
      'A1;Amt 1;D1;L2;PUB;;;',
    );
    expect(codes(statement)).toContain('UNKNOWN_PARENT units.csv:4');
  });

  test('units of which nobody knows how many work there are named in one warning', () => {
    const statement = read('units.csv', 'code;name;parentCode;level;kind;headcount', [
      'TOP;Spitze;;L0;SPI;',
      'A1;Bürgeramt;TOP;L2;PUB;',
      'A2;Sozialamt;TOP;L2;PUB;3',
      'A3;Kämmerei;TOP;L2;QUE;30',
    ]);
    const after = change(emptyPlan, statement).after;
    const told = unknownHeadcounts(after, today, 5, 'x.csv').map(({ message }) => message.de);
    expect(told).toEqual([expect.stringMatching(/\(1\): Bürgeramt\./)]);
    expect(
      unknownHeadcounts(change(emptyPlan, units('TOP;Spitze;;L0;SPI;;;')).after, today, 5, 'x'),
    ).toHaveLength(1);
    const small = faultsOfStatement(statement, kinds, 5).map(({ code, message }) => [code, message.de]);
    expect(small).toEqual([['SMALL_UNIT', expect.stringContaining('A2 hat weniger als 5')]]);
  });
});
