import { expect, test } from '@jest/globals';
import { workOn } from './my-work.rules.ts';
import type { RatingKind, RatingStanding, Standings } from '../rating/rating.rules.ts';

const rating = (kind: RatingKind, level: number, version: number, personId: string): RatingStanding => {
  return { kind, level, version, personId, representsId: null };
};
const line = (criterionId: string, core: boolean, ...ratings: RatingStanding[]) => ({
  criterionId,
  core,
  ratings: Object.fromEntries(ratings.map((one) => [one.kind, one])) as Standings,
});
const lines = [
  line('open', true),
  line('foreign', false),
  line('plain', false, rating('SELF', 2, 1, 'anna')),
  line('core', true, rating('SELF', 2, 1, 'anna')),
  line('both', true, rating('SELF', 2, 1, 'anna'), rating('SECOND', 2, 2, 'bora')),
  line('apart', true, rating('SELF', 1, 1, 'anna'), rating('SECOND', 3, 2, 'bora')),
];

test.each([
  ['anna', 'OWNER', true, 'RATE:open,foreign RESOLVE:apart'],
  ['bora', 'CONTRIB', true, 'RATE:open CONFIRM:core'],
  ['bora', 'HEAD', true, 'RATE:open,foreign CONFIRM:core RESOLVE:apart'],
  ['bora', 'HEAD', false, 'RESOLVE:apart'],
  ['bora', 'CONTRIB', false, ''],
])('%s as %s (open: %s) has %s', (personId, fn, isEditable, expected) => {
  const mayRate = (id: string) => fn !== 'CONTRIB' || id !== 'foreign';
  const me = { personId, representsId: null };
  const work = workOn(lines, { me, functions: new Set([fn]), mayRate, isEditable });
  expect(work.map(({ kind, criterionIds }) => `${kind}:${[...criterionIds].join(',')}`).join(' ')).toBe(
    expected,
  );
});
