import { describe, expect, test } from '@jest/globals';
import { inherited, refuseSettled, refuseSuccession, type Succession } from './succession.rules.ts';

const rating = (level: number | null) => ({ level });

test.each([
  ['the only one', [2], 2],
  ['the lowest of several', [3, 1, 2], 1],
  ['zero, when one part has reached nothing', [0, 4], 0],
  ['a level before "not applicable"', [null, 3], 3],
  ['"not applicable" when all parts say so', [null, null], null],
])('a successor inherits %s', (_what, levels, level) => {
  expect(inherited(levels.map(rating))).toEqual({ level });
});

test('nothing is inherited from nobody', () => expect(inherited([])).toBeUndefined());

describe('a succession', () => {
  const standing = (id: string) => (id === 'gone' ? undefined : { validUntil: null });
  test.each([
    [['b'], undefined],
    [['b', 'c'], undefined],
    [[], ['input.successorIds']],
    [['a'], ['input.successorIds.0']],
    [['b', 'gone'], ['input.successorIds.1']],
    [['b', 'b'], ['input.successorIds.1']],
  ])('of a by %j has faults at %j', (successors, paths) => {
    const refusal = refuseSuccession('a', successors, standing) as unknown as
      { faults: { path: string }[] } | undefined;
    expect(refusal?.faults.map(({ path }) => path)).toEqual(paths);
  });

  const open = { confirmedAt: null, withdrawnAt: null } as Succession;
  test.each([
    [open, undefined],
    [{ ...open, confirmedAt: new Date() }, 'Die Nachfolge ist schon bestätigt.'],
    [{ ...open, withdrawnAt: new Date() }, 'Die Nachfolge ist zurückgezogen.'],
  ])('is settled once', (succession, says) => expect(refuseSettled(succession)?.message.de).toBe(says));
});
