import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../platform/bare.ts';
import type { Wanted } from './assignment-rule.rules.ts';
import { refuseSamePerson, refuseStage } from './assignment-refusal.rules.ts';
import {
  answered,
  changeBetween,
  confirmed,
  effectsOf,
  ended,
  lapsed,
  owed,
  proposed,
  stateOn,
  type Draft,
  type Line,
} from './assignment.rules.ts';

const line = (assignmentId: string, over: Partial<Line> = {}): Line => ({
  id: `line of ${assignmentId}`,
  assignmentId,
  kind: 'COMPETENT',
  unitId: 'amt',
  catalogue: 'administration',
  subjects: ['A', 'B', 'C'],
  postId: 'p1',
  ruleId: 'r1',
  stage: 'PROPOSED',
  validFrom: '2026-01-01',
  validUntil: null,
  proposedBy: 'hr1',
  acceptedBy: null,
  confirmedBy: null,
  reason: null,
  rationale: null,
  ...over,
});
const active = (assignmentId: string, over: Partial<Line> = {}) =>
  line(assignmentId, { stage: 'CONFIRMED', ...over });
const accepted = (assignmentId: string, over: Partial<Line> = {}) =>
  line(assignmentId, { stage: 'ACCEPTED', ...over });
const all = (...ids: string[]) => ({ assignmentIds: new Set(ids) });
/** A line in a few words: number, stage, subjects, period. */
const told = (lines: readonly Draft[]) =>
  lines.map(
    (one) =>
      `${one.assignmentId ?? 'new'} ${one.stage} ${one.subjects.join('')} ${one.validFrom}–${one.validUntil ?? ''}`,
  );

describe('the answer of the holder', () => {
  const yes = { accepted: true, by: 'ann' };
  const no = { accepted: false, by: 'ann', reason: 'NO_CAPACITY' as const };

  test('takes the whole line', () => {
    const [one] = answered([line('1')], all('1'), yes);
    expect(one).toMatchObject({ assignmentId: '1', stage: 'ACCEPTED', acceptedBy: 'ann' });
  });

  test('or some criteria of it, the rest stays open', () => {
    expect(told(answered([line('1')], { ...all('1'), subjects: ['B'] }, no))).toEqual([
      'new DECLINED B 2026-01-01–',
      '1 PROPOSED AC 2026-01-01–',
    ]);
  });

  test('leaves other lines the same objects, so nothing is written for them', () => {
    const lines = [line('1'), line('2'), active('3')];
    const { retract, write } = changeBetween(lines, answered(lines, all('2', '3'), yes));
    expect(retract).toEqual(['line of 2']);
    expect(told(write)).toEqual(['2 ACCEPTED ABC 2026-01-01–']);
  });
});

describe('the confirmation', () => {
  test('ends what the new line replaces, on its first day', () => {
    const lines = [
      active('old', { ruleId: 'r0' }),
      accepted('new1', { subjects: ['A', 'B'], validFrom: '2026-03-01' }),
    ];
    expect(told(confirmed(lines, all('new1'), 'hr2'))).toEqual([
      'old CONFIRMED C 2026-01-01–',
      'new CONFIRMED AB 2026-01-01–2026-03-01',
      'new1 CONFIRMED AB 2026-03-01–',
    ]);
  });

  test('of a line for a time lets the old one return', () => {
    const lines = [active('old'), accepted('1', { validFrom: '2026-03-01', validUntil: '2026-04-01' })];
    expect(told(confirmed(lines, all('1'), 'hr2'))).toEqual([
      'old CONFIRMED ABC 2026-01-01–2026-03-01',
      'new CONFIRMED ABC 2026-04-01–',
      '1 CONFIRMED ABC 2026-03-01–2026-04-01',
    ]);
  });

  test.each([
    ['another unit', { unitId: 'abt' }],
    ['another kind', { kind: 'ACCOUNTABLE' as const }],
    ['another catalogue', { catalogue: 'education' }],
    ['other criteria', { subjects: ['X'] }],
    ['another time', { validUntil: '2026-03-01' }],
    ['not yet confirmed', { stage: 'ACCEPTED' as const }],
  ])('leaves alone what is %s', (_name, over) => {
    const other = active('other', over);
    const lines = confirmed([other, accepted('1', { validFrom: '2026-03-01' })], all('1'), 'hr2');
    expect(lines).toContain(other);
  });

  test('of two for the same criterion lets the later one win', () => {
    const lines = confirmed(
      [accepted('1'), accepted('2', { validFrom: '2026-02-01' })],
      all('1', '2'),
      'hr2',
    );
    expect(told(lines)).toEqual(['1 CONFIRMED ABC 2026-01-01–2026-02-01', '2 CONFIRMED ABC 2026-02-01–']);
  });
});

describe('ending', () => {
  test.each([
    ['on a later day', active('1'), '2026-05-01', ['1 CONFIRMED ABC 2026-01-01–2026-05-01']],
    ['before it began', active('1'), '2025-12-01', []],
    [
      'after it ended anyway',
      active('1', { validUntil: '2026-02-01' }),
      '2026-05-01',
      ['1 CONFIRMED ABC 2026-01-01–2026-02-01'],
    ],
    ['of a proposal withdraws it', line('1'), '2026-05-01', []],
  ] as const)('%s', (_name, one, on, left) => {
    expect(told(ended([one], all('1'), on, 'ENDED_BY_HR'))).toEqual(left);
  });

  test('of one criterion keeps the others', () => {
    expect(told(ended([active('1')], { ...all('1'), subjects: ['C'] }, '2026-05-01', 'NO_CAPACITY'))).toEqual(
      ['1 CONFIRMED AB 2026-01-01–', 'new CONFIRMED C 2026-01-01–2026-05-01'],
    );
  });
});

describe('what a rule does', () => {
  const want = (subject: string, ruleId: string, postId: string | null = 'p2'): Wanted => ({
    unitId: 'amt',
    kind: 'COMPETENT',
    subject,
    ruleId,
    postId,
  });
  const spokenOf = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((subject) =>
    want(subject, 'mine', subject === 'F' ? null : 'p2'),
  );
  const together = spokenOf.map((one) => (one.subject === 'E' ? want('E', 'nearer', 'p3') : one));
  const lines = [
    active('same', { subjects: ['A'], postId: 'p2' }),
    active('other', { subjects: ['B'], postId: 'p1' }),
    line('single', { subjects: ['C'], postId: 'p9', ruleId: null }),
    line('declined', { subjects: ['D'], stage: 'DECLINED', postId: 'p2' }),
    active('holds', { subjects: ['G'], postId: 'p1' }),
    line('under way', { subjects: ['G'], postId: 'p2' }),
  ];
  const effects = effectsOf('mine', spokenOf, together, lines);

  test('to each criterion', () => {
    expect(effects.map(({ subject, outcome }) => `${subject} ${outcome}`)).toEqual([
      'A UNCHANGED',
      'B CHANGED',
      'C OVERRIDDEN',
      'D NEW',
      'E OVERRIDDEN',
      'F WITHOUT_POST',
      'G UNCHANGED',
    ]);
  });

  test('proposes what is new or changed and keeps what holds until it is confirmed', () => {
    const after = proposed(lines, effects, {
      catalogue: 'administration',
      validFrom: '2026-02-01',
      by: 'hr1',
      termsOf: () => ({ validUntil: null, rationale: null }),
    });
    const { retract, write } = changeBetween(lines, after);
    expect(retract).toEqual(['line of declined']);
    expect(told(write)).toEqual(['new PROPOSED BD 2026-02-01–']);
  });

  test('applied again writes nothing', () => {
    const once = proposed(lines, effects, {
      catalogue: 'administration',
      validFrom: '2026-02-01',
      by: 'hr1',
      termsOf: () => ({ validUntil: null, rationale: null }),
    });
    const numbered = once.map((one, i): Line => ({
      ...one,
      id: `${i}`,
      assignmentId: one.assignmentId ?? `${i}`,
    }));
    const again = effectsOf('mine', spokenOf, together, numbered);
    const after = proposed(numbered, again, {
      catalogue: 'administration',
      validFrom: '2026-02-01',
      by: 'hr1',
      termsOf: () => ({ validUntil: null, rationale: null }),
    });
    expect(changeBetween(numbered, after)).toEqual({ retract: [], write: [] });
  });

  test('what the rules owe leaves out what the same post declined', () => {
    const afresh = [want('A', 'mine'), want('B', 'mine', 'p3'), want('C', 'mine')];
    const left = [
      line('no', { stage: 'DECLINED', subjects: ['A', 'B'], postId: 'p2' }),
      active('yes', { subjects: ['C'], postId: 'p2' }),
    ];
    expect(owed(afresh, left).map(({ subject, outcome }) => `${subject} ${outcome}`)).toEqual([
      'B NEW',
      'C UNCHANGED',
    ]);
  });

  describe('lapses', () => {
    const standing = [
      active('rule'),
      active('single', { ruleId: null, subjects: ['Z'] }),
      line('open', { subjects: ['X'] }),
      line('wanted', { subjects: ['A'] }),
    ];
    const still = [want('A', 'mine'), want('B', 'mine')];
    const left = (gone: string | null) =>
      told(lapsed(standing, still, { on: '2026-05-01', reason: 'ORG_CHANGE', goneOn: () => gone }));

    test('where no rule wants it; an exception stays', () => {
      expect(left(null)).toEqual([
        'rule CONFIRMED AB 2026-01-01–',
        'new CONFIRMED C 2026-01-01–2026-05-01',
        'single CONFIRMED Z 2026-01-01–',
        'wanted PROPOSED A 2026-01-01–',
      ]);
    });

    test('whole with a unit that is gone', () => {
      expect(left('2026-04-01')).toEqual([
        'rule CONFIRMED ABC 2026-01-01–2026-04-01',
        'single CONFIRMED Z 2026-01-01–2026-04-01',
      ]);
    });

    test('on the day on which its unit will go', () => {
      expect(left('2026-12-01')).toEqual([
        'rule CONFIRMED AB 2026-01-01–2026-12-01',
        'new CONFIRMED C 2026-01-01–2026-05-01',
        'single CONFIRMED Z 2026-01-01–2026-12-01',
        'wanted PROPOSED A 2026-01-01–',
      ]);
    });
  });
});

describe('what a line is on a day', () => {
  const held = { held: true, acting: false };
  const vacant = { held: false, acting: false };
  test.each([
    [line('1'), '2026-06-01', held, 'PROPOSED'],
    [accepted('1'), '2026-06-01', held, 'ACCEPTED'],
    [line('1', { stage: 'DECLINED' }), '2026-06-01', held, 'DECLINED'],
    [active('1'), '2025-12-31', held, 'CONFIRMED'],
    [active('1'), '2026-01-01', held, 'ACTIVE'],
    [active('1'), '2026-06-01', vacant, 'DORMANT'],
    [active('1'), '2026-06-01', { held: false, acting: true }, 'SUBSTITUTED'],
    [active('1', { validUntil: '2026-06-01' }), '2026-05-31', held, 'ACTIVE'],
    [active('1', { validUntil: '2026-06-01' }), '2026-06-01', held, 'ENDED'],
  ] as const)('%#', (one, day, staffing, state) => {
    expect(stateOn(one, day, staffing)).toBe(state);
  });
});

test('a step from another stage is refused with the stage', () => {
  expect(refuseStage([line('1'), accepted('2')], 'PROPOSED')).toMatchObject({
    __typename: 'NotPossibleNow',
    state: 'ACCEPTED',
  });
  expect(refuseStage([line('1')], 'PROPOSED')).toBeUndefined();
});

test('who proposed does not confirm', () => {
  expect(isRefusal(refuseSamePerson([accepted('1')], (person) => person === 'hr1'))).toBe(true);
  expect(refuseSamePerson([accepted('1')], (person) => person === 'hr2')).toBeUndefined();
});
