import { describe, expect, test } from '@jest/globals';
import { holdsOn, isEmpty, overlap, replaceBy, rewriteFrom } from './timeline.rules.ts';

const piece = (from: string, until: string | null, facts: string) => ({ from, until, facts });
const old = piece('2020-01-01', null, 'a');
const planned = [piece('2020-01-01', '2027-01-01', 'a'), piece('2027-01-01', null, 'b')];

describe('rewriteFrom', () => {
  test.each([
    ['the same again writes nothing', [old], '2026-11-24', [piece('2026-11-24', null, 'a')], 0, []],
    [
      'a change cuts',
      [old],
      '2026-11-24',
      [piece('2026-11-24', null, 'b')],
      1,
      [piece('2020-01-01', '2026-11-24', 'a'), piece('2026-11-24', null, 'b')],
    ],
    ['an end cuts', [old], '2026-11-24', [], 1, [piece('2020-01-01', '2026-11-24', 'a')]],
    [
      'a change before the start replaces',
      [old],
      '2019-01-01',
      [piece('2019-01-01', null, 'b')],
      1,
      [piece('2019-01-01', null, 'b')],
    ],
    [
      'what was planned is wiped by a file that does not name it',
      planned,
      '2026-11-24',
      [piece('2026-11-24', null, 'a')],
      2,
      [piece('2020-01-01', null, 'a')],
    ],
    [
      'a plan named again writes nothing',
      planned,
      '2026-11-24',
      [piece('2026-11-24', '2027-01-01', 'a'), piece('2027-01-01', null, 'b')],
      0,
      [],
    ],
    [
      'a future change leaves today alone',
      [old],
      '2027-01-01',
      [piece('2027-01-01', null, 'b')],
      1,
      [piece('2020-01-01', '2027-01-01', 'a'), piece('2027-01-01', null, 'b')],
    ],
    [
      'something new',
      [],
      '2026-11-24',
      [piece('2026-11-24', null, 'a')],
      0,
      [piece('2026-11-24', null, 'a')],
    ],
  ])('%s', (_, versions, cut, pieces, retracted, inserted) => {
    const { retract, insert } = rewriteFrom(versions, cut, pieces);
    expect(retract).toHaveLength(retracted);
    expect(insert).toEqual(inserted);
  });
});

test('replaceBy joins adjoining pieces of the same facts', () => {
  const { retract, insert } = replaceBy(
    [old],
    [piece('2019-01-01', '2020-01-01', 'a'), piece('2020-01-01', null, 'a')],
  );
  expect([retract, insert]).toEqual([[old], [piece('2019-01-01', null, 'a')]]);
});

test.each([
  ['2026-01-01', '2026-01-01', null, true],
  ['2026-01-01', '2025-12-31', null, false],
  ['2026-01-01', '2026-02-01', '2026-02-01', false],
])('a period from %s holds on %s (until %s): %s', (from, day, until, expected) => {
  expect(holdsOn({ from, until }, day)).toBe(expected);
});

test('periods that touch do not overlap, and an empty one is known', () => {
  const may = { from: '2026-05-01', until: '2026-06-01' };
  expect(overlap(may, { from: '2026-06-01', until: null })).toBe(false);
  expect(overlap(may, { from: '2026-05-31', until: null })).toBe(true);
  expect(isEmpty({ from: '2026-05-01', until: '2026-05-01' })).toBe(true);
});
