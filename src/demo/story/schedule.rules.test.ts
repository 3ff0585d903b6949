import { describe, expect, test } from '@jest/globals';
import { dayOf, instantOf, schedule, stepsOf } from './schedule.rules.ts';
import { readStory, type Way } from './story.ts';

const start = new Date('2026-11-24T09:00:00Z');
const story = await readStory();
const way = (over: Partial<Way>): Way => ({ units: ['A1'], from: 'P-20M', reached: 'review.desk', ...over });

test.each([
  ['P-30M', '2024-05-24'],
  ['P-6W', '2026-10-13'],
  ['P-20D', '2026-11-04'],
  ['P40M', '2030-03-24'],
])('%s counts from the first start: %s', (relative, day) => {
  expect(dayOf(instantOf(relative, start))).toBe(day);
});

test.each([
  ['2026-11-24T22:30:00Z', 'P-5M', '2026-06-24'],
  ['2026-07-01T22:30:00Z', 'P-6M', '2026-01-02'],
  ['2027-03-31T10:00:00Z', 'P-1M', '2027-02-28'],
])('begun at %s, %s is the day %s in Berlin', (begun, relative, day) => {
  expect(dayOf(instantOf(relative, new Date(begun)))).toBe(day);
});

describe('the steps of a way', () => {
  test.each([
    [way({ reached: 'preparation.commissioned' }), ''],
    [way({ reached: 'preparation.kickedOff' }), 'NAME_TEAM CONFIRM_SCOPE'],
    [way({ reached: 'cancelled', cutAt: 'preparation.teamNamed' }), 'NAME_TEAM CANCEL'],
  ])('%j', (given, steps) => expect(stepsOf(given, story.course).join(' ')).toBe(steps));

  test.each([
    [way({ after: 'EVIDENCE_PROVIDED' }), 'ACCEPT_SUBMISSION REQUEST_EVIDENCE EVIDENCE_PROVIDED'],
    [
      way({ reached: 'inventory.selfAssessment', after: 'RETURN_INCOMPLETE' }),
      'CLOSE_RATINGS SIGN_OFF RETURN_INCOMPLETE',
    ],
    [
      way({ reached: 'inventory.submitted', after: 'RETURN_INCOMPLETE', at: { SIGN_OFF: 'P-3D' } }),
      'SIGN_OFF RETURN_INCOMPLETE CLOSE_RATINGS SIGN_OFF',
    ],
    [way({ reached: 'targets.drafting', after: 'REJECT_TARGETS' }), 'SUBMIT_TARGETS CO_SIGN REJECT_TARGETS'],
    [way({ reached: 'review.finalReport', detours: ['COMMENT'] }), 'VISIT_DONE SEND_DRAFT COMMENT'],
    [way({ reached: 'implementation.running', after: 'CONFIRM' }), 'APPROVE_TARGETS SUBMIT_INTERIM CONFIRM'],
    [way({ reached: 'recognised.full', via: 'recognised.conditional' }), 'RECOMMEND VOTE CONDITIONS_MET'],
  ])('%j ends with %s', (given, steps) =>
    expect(stepsOf(given, story.course).join(' ')).toMatch(new RegExp(`${steps}$`)),
  );
});

const starts = [
  start.toISOString(),
  '2026-11-24T22:30:00Z',
  '2026-11-24T23:30:00Z',
  '2027-03-31T06:00:00Z',
  '2027-03-27T23:30:00Z', // the clocks change in this night and the one below
  '2026-10-25T00:30:00Z',
  '2028-02-29T12:00:00Z',
  '2026-12-31T23:30:00Z',
];

test.each(starts)('begun at %s, every way goes forward in time and meets the moments it names', (begun) => {
  const start = new Date(begun);
  for (const round of story.rounds)
    for (const told of round.ways) {
      const steps = schedule(told, story, start);
      const times = steps.map(({ at }) => at.getTime());
      expect({ units: told.units, times }).toEqual({
        units: told.units,
        times: [...times].sort((a, b) => a - b),
      });
      expect(Math.max(0, ...times)).toBeLessThan(start.getTime());
      for (const [step, at] of Object.entries(told.at ?? {})) {
        const taken = steps.findLast((scheduled) => scheduled.step === step);
        expect({ told, step, at: taken && dayOf(taken.at) }).toEqual({
          told,
          step,
          at: dayOf(instantOf(at, start)),
        });
      }
    }
});
