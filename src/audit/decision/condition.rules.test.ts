import { expect, test } from '@jest/globals';
import { refuseConditionEntry, type ConditionEntryKind, type ConditionState } from './condition.rules.ts';

test.each<[ConditionState, ConditionEntryKind, boolean]>([
  ['OPEN', 'SHOWN', true],
  ['OPEN', 'MET', false],
  ['OPEN', 'NOT_MET', false],
  ['SHOWN', 'SHOWN', true],
  ['SHOWN', 'MET', true],
  ['SHOWN', 'NOT_MET', true],
  ['NOT_MET', 'SHOWN', true],
  ['NOT_MET', 'MET', false],
  ['MET', 'SHOWN', false],
  ['MET', 'NOT_MET', false],
])('%s → %s: %s', (state, kind, may) => {
  expect(refuseConditionEntry(state, kind)?.__typename).toBe(may ? undefined : 'NotPossibleNow');
});
