import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Answers } from '../../src/responsibility/assignment/answers.service.ts';
import { AssignmentRules } from '../../src/responsibility/rule/assignment-rules.service.ts';
import { Assignments } from '../../src/responsibility/assignment/assignments.service.ts';
import { setOffice, succeeded, type Office } from './support.ts';

// 1 top, 9 directorates, 90 offices, 900 sections, 4,000 teams; each with a head, all heads of teams the same person.
const units: [code: string, parent: string, level: string, kind: string][] = [['T', '', 'L0', 'SPI']];
for (let d = 1; d <= 9; d += 1) {
  units.push([`D${d}`, 'T', 'L1', 'DEZ']);
  for (let a = 0; a < 10; a += 1) {
    units.push([`A${d}${a}`, `D${d}`, 'L2', 'PUB']);
    for (let s = 0; s < 10; s += 1) units.push([`S${d}${a}${s}`, `A${d}${a}`, 'L3', 'PUB']);
  }
}
for (let t = 0; t < 4000; t += 1)
  units.push([`X${t}`, `S${1 + (t % 9)}${(t >> 4) % 10}${(t >> 8) % 10}`, 'L4', 'PUB']);
const files = {
  'units.csv': [
    'code;name;parentCode;level;kind;validFrom',
    ...units.map(
      ([code, parent, level, kind]) => `${code};Einheit ${code};${parent};${level};${kind};2020-01-01`,
    ),
  ].join('\n'),
  'posts.csv': [
    'postNo;unitCode;function;isManagement;validFrom',
    ...units.map(([code]) => `${code}-1;${code};Leitung;ja;2020-01-01`),
  ].join('\n'),
  'holders.csv': [
    'postNo;personKey;displayName;type;from',
    ...units.map(
      ([code, , level]) =>
        `${code}-1;${level === 'L4' ? 'tina' : code.toLowerCase()};Person ${level === 'L4' ? 'tina' : code};holder;2020-01-01`,
    ),
  ].join('\n'),
};

let office: Office;
beforeAll(async () => {
  office = await setOffice(files);
  await office.give('d1', 'HR');
  await office.give('d2', 'HR');
}, 120_000);
afterAll(() => office?.close());

test('a rule over 5,000 units in one command, accepted and confirmed at once', async () => {
  const rules = office.get(AssignmentRules);
  const all = {
    unitId: await office.unit('T'),
    levels: [],
    catalogue: 'administration',
    fields: [],
    criteria: [],
    competent: { headOf: 'UNIT' as const },
    accountable: { headOf: 'UNIT' as const },
    rationale: 'Kleine Einheiten',
    validFrom: null,
    validUntil: null,
  };
  const [d1, d2, tina] = [await office.as('d1'), await office.as('d2'), await office.as('tina')];
  // 21 + 9·27 + 90·48 + 900·28 + 4,000·17 criteria (Konzept §3.2), and their fields.
  const criteria = 21 + 9 * 27 + 90 * 48 + 900 * 28 + 4000 * 17;
  const preview = succeeded(await rules.preview(d1, all));
  const competent = preview.effects.filter(({ kind }) => kind === 'COMPETENT');
  expect([preview.units, competent.length]).toEqual([5000, criteria]);
  const { ruleId, counts } = succeeded(await rules.apply(d1, { ...office.command(), ...all }));
  expect(counts.NEW).toBe(preview.counts.NEW);
  const accepted = succeeded(await office.get(Answers).accept(tina, { ...office.command(), ruleId }));
  expect(accepted.count).toBeGreaterThanOrEqual(4000 * 17);
  const done = succeeded(await office.get(Assignments).confirm(d2, { ...office.command(), ruleId }));
  expect(done.count).toBe(accepted.count);
  const again = succeeded(await rules.apply(d1, { ...office.command(), ...all }));
  expect(again.counts).toMatchObject({ NEW: 0, CHANGED: 0, UNCHANGED: counts.NEW });
}, 120_000);
