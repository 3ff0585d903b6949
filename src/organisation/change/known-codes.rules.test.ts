import { expect, test } from '@jest/globals';
import { readPlanFile } from '../file/plan-file.rules.ts';
import { emptyPlan } from '../plan/plan.rules.ts';
import { shippedKinds } from '../plan/unit-kind.rules.ts';
import { withKnownCodes } from './known-codes.rules.ts';
import { changeOf } from './plan-change.rules.ts';
import { differencesOf } from './plan-difference.rules.ts';
import { faultsOfStatement } from './statement-check.rules.ts';

const head = 'code;name;parentCode;level;kind';
const units = (...rows: string[]) =>
  readPlanFile('units.csv', Buffer.from([head, ...rows].join('\n')), 'units.csv').statement;
const holders = (...rows: string[]) =>
  readPlanFile(
    'holders.csv',
    Buffer.from(['postNo;personKey;displayName;type', ...rows].join('\n')),
    'holders.csv',
  ).statement;
const posts = (...rows: string[]) =>
  readPlanFile('posts.csv', Buffer.from(['postNo;unitCode;function;isManagement', ...rows].join('\n')), 'p')
    .statement;
let ids = 0;
const change = (plan: typeof emptyPlan, statement: ReturnType<typeof units>) =>
  changeOf(plan, withKnownCodes(statement, plan), '2026-12-01', () => `id-${(ids += 1)}`);

const plan = change(emptyPlan, {
  ...units('V;Verwaltung;;L0;SPI', 'Bür-1;Bürgeramt;v;L2;PUB'),
  ...posts('P1;BÜR-1;Leitung;ja'),
  ...holders('p1;K1;Ada Alt;holder'),
}).after;

test('references in the same file meet, however they are spelled', () => {
  expect(plan.units.get('Bür-1')!.versions[0]!.facts.parentCode).toBe('V');
  expect(plan.posts.get('P1')!.versions[0]!.facts.unitCode).toBe('Bür-1');
  expect([...plan.holders.keys()]).toEqual(['P1 · K1 · HOLDER']);
});

test.each([
  ['another letter case', 'BÜR-1'],
  ['decomposed umlauts', 'Bür-1'.normalize('NFD')],
])('%s makes no second unit', (_, code) => {
  const same = units('v;Verwaltung;;L0;SPI', `${code};Bürgeramt;V;L2;PUB`);
  expect(differencesOf(change(plan, same))).toEqual([]);
});

test('two spellings in one file are one thing told twice', () => {
  const twice = withKnownCodes(
    units('V;Verwaltung;;L0;SPI', 'A1;Amt;V;L2;PUB', 'a1;Amt Eins;V;L2;PUB'),
    emptyPlan,
  );
  const kinds = new Set(shippedKinds.map(({ code }) => code));
  expect(faultsOfStatement(twice, kinds, 5).map(({ code, line }) => [code, line])).toEqual([
    ['DUPLICATE', 4],
  ]);
});

test.each(['A\u200b1', 'A\ufeff1', 'A\u00ad1', '\u3164'])(
  'the code %j is refused, with the sign by its number',
  (code) => {
    const kinds = new Set(shippedKinds.map((kind) => kind.code));
    const faults = faultsOfStatement(units('V;Verwaltung;;L0;SPI', `${code};Amt;V;L2;PUB`), kinds, 5);
    expect(faults).toMatchObject([{ code: 'INVISIBLE_SIGN', line: 3, field: 'code' }]);
    expect(faults[0]!.message.de).toMatch(/U\+[0-9A-F]{4}/);
  },
);
