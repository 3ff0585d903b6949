import {
  blankFaults,
  isBlank,
  refuse,
  type InputFault,
  type Refusal,
  type Text,
  notPossible,
} from '../platform/bare.ts';

/** What a measure means to do. A draft may still lack what an agreement asks for. */
export interface MeasureTerms {
  readonly criterionId: string | null;
  readonly title: string;
  readonly description: string;
  readonly competentPostId: string | null;
  /** YYYY-MM-DD. */
  readonly dueOn: string | null;
  /** Which change will show that it worked, and where that stands today. */
  readonly indicator: string | null;
  readonly baseline: string | null;
  /** NONE says that no money is needed; null that nobody has said yet. */
  readonly budgetKind: 'NONE' | 'LINE' | null;
  readonly budgetLine: string | null;
  readonly touches: readonly Touch[];
}

/** What a measure affects beyond its unit: that decides who must co-sign. */
export type Touch = 'STAFFING' | 'CODETERMINATION' | 'EQUALITY';

export const statuses = [
  'DRAFT',
  'AGREED',
  'IN_PROGRESS',
  'DELAYED',
  'REPORTED_DONE',
  'EFFECT_CONFIRMED',
  'POSTPONED',
  'REJECTED',
] as const;
export type MeasureStatus = (typeof statuses)[number];

const next: Readonly<Record<MeasureStatus, readonly MeasureStatus[]>> = {
  DRAFT: ['AGREED', 'REJECTED'],
  AGREED: ['IN_PROGRESS', 'DELAYED', 'REPORTED_DONE', 'POSTPONED', 'REJECTED'],
  IN_PROGRESS: ['IN_PROGRESS', 'DELAYED', 'REPORTED_DONE', 'POSTPONED', 'REJECTED'],
  DELAYED: ['DELAYED', 'IN_PROGRESS', 'REPORTED_DONE', 'POSTPONED', 'REJECTED'],
  POSTPONED: ['POSTPONED', 'IN_PROGRESS', 'REPORTED_DONE', 'REJECTED'],
  REPORTED_DONE: ['EFFECT_CONFIRMED', 'IN_PROGRESS'],
  EFFECT_CONFIRMED: [],
  REJECTED: [],
};

/** Given by an approval, a confirmation or a new agreement, never by who reports on a measure. */
const byOthers: readonly MeasureStatus[] = ['DRAFT', 'AGREED', 'EFFECT_CONFIRMED', 'REJECTED'];

export const isLive = (status: MeasureStatus): boolean => status !== 'REJECTED';

/** Done and its effect looked at by somebody else; a rejected measure is neither open nor closed. */
export const isClosed = (status: MeasureStatus): boolean => status === 'EFFECT_CONFIRMED';

export const isOpen = (status: MeasureStatus): boolean => isLive(status) && !isClosed(status);

export interface StatusReport {
  readonly status: MeasureStatus;
  readonly note?: string | null;
  /** YYYY-MM-DD, needed for POSTPONED. */
  readonly postponedUntil?: string | null;
}

/** Refuses a report that the table of statuses does not allow, or that gives no reason (Konzept §2.4). */
export function refuseReport(
  from: MeasureStatus,
  { status, note, postponedUntil }: StatusReport,
  today: string,
): Refusal<'NotPossibleNow' | 'ReportIncomplete'> | undefined {
  if (byOthers.includes(status) || !next[from].includes(status)) return refuseStatus(from, status);
  if (status === 'POSTPONED' && !(postponedUntil && postponedUntil > today)) {
    return incomplete({
      de: 'Eine verschobene Maßnahme braucht einen neuen Beginn, der in der Zukunft liegt.',
      en: 'A postponed measure needs a new start that lies in the future.',
    });
  }
  if ((status === 'DELAYED' || status === 'POSTPONED') && isBlank(note)) {
    return incomplete({
      de: 'Bitte in einem Satz sagen, woran es liegt.',
      en: 'Please say in one sentence what the reason is.',
    });
  }
}

/** The step of a measure's process by which it gets this status; the words go with it. */
export function reportedBy({
  status,
  note,
  effect,
  postponedUntil,
}: StatusReport & { readonly effect?: string | null | undefined }) {
  const step = steps[status];
  if (!step) throw new Error(`Nobody reports a measure ${status}`);
  const words = { [step === 'ABANDON' ? 'reason' : 'note']: note, effect, until: postponedUntil };
  const said = Object.entries(words).filter(([, word]) => word != null && word !== '');
  return { step, payload: Object.fromEntries(said) };
}
const steps: { readonly [S in MeasureStatus]?: string } = {
  IN_PROGRESS: 'REPORT_PROGRESS',
  DELAYED: 'REPORT_DELAY',
  REPORTED_DONE: 'REPORT_DONE',
  POSTPONED: 'POSTPONE',
  EFFECT_CONFIRMED: 'CONFIRM_EFFECT',
  REJECTED: 'ABANDON',
};

/** A new start belongs to a postponed measure alone. */
export function postponementFaults(reports: readonly StatusReport[]): InputFault[] {
  return reports.flatMap(({ status, postponedUntil }, at) =>
    status !== 'POSTPONED' && postponedUntil
      ? [{ path: `reports.${at}.postponedUntil`, message: notPostponed }]
      : [],
  );
}
const notPostponed: Text = {
  de: 'Einen neuen Beginn hat nur eine verschobene Maßnahme.',
  en: 'Only a postponed measure has a new start.',
};

/** Whether a measure can be taken out of the targets while they are being written down. */
export function refuseDrop(from: MeasureStatus): Refusal<'NotPossibleNow'> | undefined {
  return next[from].includes('REJECTED') ? undefined : refuseStatus(from, 'REJECTED');
}

/** The effect is confirmed by another natural person than the one who reported the measure done (four eyes). */
export function refuseConfirmation(
  from: MeasureStatus,
  isReporter: boolean,
): Refusal<'NotPossibleNow' | 'FourEyesNeeded'> | undefined {
  if (!next[from].includes('EFFECT_CONFIRMED')) return refuseStatus(from, 'EFFECT_CONFIRMED');
  if (!isReporter) return;
  return refuse('FourEyesNeeded', {
    de: 'Die Wirkung bestätigt eine andere Person als die, die die Maßnahme als erledigt gemeldet hat.',
    en: 'The effect is confirmed by somebody other than the person who reported the measure done.',
  });
}

function refuseStatus(from: MeasureStatus, to: MeasureStatus): Refusal<'NotPossibleNow'> {
  const message: Text = {
    de: `Von „${statusLabels[from].de}“ führt kein Weg zu „${statusLabels[to].de}“.`,
    en: `There is no way from “${statusLabels[from].en}” to “${statusLabels[to].en}”.`,
  };
  return notPossible(from, message);
}
const incomplete = (message: Text) => refuse('ReportIncomplete', message);

/** What no draft may hold: a title that says nothing, and money of a line nobody has named. */
export function termsFaults(
  {
    title,
    budgetKind,
    budgetLine,
  }: { title: string; budgetKind?: string | null; budgetLine?: string | null },
  path: string,
): InputFault[] {
  const blank = blankFaults({ [`${path}.title`]: title });
  if (budgetKind !== 'LINE' || !isBlank(budgetLine)) return blank;
  return [...blank, { path: `${path}.budgetLine`, message: lineNeeded }];
}
const lineNeeded: Text = {
  de: 'Bitte Teilprodukt und Sachkonto nennen, aus denen die Mittel kommen.',
  en: 'Please name the product and account the money comes from.',
};

/** What an agreement asks of each measure and this one lacks: who, until when, how one will see it, what with. */
export function lacking(terms: MeasureTerms): Text[] {
  const gaps: [boolean, Text][] = [
    [terms.competentPostId === null, { de: 'zuständige Stelle', en: 'competent post' }],
    [terms.dueOn === null, { de: 'Termin', en: 'due date' }],
    [isBlank(terms.indicator), { de: 'Wirkungskennzahl', en: 'effect indicator' }],
    [isBlank(terms.baseline), { de: 'Ausgangswert', en: 'baseline' }],
    [terms.budgetKind === null, { de: 'Mittel oder „keine“', en: 'budget source or “none”' }],
  ];
  return gaps.filter(([isMissing]) => isMissing).map(([, name]) => name);
}

export const statusLabels: Readonly<Record<MeasureStatus, Text>> = {
  DRAFT: { de: 'Entwurf', en: 'draft' },
  AGREED: { de: 'vereinbart', en: 'agreed' },
  IN_PROGRESS: { de: 'in Arbeit', en: 'in progress' },
  DELAYED: { de: 'verzögert', en: 'delayed' },
  REPORTED_DONE: { de: 'als erledigt gemeldet', en: 'reported done' },
  EFFECT_CONFIRMED: { de: 'Wirkung bestätigt', en: 'effect confirmed' },
  POSTPONED: { de: 'verschoben', en: 'postponed' },
  REJECTED: { de: 'verworfen', en: 'rejected' },
};
