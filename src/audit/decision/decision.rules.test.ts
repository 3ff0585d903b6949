import { describe, expect, test } from '@jest/globals';
import { countVotes, refuseVote, type BoardMember, type Choice } from './decision.rules.ts';
import type { Outcome } from '../rating/recognition.rules.ts';

const member = (personId: string, more: Partial<BoardMember> = {}): BoardMember => ({
  personId,
  isChair: false,
  ofTheUnit: false,
  isAuditor: false,
  ...more,
});
const short: Record<string, Choice> = { f: 'FOR_FULL', c: 'FOR_CONDITIONS', r: 'FOR_REFUSAL', a: 'ABSTAIN' };

/** "ffr" = three members vote so; the chair is the first when the string begins with "*". */
function result(votes: string, allowed: Outcome = 'FULL', quorum = 1): Outcome | null {
  const letters = votes.replace('*', '').split('');
  const members = letters.map((_, i) => member(`p${i}`, { isChair: votes.startsWith('*') && i === 0 }));
  const ballots = letters.flatMap((l, i) => (short[l] ? [{ personId: `p${i}`, choice: short[l] }] : []));
  return countVotes(members, ballots, { quorum, allowed }).result;
}

describe('the result is the median of the votes cast', () => {
  test.each<[string, Outcome | null]>([
    ['fff', 'FULL'],
    ['ffr', 'FULL'],
    ['fcr', 'CONDITIONAL'],
    ['frr', 'REFUSED'],
    ['ccr', 'CONDITIONAL'],
    ['ffccc', 'CONDITIONAL'],
    ['faa', 'FULL'],
    ['aaa', null],
    ['fr', 'REFUSED'],
    ['*fr', 'FULL'],
    ['*rf', 'REFUSED'],
    ['*cfr', 'CONDITIONAL'],
    ['*afr', 'REFUSED'],
    ['*cffrr', 'CONDITIONAL'],
    ['*ccfff', 'FULL'],
    ['*rffcc', 'CONDITIONAL'],
    ['*rfcc', 'CONDITIONAL'],
    ['*fccr', 'CONDITIONAL'],
  ])('%s → %s', (votes, outcome) => expect(result(votes)).toBe(outcome));

  test.each<[string, number, Outcome | null]>([
    ['ff-', 3, null],
    ['ffa', 3, 'FULL'],
    ['ff-', 2, 'FULL'],
    ['---', 0, null],
  ])('%s with a quorum of %i → %s', (votes, quorum, outcome) =>
    expect(result(votes, 'FULL', quorum)).toBe(outcome),
  );

  test('never exceeds what the ratings allow by now', () => {
    expect(result('fff', 'CONDITIONAL')).toBe('CONDITIONAL');
    expect(result('rrr', 'CONDITIONAL')).toBe('REFUSED');
  });
});

test('members of the unit and its auditors count neither as votes nor for the quorum', () => {
  const members = [
    member('a'),
    member('b', { ofTheUnit: true }),
    member('c', { isAuditor: true }),
    member('d'),
  ];
  const ballots = ['a', 'b', 'c'].map((personId) => ({ personId, choice: 'FOR_FULL' as const }));
  expect(countVotes(members, ballots, { quorum: 2, allowed: 'FULL' })).toEqual({
    votes: { FOR_FULL: 1, FOR_CONDITIONS: 0, FOR_REFUSAL: 0, ABSTAIN: 0 },
    missing: ['d'],
    excluded: ['b', 'c'],
    isQuorate: false,
    result: null,
  });
});

test.each<[Partial<BoardMember>, Choice, Outcome, string | undefined]>([
  [{}, 'FOR_FULL', 'FULL', undefined],
  [{}, 'FOR_REFUSAL', 'FULL', undefined],
  [{}, 'FOR_FULL', 'CONDITIONAL', 'BeyondThresholds'],
  [{}, 'FOR_CONDITIONS', 'CONDITIONAL', undefined],
  [{}, 'FOR_CONDITIONS', 'REFUSED', 'BeyondThresholds'],
  [{}, 'ABSTAIN', 'REFUSED', undefined],
  [{ ofTheUnit: true }, 'ABSTAIN', 'FULL', 'VoteExcluded'],
  [{ isAuditor: true }, 'FOR_FULL', 'FULL', 'VoteExcluded'],
])('%j voting %s where %s is allowed → %s', (more, choice, allowed, no) => {
  expect(refuseVote(member('p', more), choice, allowed)?.__typename).toBe(no);
});
