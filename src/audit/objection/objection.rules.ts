import { plusDays, type InputFault, type Text } from '../../platform/bare.ts';

export const attacked = ['FINAL_RATING', 'REFUSED_EXCLUSION', 'DECISION', 'WITHDRAWAL'] as const;
/** What an objection is against. */
export type Attacked = (typeof attacked)[number];

export const isAgainstDecision = (against: Attacked): boolean =>
  against === 'DECISION' || against === 'WITHDRAWAL';

/** When the things happened that can be attacked, as days in the administration's zone; null: not (any more). */
export interface Attackable {
  readonly ratedOn: string | null;
  readonly decidedOn: string | null;
  readonly outcome: string | null;
}

const days = 28;

/** An objection is filed within four weeks (Konzept §2.2 T16, T26, T31). */
export function isInTime(against: Attacked, { ratedOn, decidedOn, outcome }: Attackable, today: string) {
  const happened = isAgainstDecision(against)
    ? (outcome === 'WITHDRAWN') === (against === 'WITHDRAWAL') && decidedOn
    : ratedOn;
  return Boolean(happened) && today <= plusDays(happened as string, days);
}

/** A criterion as far as an objection may attack it: what the unit said, and what the audit made of it. */
export interface AttackedLine {
  readonly own: { readonly level: number | null } | undefined;
  readonly final: { readonly level: number | null } | undefined;
}

/** Which criteria are attacked must be said of ratings, and cannot be said of a decision. */
export function objectionFaults(
  against: Attacked,
  criteria: readonly string[],
  line: (criterionId: string) => AttackedLine | undefined,
): InputFault[] {
  const path = 'payload.criteria';
  if (isAgainstDecision(against)) return criteria.length > 0 ? [{ path, message: wholeDecision }] : [];
  if (criteria.length === 0) return [{ path, message: nameCriteria }];
  return criteria.flatMap((id, at): InputFault[] => {
    const known = line(id);
    const place = `${path}[${at}]`;
    if (!known?.final) return [{ path: place, message: notRated }];
    const isRefused = known.own?.level === null && known.final.level !== null;
    return against === 'REFUSED_EXCLUSION' && !isRefused ? [{ path: place, message: notRefused }] : [];
  });
}

export interface Correction {
  readonly criterionId: string;
  /** Left out: the criterion does not apply. */
  readonly level?: number | null;
  readonly reason: string;
}

/** What is corrected must have been attacked; a decision is taken anew, not corrected. */
export function correctionFaults(
  against: Attacked,
  criteria: ReadonlySet<string>,
  corrections: readonly Correction[],
): InputFault[] {
  const path = 'payload.corrections';
  if (isAgainstDecision(against)) return corrections.length > 0 ? [{ path, message: takenAnew }] : [];
  if (corrections.length === 0) return [{ path, message: nameCorrections }];
  return corrections.flatMap(({ criterionId }, at) =>
    criteria.has(criterionId) ? [] : [{ path: `${path}[${at}].criterionId`, message: notAttacked }],
  );
}

const nameCriteria: Text = {
  de: 'Bitte die angegriffenen Kriterien nennen.',
  en: 'Please name the criteria that are attacked.',
};
const wholeDecision: Text = {
  de: 'Eine Entscheidung wird als ganze angegriffen; Kriterien gehören zu einer Einwendung gegen Bewertungen.',
  en: 'A decision is attacked as a whole; criteria belong to an objection against ratings.',
};
const notRated: Text = {
  de: 'Zu diesem Kriterium gibt es keine endgültige Bewertung.',
  en: 'There is no final rating of this criterion.',
};
const notRefused: Text = {
  de: 'Hier wurde keine Ausnahme abgelehnt.',
  en: 'No exclusion was refused here.',
};
const takenAnew: Text = {
  de: 'Über eine aufgehobene Entscheidung stimmt das Gremium neu ab; Bewertungen werden dabei nicht berichtigt.',
  en: 'A decision set aside is voted on anew by the board; no ratings are corrected with it.',
};
const nameCorrections: Text = {
  de: 'Bitte die berichtigten Bewertungen nennen.',
  en: 'Please name the corrected ratings.',
};
const notAttacked: Text = {
  de: 'Dieses Kriterium ist nicht angegriffen.',
  en: 'This criterion is not attacked.',
};
