import { describe, expect, test } from '@jest/globals';
import type { HeldPost } from '../../platform/bare.ts';
import {
  capacitiesAt,
  countAsOne,
  functionsAnywhere,
  nextAboveOf,
  type Claims,
  type HeldGrant,
  type Hierarchy,
} from './functions.rules.ts';

// top (L0) > dez (L1) > amt (L2) > abt (L3) > team (L4); staff (L2) hangs directly below the top,
// school (L2) stands outside the chart.
const parents: Record<string, string | null> = {
  top: null,
  dez: 'top',
  amt: 'dez',
  abt: 'amt',
  team: 'abt',
  staff: 'top',
  school: null,
};
const levels: Record<string, string> = {
  top: 'L0',
  dez: 'L1',
  amt: 'L2',
  abt: 'L3',
  team: 'L4',
  staff: 'L2',
  school: 'L2',
};
const node = (id: string) => (id in levels ? { id, level: levels[id]! } : undefined);
const tree: Hierarchy = {
  node,
  ancestors: (id) => {
    const parent = parents[id];
    return parent ? [node(parent)!, ...tree.ancestors(parent)] : [];
  },
};
const post = (unitId: string, over: Partial<HeldPost> = {}): HeldPost => ({
  postId: `head-${unitId}`,
  unitId,
  level: levels[unitId]!,
  isManagement: true,
  as: 'HOLDER',
  ...over,
});
const grant = (
  fn: string,
  scope: HeldGrant['scope'],
  scopeId: string | null = null,
  over: Partial<HeldGrant> = {},
) => ({
  fn,
  scope,
  scopeId,
  levels: [],
  postId: null,
  as: 'HOLDER' as const,
  ...over,
});
const person = (over: Partial<Claims>): Claims => ({ posts: [], grants: [], contributions: [], ...over });
const at = (claims: Claims, place: object) => [...capacitiesAt(claims, tree, place).keys()].toSorted();

describe('who heads what', () => {
  test.each([
    ['amt', 'amt', ['HEAD']],
    ['amt', 'abt', ['ABOVE', 'NEXT_ABOVE', 'OFFICE_ABOVE']],
    ['amt', 'team', ['ABOVE', 'OFFICE_ABOVE']],
    ['amt', 'dez', []],
    ['amt', 'staff', []],
    ['dez', 'dez', ['DEZ', 'HEAD']],
    ['dez', 'amt', ['ABOVE', 'DEZ', 'NEXT_ABOVE']],
    ['dez', 'team', ['ABOVE', 'DEZ']],
    ['dez', 'staff', []],
    ['top', 'top', ['HEAD', 'LEAD']],
    ['top', 'staff', ['ABOVE', 'LEAD', 'NEXT_ABOVE']],
    ['top', 'team', ['ABOVE', 'LEAD']],
  ])('the head of %s at %s', (headed, unitId, functions) => {
    expect(at(person({ posts: [post(headed)] }), { unitId })).toEqual(functions);
  });

  test('an ordinary post gives nothing by itself', () => {
    expect(at(person({ posts: [post('amt', { isManagement: false })] }), { unitId: 'amt' })).toEqual([]);
  });

  test('without a unit only the head of the whole administration leads', () => {
    expect(at(person({ posts: [post('top')] }), {})).toEqual(['LEAD']);
    expect(at(person({ posts: [post('dez')] }), {})).toEqual([]);
  });

  test('own right beats deputising', () => {
    const both = person({ posts: [post('amt', { as: 'DEPUTY', postId: 'other' }), post('amt')] });
    expect(capacitiesAt(both, tree, { unitId: 'amt' }).get('HEAD')).toEqual({
      as: 'HOLDER',
      postId: 'head-amt',
    });
    const deputy = person({ posts: [post('amt', { as: 'DEPUTY' })] });
    expect(capacitiesAt(deputy, tree, { unitId: 'amt' }).get('HEAD')).toEqual({
      as: 'DEPUTY',
      postId: 'head-amt',
    });
  });
});

test('who leads a unit and deputises for the next higher head does not approve for it', () => {
  const both = person({ posts: [post('amt'), post('dez', { as: 'DEPUTY' })] });
  expect(at(both, { unitId: 'amt' })).toEqual(['ABOVE', 'DEZ', 'HEAD']);
  expect(at(both, { unitId: 'abt' })).toContain('NEXT_ABOVE');
});

describe('how far a grant reaches', () => {
  test.each([
    [grant('HR', 'TENANT'), {}, true],
    [grant('HR', 'TENANT'), { unitId: 'team' }, true],
    [grant('HR', 'SUBTREE', 'amt'), { unitId: 'amt' }, true],
    [grant('HR', 'SUBTREE', 'amt'), { unitId: 'team' }, true],
    [grant('HR', 'SUBTREE', 'amt'), { unitId: 'dez' }, false],
    [grant('HR', 'SUBTREE', 'amt'), {}, false],
    [grant('HR', 'UNIT', 'amt'), { unitId: 'amt' }, true],
    [grant('HR', 'UNIT', 'amt'), { unitId: 'abt' }, false],
    [grant('AUDLEAD', 'SERIES', 'r1'), { unitId: 'amt', seriesId: 'r1' }, true],
    [grant('AUDLEAD', 'SERIES', 'r1'), { unitId: 'amt', seriesId: 'r2' }, false],
    [grant('AUDLEAD', 'SERIES', 'r1'), { unitId: 'amt' }, false],
    [grant('OWNER', 'PROCESS', 'p1'), { unitId: 'amt', processId: 'p1' }, true],
    [grant('OWNER', 'PROCESS', 'p1'), { unitId: 'amt', processId: 'p2' }, false],
    [grant('HR', 'TENANT', null, { levels: ['L3', 'L4'] }), { unitId: 'team' }, true],
    [grant('HR', 'TENANT', null, { levels: ['L3', 'L4'] }), { unitId: 'amt' }, false],
    [grant('HR', 'TENANT', null, { levels: ['L3', 'L4'] }), {}, false],
    [grant('HR', 'SUBTREE', 'amt'), { unitId: 'unknown' }, false],
  ])('%j at %j: %s', (one, place, reaches) => {
    expect(at(person({ grants: [one] }), place)).toEqual(reaches ? [one.fn] : []);
  });

  test('nobody co-ordinates the case of their own unit, save by a grant for that very unit', () => {
    const posts = [post('staff', { isManagement: false })];
    const wide = person({ posts, grants: [grant('OPENING_COORD', 'TENANT')] });
    expect(at(wide, { unitId: 'staff' })).toEqual([]);
    expect(at(wide, { unitId: 'amt' })).toEqual(['OPENING_COORD']);
    const substitute = person({ grants: [grant('OPENING_COORD', 'UNIT', 'staff')] });
    expect(at(substitute, { unitId: 'staff' })).toEqual(['OPENING_COORD']);
  });
});

test('whoever is at the very post in question holds it, as a deputy too', () => {
  const claims = person({ posts: [post('amt', { isManagement: false, postId: 'p', as: 'DEPUTY' })] });
  expect(at(claims, { unitId: 'amt', postId: 'p' })).toEqual(['POST_HOLDER']);
  expect(at(claims, { unitId: 'amt', postId: 'q' })).toEqual([]);
});

test('a vacant post falls to the head of the unit', () => {
  const head = person({ posts: [post('amt')] });
  const place = { unitId: 'amt', postId: 'p', postIsVacant: true };
  expect(capacitiesAt(head, tree, place).get('POST_HOLDER')).toEqual({ as: 'INTERIM', postId: 'head-amt' });
  expect(at(head, { ...place, unitId: 'abt' })).not.toContain('POST_HOLDER');
  expect(at(head, { ...place, postIsVacant: false })).not.toContain('POST_HOLDER');
});

test('above the top stands the board of the round, without the head of the top', () => {
  const board = grant('BOARD', 'SERIES', 'r1');
  const place = { unitId: 'top', seriesId: 'r1' };
  expect(at(person({ grants: [board] }), place)).toEqual(['BOARD', 'NEXT_ABOVE']);
  expect(at(person({ grants: [board], posts: [post('top')] }), place)).toEqual(['BOARD', 'HEAD', 'LEAD']);
  expect(at(person({ grants: [board] }), { unitId: 'amt', seriesId: 'r1' })).toEqual(['BOARD']);
});

test('above a unit outside the chart stands the board, too, and no head of the administration', () => {
  const place = { unitId: 'school', seriesId: 'r1' };
  expect(at(person({ grants: [grant('BOARD', 'SERIES', 'r1')] }), place)).toEqual(['BOARD', 'NEXT_ABOVE']);
  expect(at(person({ posts: [post('top')] }), place)).toEqual([]);
});

test('a competent post contributes at its unit only', () => {
  const claims = person({ contributions: [{ unitId: 'abt', postId: 'p', as: 'HOLDER' }] });
  expect(at(claims, { unitId: 'abt' })).toEqual(['CONTRIB']);
  expect(at(claims, { unitId: 'team' })).toEqual([]);
});

test('held anywhere: posts, contributions and grants together', () => {
  const claims = person({
    posts: [post('amt')],
    contributions: [{ unitId: 'abt', postId: 'p', as: 'HOLDER' }],
    grants: [grant('HR', 'UNIT', 'team')],
  });
  expect([...functionsAnywhere(claims)].toSorted()).toEqual(
    ['ABOVE', 'CONTRIB', 'HEAD', 'HR', 'NEXT_ABOVE', 'OFFICE_ABOVE', 'POST_HOLDER'].toSorted(),
  );
});

describe('who approves for a unit', () => {
  const head = (personId: string, as: HeldPost['as'] = 'HOLDER') => [{ personId, as }];
  test.each([
    ['the head of the next unit', 'abt', { abt: head('ann'), amt: head('bob'), dez: head('cem') }, 'amt'],
    ['past a unit without head', 'abt', { abt: head('ann'), dez: head('cem') }, 'dez'],
    ['past the same natural person', 'abt', { abt: head('ann'), amt: head('ann'), dez: head('cem') }, 'dez'],
    ['an interim head counts where nobody else is', 'abt', { amt: head('bob', 'INTERIM') }, 'amt'],
    ['nobody above the top', 'top', { top: head('ann') }, undefined],
  ])('%s', (_name, unitId, heads, expected) => {
    expect(nextAboveOf(unitId, tree, new Map(Object.entries(heads)))).toBe(expected);
  });
});

describe('two natural persons', () => {
  const holds = (postId: string, as: HeldPost['as']) => [{ postId, as }];
  test.each([
    ['the same person', 'ann', 'ann', [], [], true],
    ['holder and deputy of one post', 'ann', 'bob', holds('p', 'HOLDER'), holds('p', 'DEPUTY'), true],
    ['deputy and holder of one post', 'ann', 'bob', holds('p', 'INTERIM'), holds('p', 'HOLDER'), true],
    ['two deputies of one post', 'ann', 'bob', holds('p', 'DEPUTY'), holds('p', 'DEPUTY'), false],
    ['two posts', 'ann', 'bob', holds('p', 'HOLDER'), holds('q', 'DEPUTY'), false],
  ])('%s: count as one %s', (_name, one, other, a, b, expected) => {
    expect(countAsOne(one, other, a, b)).toBe(expected);
  });
});
