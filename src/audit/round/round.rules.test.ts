import { expect, test } from '@jest/globals';
import {
  openingFaults,
  quorumFaults,
  refuseChairs,
  refusePhase,
  refuseUndecided,
  type Opening,
} from './round.rules.ts';

const good: Opening = {
  name: { de: 'Runde', en: 'Round' },
  opensOn: '2026-01-01',
  closesOn: '2026-12-31',
  mandate: { title: 'Auftrag', reference: '2025/42', decidedOn: '2025-12-01', body: 'Kreistag' },
  scope: [{ kind: 'SUBTREE' }],
};

test.each<[string, Partial<Opening>, string[]]>([
  ['a good one', {}, []],
  ['last day first', { closesOn: '2026-01-01' }, ['closesOn']],
  ['a mandate of tomorrow', { mandate: { ...good.mandate, decidedOn: '2026-11-25' } }, ['mandate.decidedOn']],
  ['nobody', { scope: [] }, ['scope']],
  ['only exceptions', { scope: [{ kind: 'EXCEPT' }] }, ['scope']],
  ['no English name', { name: { de: 'Runde', en: ' ' } }, ['name.en']],
  ['no paper', { mandate: { ...good.mandate, title: '', body: '' } }, ['mandate.title', 'mandate.body']],
])('%s', (_, wrong, paths) =>
  expect(openingFaults({ ...good, ...wrong }, '2026-11-24').map(({ path }) => path)).toEqual(paths),
);

test.each([
  [null, 0],
  [1, 0],
  [100, 0],
  [0, 1],
  [-1, 1],
  [101, 1],
])('a quorum of %s has %i faults', (quorum, faults) => expect(quorumFaults(quorum)).toHaveLength(faults));

test.each([
  [['BOARD*', 'BOARD', 'APPEAL*'], 0],
  [['BOARD*', 'BOARD*'], 1],
  [['AUD*'], 1],
])('chairs of %j: %i faults', (people, faults) => {
  const told = people.map((one) => ({ fn: one.replace('*', ''), chair: one.endsWith('*') }));
  expect(refuseChairs(told)?.faults ?? []).toHaveLength(faults);
});

test.each([
  [['recognised', 'conditional'], true],
  [['terminal'], true],
  [['editable'], false],
  [[], false],
])('a process tagged %j lets the round end: %s', (tags, ends) =>
  expect(refuseUndecided([{ scopeId: 'a', tags }]) === undefined).toBe(ends),
);

test('a phase that does not allow it is told by its name', () => {
  expect(refusePhase('RUNNING', ['DRAFT'])).toMatchObject({ __typename: 'NotPossibleNow', state: 'RUNNING' });
  expect(refusePhase('DRAFT', ['DRAFT'])).toBeUndefined();
});
