import { expect, test } from '@jest/globals';
import { boardFaults, exclusions, inLine, type RoundMember } from './independence.rules.ts';

const members = (text: string): RoundMember[] =>
  text.split(', ').map((entry) => {
    const [fn, ...personIds] = entry.split(' ');
    return { fn: fn!, personIds };
  });

test.each([
  ['BOARD anna, APPEAL bora, AUDLEAD cem', 0],
  ['BOARD anna, STEERING anna', 0],
  ['BOARD anna, APPEAL anna', 1],
  ['STEERING anna, APPEAL anna', 1],
  ['AUD anna, BOARD anna', 1],
  ['AUDLEAD anna, AUD2 anna', 1],
  ['AUDLEAD anna, AUD anna', 0],
  ['AUD2 anna bora, BOARD bora', 1],
  ['AUDLEAD anna, BOARD anna, APPEAL anna', 3],
  ['PR anna, BOARD anna', 0],
])('%s: %i exclusions', (text, count) => expect(exclusions(members(text))).toHaveLength(count));

const parents: Record<string, string> = { s1: 'o1', o1: 'd1', d1: 'top', ki: 'd2', d2: 'top' };
const tree = {
  isBelow: (id: string, above: string): boolean =>
    parents[id] !== undefined && (parents[id] === above || tree.isBelow(parents[id], above)),
};

test.each([
  [['ki'], 's1', false],
  [['s1'], 's1', true],
  [['o1'], 's1', true],
  [['s1'], 'd1', true],
  [['top'], 's1', true],
  [['ki', 'o1'], 's1', true],
  [[], 's1', false],
])('%j looks at %s: in line %s', (own, unit, inside) => expect(inLine(own, unit, tree)).toBe(inside));

test.each([
  [0, 0, null, 1],
  [3, 1, 2, 0],
  [3, 0, 2, 1],
  [3, 1, null, 1],
  [3, 1, 4, 1],
  [3, 2, 4, 2],
])('a board of %i with %i chairs and quorum %s has %i faults', (size, chairs, quorum, faults) => {
  const board = Array.from({ length: size }, (_, i) => ({ chair: i < chairs }));
  expect(boardFaults(board, quorum)).toHaveLength(faults);
});
