import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { applicableCriteria, applies } from './applicability.rules.ts';
import { readEdition } from './edition-file.rules.ts';
import type { EditionContent } from './edition.rules.ts';

const shipped = (name: string) =>
  readEdition(readFileSync(new URL(`../../data/catalogues/${name}.yaml`, import.meta.url))) as EditionContent;
const administration = shipped('administration');

// Konzept §3.2: criteria / core criteria / weight of each kind of unit.
test.each([
  ['SPI', 'L0', [], '21/8/49'],
  ['DEZ', 'L1', [], '27/8/61'],
  ['PUB', 'L2', [], '48/12/104'],
  ['PUB', 'L3', [], '28/7/63'],
  ['PUB', 'L4', [], '17/5/38'],
  ['FAC', 'L2', [], '25/7/57'],
  ['FAC', 'L3', [], '15/5/36'],
  ['FAC', 'L4', [], '9/3/20'],
  ['QUE', 'L2', [], '24/8/56'],
  ['QUE', 'L2', ['HR'], '32/10/73'],
  ['QUE', 'L2', ['FIN'], '27/8/61'],
  ['QUE', 'L2', ['PR'], '28/8/63'],
  ['QUE', 'L2', ['IT'], '26/8/59'],
  ['QUE', 'L2', ['ORG'], '26/8/59'],
  ['STB', 'L2', [], '30/9/65'],
  ['EIN', 'L2', [], '35/12/80'],
  ['EIN', 'L3', [], '26/7/58'],
  ['EIN', 'L4', [], '16/5/35'],
  ['GEM', 'L2', [], '30/10/66'],
  ['GEM', 'L3', [], '22/7/50'],
  ['GEM', 'L4', [], '16/5/36'],
])('%s %s %j is asked %s', (kind, level, tags, counts) => {
  const asked = applicableCriteria(administration, { kind, level, tags });
  const weight = asked.reduce((sum, criterion) => sum + criterion.weight, 0);
  expect(`${asked.length}/${asked.filter(({ core }) => core).length}/${weight}`).toBe(counts);
});

test.each([
  [[], ['KITA'], { level: 'L3', kind: 'KITA', tags: [] }, true],
  [['L2'], ['ALL'], { level: 'L3', kind: 'PUB', tags: [] }, false],
  [['L2'], ['QUE'], { level: 'L2', kind: 'QUE', tags: ['HR'] }, true],
  [['L2'], ['QUE:HR'], { level: 'L2', kind: 'QUE', tags: [] }, false],
  [['L2'], ['QUE:HR'], { level: 'L2', kind: 'PUB', tags: ['HR'] }, false],
  [['L2'], ['QUE:HR'], { level: 'L2', kind: 'QUE', tags: ['IT', 'HR'] }, true],
])('levels %j and kinds %j over %j: %s', (levels, unitKinds, unit, expected) => {
  expect(applies({ levels, unitKinds }, unit)).toBe(expected);
});

test('the two smaller catalogues know no levels', () => {
  expect(applicableCriteria(shipped('education'), { level: 'L3', kind: 'KITA', tags: [] })).toHaveLength(18);
  expect(
    applicableCriteria(shipped('case-management'), { level: 'L2', kind: 'REGION', tags: [] }),
  ).toHaveLength(11);
});
