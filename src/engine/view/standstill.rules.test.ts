import { describe, expect, test } from '@jest/globals';
import { calendarOf } from '../definition/calendar.rules.ts';
import { summaryOf, workingDaysSince, type StandstillFacts } from './standstill.rules.ts';

const calendar = calendarOf('NW', 'Europe/Berlin');

test.each([
  ['2026-11-24', '2026-11-24', 0],
  ['2026-11-24', '2026-11-25', 1],
  ['2026-11-27', '2026-11-30', 1], // over a weekend
  ['2026-12-23', '2026-12-28', 2], // both Christmas days are holidays
  ['2026-11-28', '2026-11-29', 0], // Saturday to Sunday
  ['2026-11-24', '2026-11-20', 0],
])('from %s to %s %i working days have begun', (since, today, days) =>
  expect(workingDaysSince(since, today, calendar)).toBe(days),
);

const standing: StandstillFacts = {
  stageLabel: { de: 'Selbsteinschätzung', en: 'Self-assessment' },
  workingDays: 12,
  hasEnded: false,
  isSuspended: false,
  turns: [
    {
      label: { de: 'Bewerten', en: 'Rate' },
      functionName: { de: 'Prozessleitung', en: 'process owner' },
      dueOn: '2026-11-20',
      overdue: true,
      holders: [
        { name: 'Anna Ahorn', as: 'HOLDER' },
        { name: 'Bora Birke', as: 'DEPUTY' },
      ],
    },
  ],
  blocked: [
    {
      label: { de: 'Abschließen', en: 'Close' },
      reasons: [{ code: 'open', text: { de: 'Noch 3 von 41 offen.', en: '3 of 41 are open.' } }],
    },
  ],
  byItself: [
    { step: 'ESCALATE', label: { de: 'Eskalieren', en: 'Escalate' }, at: new Date(), day: '2026-12-01' },
  ],
};

describe('the summary', () => {
  test('says since when, whose turn it is, what is missing and what comes by itself', () => {
    expect(summaryOf(standing)).toEqual({
      de: 'Seit 12 Arbeitstagen im Zustand „Selbsteinschätzung“. Am Zug: „Bewerten“ (Prozessleitung: Anna Ahorn, Bora Birke (Vertretung)), die Frist ist verstrichen. „Abschließen“ ist noch nicht möglich: Noch 3 von 41 offen. Von selbst geschieht als Nächstes: „Eskalieren“ mit Ablauf des 01.12.2026.',
      en: 'In the state “Self-assessment” for 12 working days. Waiting for: “Rate” (process owner: Anna Ahorn, Bora Birke (deputy)), past its date. “Close” is not possible yet: 3 of 41 are open. What happens by itself next: “Escalate” at the end of 2026-12-01.',
    });
  });

  test.each([
    [
      'nobody holds the function',
      { turns: [{ ...standing.turns[0]!, holders: [] }] },
      '(Prozessleitung: nicht besetzt)',
    ],
    ['it is nobody’s turn', { turns: [] }, 'Derzeit ist niemand am Zug.'],
    ['it is one day', { workingDays: 1 }, 'Seit 1 Arbeitstag im'],
    ['it rests', { isSuspended: true }, 'Der Vorgang ist ausgesetzt („Selbsteinschätzung“). Von selbst'],
    ['it has ended', { hasEnded: true }, 'Der Vorgang ist beendet („Selbsteinschätzung“).'],
  ])('says so when %s', (_when, change, says) =>
    expect(summaryOf({ ...standing, ...change }).de).toContain(says),
  );
});
