import { describe, expect, test } from '@jest/globals';
import {
  lacking,
  postponementFaults,
  refuseConfirmation,
  refuseDrop,
  refuseReport,
  statuses,
  type MeasureTerms,
  type StatusReport,
  reportedBy,
} from './measure.rules.ts';

const today = '2027-03-01';

/** From each status, what may be reported; everything else is refused. */
const ways = {
  DRAFT: '',
  AGREED: 'IN_PROGRESS DELAYED REPORTED_DONE POSTPONED',
  IN_PROGRESS: 'IN_PROGRESS DELAYED REPORTED_DONE POSTPONED',
  DELAYED: 'DELAYED IN_PROGRESS REPORTED_DONE POSTPONED',
  POSTPONED: 'POSTPONED IN_PROGRESS REPORTED_DONE',
  REPORTED_DONE: 'IN_PROGRESS',
  EFFECT_CONFIRMED: '',
  REJECTED: '',
} as const;

describe('a report on a measure', () => {
  const pairs = statuses.flatMap((from) =>
    statuses.map((to) => [from, to, ways[from].split(' ').includes(to)] as const),
  );
  test.each(pairs)('%s → %s: %s', (from, status, may) => {
    const report = { status, note: 'Krankheit im Team.', postponedUntil: '2027-06-01' };
    expect(refuseReport(from, report, today)?.__typename).toBe(may ? undefined : 'NotPossibleNow');
  });

  test.each<[StatusReport, boolean]>([
    [{ status: 'DELAYED' }, false],
    [{ status: 'DELAYED', note: ' ' }, false],
    [{ status: 'DELAYED', note: 'Ausschreibung ohne Ergebnis.' }, true],
    [{ status: 'POSTPONED', note: 'Umbau.' }, false],
    [{ status: 'POSTPONED', note: 'Umbau.', postponedUntil: today }, false],
    [{ status: 'POSTPONED', note: 'Umbau.', postponedUntil: '2027-03-02' }, true],
    [{ status: 'POSTPONED', postponedUntil: '2027-03-02' }, false],
    [{ status: 'IN_PROGRESS' }, true],
    [{ status: 'REPORTED_DONE' }, true],
  ])('%j is complete: %s', (report, complete) => {
    expect(refuseReport('AGREED', report, today)?.__typename).toBe(complete ? undefined : 'ReportIncomplete');
  });

  test('a new start belongs to a postponed measure alone', () => {
    const reports = (['POSTPONED', 'IN_PROGRESS'] as const).map((status) => ({
      status,
      postponedUntil: today,
    }));
    expect(postponementFaults(reports).map(({ path }) => path)).toEqual(['reports.1.postponedUntil']);
  });
});

test.each(statuses)('%s is dropped while targets are drafted, unless it is done or gone', (from) => {
  const done = ['REPORTED_DONE', 'EFFECT_CONFIRMED', 'REJECTED'].includes(from);
  expect(refuseDrop(from)?.__typename).toBe(done ? 'NotPossibleNow' : undefined);
});

test.each([
  ['REPORTED_DONE', false, undefined],
  ['REPORTED_DONE', true, 'FourEyesNeeded'],
  ['IN_PROGRESS', false, 'NotPossibleNow'],
  ['EFFECT_CONFIRMED', false, 'NotPossibleNow'],
] as const)('%s confirmed by its reporter: %s → %s', (from, isReporter, no) => {
  expect(refuseConfirmation(from, isReporter)?.__typename).toBe(no);
});

describe('what an agreement asks of a measure', () => {
  const whole: MeasureTerms = {
    criterionId: null,
    title: 'Sprachmittlung regeln',
    description: '',
    competentPostId: 'p',
    dueOn: '2027-09-30',
    indicator: 'Anteil erfüllter Anfragen',
    baseline: '40 %',
    budgetKind: 'NONE',
    budgetLine: null,
    touches: [],
  };
  test.each<[Partial<MeasureTerms>, string[]]>([
    [{}, []],
    [{ competentPostId: null }, ['zuständige Stelle']],
    [{ dueOn: null, indicator: ' ' }, ['Termin', 'Wirkungskennzahl']],
    [{ baseline: null, budgetKind: null }, ['Ausgangswert', 'Mittel oder „keine“']],
  ])('%j lacks %j', (over, gaps) => expect(lacking({ ...whole, ...over }).map(({ de }) => de)).toEqual(gaps));
});

describe('a report takes a step of the course', () => {
  test.each<[StatusReport & { effect?: string | null }, ReturnType<typeof reportedBy>]>([
    [
      { status: 'IN_PROGRESS', note: null, effect: '2 von 4' },
      { step: 'REPORT_PROGRESS', payload: { effect: '2 von 4' } },
    ],
    [
      { status: 'POSTPONED', note: 'Umbau.', postponedUntil: '2027-01-04' },
      { step: 'POSTPONE', payload: { note: 'Umbau.', until: '2027-01-04' } },
    ],
    [
      { status: 'REJECTED', note: 'Doppelt.' },
      { step: 'ABANDON', payload: { reason: 'Doppelt.' } },
    ],
  ])('%j', (report, taken) => expect(reportedBy(report)).toEqual(taken));

  test('and nobody reports a measure agreed', () =>
    expect(() => reportedBy({ status: 'AGREED' })).toThrow('Nobody reports a measure AGREED'));
});
