import { isBlank, type Text } from '../../platform/bare.ts';
import { counting, difference, type RatingStanding, type Standings } from '../rating/rating.rules.ts';
import { isLevel, levelUnknown, type Scale } from '../rating/scale.rules.ts';

/** A criterion of a process with the latest rating of each kind: what these rules need of a `SheetLine`. */
export interface ReviewLine {
  readonly criterionId: string;
  readonly core: boolean;
  readonly ratings: Standings;
}

/** What an auditor says of a criterion; level null consents to "not applicable". */
export interface AuditAnswer {
  readonly level: number | null;
  /** Why the auditor sees it differently; needed where the level differs from the unit's own. */
  readonly explanation?: string | null;
}

/** What the unit says of itself: agreed between its raters, or the self-rating alone. */
export function ownRating({ SELF, CONSENSUS }: Standings): RatingStanding | undefined {
  return counting({ ...(SELF && { SELF }), ...(CONSENSUS && { CONSENSUS }) });
}

/** Levels between the unit's own rating and the auditor's; 0 while one of them is missing. */
export function deviation(standings: Standings): number {
  const own = ownRating(standings);
  return own && standings.AUDIT ? difference(own.level, standings.AUDIT.level) : 0;
}

/** What is wrong with an auditor's rating: no level of the scale, or no word why it departs from the unit's own. */
export function auditFault(answer: AuditAnswer, standings: Standings, scale: Scale): Text | undefined {
  const { level } = answer;
  return level === null || isLevel(level, scale)
    ? missingExplanation(answer, standings)
    : levelUnknown(scale);
}

function missingExplanation({ level, explanation }: AuditAnswer, standings: Standings): Text | undefined {
  const own = ownRating(standings);
  const differs = own ? difference(own.level, level) > 0 : level === null;
  if (!differs || !isBlank(explanation)) return;
  const de = (of: number | null | undefined) => (of == null ? 'nicht anwendbar' : `Stufe ${of}`);
  const en = (of: number | null | undefined) => (of == null ? 'not applicable' : `level ${of}`);
  return {
    de: `Die Einheit sieht hier „${own ? de(own.level) : 'offen'}“, Sie „${de(level)}“. Bitte begründen.`,
    en: `The unit says “${own ? en(own.level) : 'open'}” here, you say “${en(level)}”. Please explain.`,
  };
}

export const unrated = (lines: readonly ReviewLine[]) => lines.filter((line) => !line.ratings.AUDIT);

/** Deviations whose explanation is lost or never was; `explained` tells whether a rating bears words. */
export const unexplained = (lines: readonly ReviewLine[], explained: (criterionId: string) => boolean) =>
  lines.filter((line) => deviation(line.ratings) > 0 && !explained(line.criterionId));

/** A core criterion that was looked at and stands as the unit says it does. */
const confirmed = ({ ratings }: ReviewLine) => ratings.AUDIT !== undefined && deviation(ratings) === 0;

/** Small units need no visit when every core criterion stands as they say (Konzept §2.2 T12). */
export function visitMayBeSkipped(level: string, lines: readonly ReviewLine[]): boolean {
  return (level === 'L3' || level === 'L4') && lines.filter((line) => line.core).every(confirmed);
}

/** Below this level a criterion is a finding: it is looked at again in the final review. */
export const SOUND = 2;
const isFinding = ({ ratings: { FINAL } }: ReviewLine) => FINAL?.level != null && FINAL.level < SOUND;

/** Findings of the report that no auditor has rated again since it was released. */
export function notRerated(lines: readonly ReviewLine[]): ReviewLine[] {
  return lines.filter((line) => isFinding(line) && !isNewer(line.ratings.AUDIT, line.ratings.FINAL));
}

/** Audit ratings that have not yet become final. */
export function toFinalise(lines: readonly ReviewLine[]): ReviewLine[] {
  return lines.filter(({ ratings: { AUDIT, FINAL } }) => AUDIT && (!FINAL || isNewer(AUDIT, FINAL)));
}

const isNewer = (one: RatingStanding | undefined, other: RatingStanding | undefined) =>
  one !== undefined && other !== undefined && one.version > other.version;
