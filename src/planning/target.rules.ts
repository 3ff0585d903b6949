import { digest, refuse, type Refusal, type Text, notPossible } from '../platform/bare.ts';
import { isClosed, isLive, isOpen, lacking, type MeasureStatus, type MeasureTerms } from './measure.rules.ts';

/** The tag of states in which an agreement waits for its co-signatures: their task is whoever's signature is missing. */
export const coSigning = 'coSigning';

/** Who can be asked to sign before an agreement goes to approval. */
export const coSigners = ['DEZ', 'HR', 'FIN', 'GB', 'PR'] as const;
export type CoSigner = (typeof coSigners)[number];

export interface Measure extends MeasureTerms {
  readonly id: string;
  readonly measureNo: number;
  readonly status: MeasureStatus;
  /** When somebody last reported on it; null for a draft nobody has. */
  readonly reportedAt: Date | null;
}

/** Whether a measure brings a co-signer in. The directorate is not asked because of a measure but because of its place. */
const concerned: Readonly<Record<Exclude<CoSigner, 'DEZ'>, (m: MeasureTerms) => boolean>> = {
  HR: ({ touches }) => touches.includes('STAFFING'),
  FIN: ({ budgetKind }) => budgetKind === 'LINE',
  GB: ({ touches }) => touches.includes('EQUALITY') || touches.includes('STAFFING'),
  PR: ({ touches }) => touches.includes('CODETERMINATION') || touches.includes('STAFFING'),
};

/**
 * Who must sign: the directorate above the unit, and whoever a live measure affects (Konzept §2.2 T18). A directorate
 * has none above it and the top is approved by the board, so for them nobody but the affected is asked.
 */
export function requiredCoSigners(
  measures: readonly Measure[],
  unit: { hasDirectorateAbove: boolean },
): CoSigner[] {
  const live = measures.filter(({ status }) => isLive(status));
  return coSigners.filter((fn) => (fn === 'DEZ' ? unit.hasDirectorateAbove : live.some(concerned[fn])));
}

/** Core criteria below 2 that no live measure answers; each one keeps the targets from being submitted. */
export function withoutMeasure(weakCore: readonly string[], measures: readonly Measure[]): string[] {
  const answered = new Set(measures.filter((m) => isLive(m.status)).map((m) => m.criterionId));
  return weakCore.filter((criterionId) => !answered.has(criterionId));
}

export const incomplete = (measures: readonly Measure[]): Measure[] =>
  measures.filter((m) => isLive(m.status) && lacking(m).length > 0);

/** Open measures nobody has said anything about since then. One reported done waits for somebody else's word. */
export const unreported = (measures: readonly Measure[], since: Date): Measure[] =>
  measures.filter(
    (m) =>
      isOpen(m.status) && m.status !== 'REPORTED_DONE' && (m.reportedAt === null || m.reportedAt < since),
  );

/** Closed of all live measures, in whole percent rounded down; 100 when there is none to close. */
export function closedPercent(measures: readonly Measure[]): number {
  const live = measures.filter((m) => isLive(m.status));
  return live.length === 0
    ? 100
    : Math.floor((100 * live.filter((m) => isClosed(m.status)).length) / live.length);
}

export const openOf = (criteria: ReadonlySet<string>, measures: readonly Measure[]): Measure[] =>
  measures.filter((m) => isOpen(m.status) && m.criterionId !== null && criteria.has(m.criterionId));

/** Refuses a signature nobody asked for, one that was given already, and one by whoever submitted (four eyes). */
export function refuseCoSignature(
  as: CoSigner,
  agreement: {
    readonly required: readonly CoSigner[];
    readonly signed: readonly CoSigner[];
    readonly isOwn: boolean;
  },
): Refusal<'NotPossibleNow' | 'FourEyesNeeded'> | undefined {
  if (agreement.isOwn) return refuse('FourEyesNeeded', ownSignature);
  const reason = agreement.signed.includes(as)
    ? alreadySigned
    : agreement.required.includes(as)
      ? undefined
      : notAsked;
  return reason && notPossible('targets.coSign', reason);
}

const ownSignature: Text = {
  de: 'Wer die Ziele vorgelegt hat, zeichnet sie nicht mit.',
  en: 'Whoever submitted the targets does not co-sign them.',
};
const alreadySigned: Text = {
  de: 'Für diese Funktion ist schon gezeichnet.',
  en: 'Somebody has signed for this function already.',
};
const notAsked: Text = {
  de: 'Diese Funktion muss hier nicht mitzeichnen: Keine Maßnahme berührt sie.',
  en: 'This function need not co-sign here: no measure touches it.',
};

/** What is agreed on: every live measure's terms, in their order. How far they are is no part of it. */
export function agreementHash(processId: string, measures: readonly Measure[]): string {
  const agreed = measures
    .filter(({ status }) => isLive(status))
    .map(
      ({
        id,
        criterionId,
        title,
        description,
        competentPostId,
        dueOn,
        indicator,
        baseline,
        budgetKind,
        budgetLine,
        touches,
      }) => ({
        id,
        criterionId,
        title,
        description,
        competentPostId,
        dueOn,
        indicator,
        baseline,
        budgetKind,
        budgetLine,
        touches,
      }),
    );
  return digest({ processId, measures: agreed });
}
