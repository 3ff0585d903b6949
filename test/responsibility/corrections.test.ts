import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { Imports } from '../../src/organisation/index.ts';
import { Staffing } from '../../src/organisation/staffing/staffing.service.ts';
import { Answers } from '../../src/responsibility/assignment/answers.service.ts';
import { Assignments } from '../../src/responsibility/assignment/assignments.service.ts';
import { AssignmentRules } from '../../src/responsibility/rule/assignment-rules.service.ts';
import { setOffice, succeeded, type Office } from './support.ts';

const files = {
  'units.csv': `code;name;parentCode;level;kind;validFrom
TOP;Spitze;;L0;SPI;2020-01-01
D1;Dezernat I;TOP;L1;DEZ;2020-01-01
A1;Amt 1;D1;L2;PUB;2020-01-01
A2;Amt 2;D1;L2;PUB;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
TOP-1;TOP;Landrätin;ja;2020-01-01
TOP-2;TOP;Personal;nein;2020-01-01
D1-1;D1;Dezernent;ja;2020-01-01
A1-1;A1;Amtsleitung;ja;2020-01-01
A2-1;A2;Amtsleitung;ja;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from
TOP-1;lara;Lara Land;holder;2020-01-01
TOP-2;hans;Hans Haar;holder;2020-01-01
D1-1;bora;Bora Baum;holder;2020-01-01
A1-1;anna;Anna Amt;holder;2020-01-01
A2-1;abel;Abel Abt;holder;2020-01-01`,
};

let office: Office;
let owner: pg.Client;

/** A rule of D1 makes both heads accountable; each accepts, a second person of HR confirms. */
beforeAll(async () => {
  office = await setOffice(files, 'corrections');
  owner = new pg.Client(office.database.ownerUrl);
  await owner.connect();
  await owner.query(`select set_config('app.tenant', $1, false)`, [office.tenant]);
  for (const name of ['hans', 'bora']) await office.give(name, 'HR');
  const draft = {
    unitId: await office.unit('D1'),
    levels: ['L2'],
    catalogue: 'administration',
    fields: [],
    criteria: [],
    competent: null,
    accountable: { headOf: 'UNIT' as const },
    rationale: null,
    validFrom: '2025-03-01',
    validUntil: null,
  };
  const hans = await office.as('hans');
  const { ruleId } = succeeded(
    await office.get(AssignmentRules).apply(hans, { ...office.command(), ...draft }),
  );
  for (const name of ['anna', 'abel'])
    succeeded(
      await office.get(Answers).accept(await office.as(name), { ...office.command(), ruleId, codes: null }),
    );
  const bora = await office.as('bora');
  succeeded(await office.get(Assignments).confirm(bora, { ...office.command(), ruleId }));
});
afterAll(async () => {
  await owner?.end();
  await office?.close();
});

/** What stands in the register: unit, stage, first day, first day no more and why. */
const standing = async () =>
  (
    await owner.query<{ line: string }>(
      `select concat_ws(' ', v.code, a.stage, a.valid_from, coalesce(a.valid_until::text, 'open'), a.reason) as line
         from responsibility.assignment a join organisation.unit v using (tenant_id)
        where v.id = a.unit_id and a.retracted_at is null order by 1`,
    )
  ).rows.map(({ line }) => line);

const preview = async (text: string, from: string) =>
  office.get(Imports).preview(office.system, await office.load({ 'units.csv': text }, from));
const units = (...rows: string[]) => ['code;name;parentCode;level;kind;validFrom', ...rows].join('\n');

test('a correction of the past that leaves the ground untouched ends nothing, and says so', async () => {
  const before = await standing();
  expect(before).toEqual(['A1 CONFIRMED 2025-03-01 open', 'A2 CONFIRMED 2025-03-01 open']);
  const correction = {
    ...office.command(),
    unitId: await office.unit('A1'),
    headcount: 41,
    from: '2021-01-01',
  };
  succeeded(await office.get(Staffing).classifyUnit(office.system, correction));
  const renamed = units('A2;Amt Zwei;D1;L2;PUB;2021-01-01');
  expect(await preview(renamed, '2021-01-01')).toMatchObject({ consequences: [] });
  succeeded(await office.bring({ 'units.csv': renamed }, '2021-01-01'));
  expect(await standing()).toEqual(before);
});

test('one that takes the ground away ends from today on, and the past keeps what was recorded', async () => {
  const { today } = await office.db();
  // The office should have hung below the top all along: the rule of D1 does not reach it any more.
  const moved = units('A2;Amt Zwei;TOP;L2;PUB;2021-01-01');
  expect(await preview(moved, '2021-01-01')).toMatchObject({
    consequences: [{ de: expect.stringContaining('verlieren ihre Grundlage') }],
  });
  succeeded(await office.bring({ 'units.csv': moved }, '2021-01-01'));
  expect(await standing()).toEqual([
    'A1 CONFIRMED 2025-03-01 open',
    `A2 CONFIRMED 2025-03-01 ${today} ORG_CHANGE`,
  ]);
});
