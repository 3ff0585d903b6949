import { describe, expect, test } from '@jest/globals';
import { refuseConfirmation, refuseEnd, refuseGrant, type Grant, type GrantInput } from './grant.rules.ts';

const hr: GrantInput = { personId: 'ann', fn: 'HR', scope: 'TENANT', from: '2026-01-01' };

describe('a standing function', () => {
  test.each([
    ['a person for the whole administration', {}, undefined],
    ['a post for a subtree', { personId: null, postId: 'p', scope: 'SUBTREE', scopeId: 'u' }, undefined],
    ['what follows from a post', { fn: 'HEAD' }, ['function']],
    ['what a round names', { fn: 'AUDLEAD' }, ['function']],
    ['what nobody knows', { fn: 'constructor' }, ['function']],
    ['nobody', { personId: null }, ['personId']],
    ['person and post', { postId: 'p' }, ['personId']],
    ['a round', { scope: 'SERIES', scopeId: 'r' }, ['scope']],
    ['a subtree without unit', { scope: 'SUBTREE' }, ['unitId']],
    ['everywhere with a unit', { scopeId: 'u' }, ['unitId']],
    ['an end before the beginning', { until: '2026-01-01' }, ['validUntil']],
  ] as [string, Partial<GrantInput>, string[] | undefined][])('%s', (_name, over, paths) => {
    const refusal = refuseGrant({ ...hr, ...over }) as { faults?: { path: string }[] } | undefined;
    expect(refusal?.faults?.map(({ path }) => path)).toEqual(paths);
  });
});

describe('the second signature', () => {
  const grant = { grantedBy: 'ann', personId: 'cem', postId: null, confirmedBy: null } as Grant;
  const bob = { by: 'bob', heldPosts: new Set<string>(), isGranter: false };
  test.each([
    ['of a second person', grant, bob, undefined],
    ['of the one who proposed', grant, { ...bob, isGranter: true }, 'FourEyesNeeded'],
    ['of the one who gains it', grant, { ...bob, by: 'cem' }, 'FourEyesNeeded'],
    [
      'of one who gains it by post',
      { ...grant, personId: null, postId: 'p' },
      { ...bob, heldPosts: new Set(['p']) },
      'FourEyesNeeded',
    ],
    ['a second time', { ...grant, confirmedBy: 'dan' }, bob, 'NotPossibleNow'],
  ])('%s', (_name, one, by, no) => {
    expect(refuseConfirmation(one, by)?.__typename).toBe(no);
  });
});

test.each([
  ['TENANT', undefined],
  ['SUBTREE', undefined],
  ['UNIT', undefined],
  ['SERIES', 'NotPossibleNow'],
  ['PROCESS', 'NotPossibleNow'],
] as const)('ending one of %s by hand', (scope, no) => expect(refuseEnd({ scope })?.__typename).toBe(no));
