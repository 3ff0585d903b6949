import { isBlank, type Text } from '../../platform/bare.ts';
import { firstOf, isLevel, levelUnknown, type Scale, type Stage } from './scale.rules.ts';

/** Two ratings of one core criterion may differ by this much without being talked over. */
const TOLERATED_DIFFERENCE = 1;

export type RatingKind = 'SELF' | 'SECOND' | 'CONSENSUS' | 'CARRIED' | 'AUDIT' | 'FINAL';

/** What a rating says of a criterion; level null means: not applicable. */
export interface Answer {
  readonly level: number | null;
  readonly statement?: string | null;
  /** Why the criterion is not applicable, or why a difference was resolved this way. */
  readonly reason?: string | null;
  /** How the effect was looked at, once it is checked. */
  readonly checkNote?: string | null;
  /** The rule or process that was changed, once it is anchored. */
  readonly changedRule?: string | null;
  /** The day each piece of evidence is of (YYYY-MM-DD). */
  readonly proofDays: readonly string[];
}

/** The natural persons an act counts for: who did it and, for a deputy, who was stood in for. */
export interface ActedBy {
  readonly personId: string | null;
  readonly representsId: string | null;
}

export interface RatingStanding extends ActedBy {
  readonly kind: RatingKind;
  readonly level: number | null;
  /** Numbers the ratings of a criterion, all kinds together: a later rating has a higher one. */
  readonly version: number;
}

/** The latest rating of each kind for one criterion. */
export type Standings = Partial<Record<RatingKind, RatingStanding>>;

/** What each stage asks for beyond the ones below it; the sentence names the first level that stands for it. */
const proofs: readonly { stage: Stage; lacks: (answer: Answer) => boolean; says: (level: number) => Text }[] =
  [
    {
      stage: 'P',
      lacks: ({ statement }) => isBlank(statement),
      says: (level) => ({
        de: `Ab Stufe ${level} wird eine Aussage gebraucht: Was ist beschlossen, wer macht es?`,
        en: `From level ${level} on a statement is needed: what was decided, who does it?`,
      }),
    },
    {
      stage: 'D',
      lacks: ({ proofDays }) => proofDays.length === 0,
      says: (level) => ({
        de: `Ab Stufe ${level} wird mindestens ein Nachweis gebraucht.`,
        en: `From level ${level} on at least one piece of evidence is needed.`,
      }),
    },
    {
      stage: 'C',
      lacks: ({ proofDays }) => new Set(proofDays).size < 2,
      says: (level) => ({
        de: `Ab Stufe ${level} werden Nachweise von mindestens zwei verschiedenen Tagen gebraucht.`,
        en: `From level ${level} on evidence from at least two different days is needed.`,
      }),
    },
    {
      stage: 'C',
      lacks: ({ checkNote }) => isBlank(checkNote),
      says: (level) => ({
        de: `Ab Stufe ${level} wird gebraucht, wie die Wirkung überprüft wurde.`,
        en: `From level ${level} on it must be said how the effect was checked.`,
      }),
    },
    {
      stage: 'A',
      lacks: ({ changedRule }) => isBlank(changedRule),
      says: (level) => ({
        de: `Ab Stufe ${level} muss die geänderte Regel oder der geänderte Ablauf genannt sein; das Audit bestätigt ihn.`,
        en: `From level ${level} on the changed rule or process is needed by name; the audit confirms it.`,
      }),
    },
  ];

/** What the answer lacks for the level it claims; empty when it holds. Source: Konzept §3.2, minimum proof. */
export function missingProof(answer: Answer, scale: Scale): Text[] {
  const { level } = answer;
  if (level === null) return isBlank(answer.reason) ? [reasonMissing] : [];
  if (!isLevel(level, scale)) return [levelUnknown(scale)];
  return proofs.flatMap(({ stage, lacks, says }) => {
    const first = firstOf(stage, scale);
    return level >= first && lacks(answer) ? [says(first)] : [];
  });
}

const reasonMissing: Text = {
  de: '„Nicht anwendbar“ braucht eine Begründung.',
  en: '“Not applicable” needs a reason.',
};

/** A deputy and the person stood in for count as one (Konzept §6.2, four eyes). */
export function samePerson(one: ActedBy, other: ActedBy): boolean {
  const people = [one.personId, one.representsId].filter((id) => id !== null);
  return people.some((id) => id === other.personId || id === other.representsId);
}

/** Whether a core criterion was rated by two natural persons, each with a rating of their own. */
export function ratedByTwo({ SELF, SECOND }: Standings): boolean {
  return SELF !== undefined && SECOND !== undefined && !samePerson(SELF, SECOND);
}

/** How far two ratings lie apart; "not applicable" against any level is further than any two levels. */
export function difference(one: number | null, other: number | null): number {
  if (one === null || other === null) return one === other ? 0 : Infinity;
  return Math.abs(one - other);
}

/** Whether the two ratings must still be talked over: a later agreement settles them, a later rating reopens them. */
export function mustBeResolved({ SELF, SECOND, CONSENSUS }: Standings): boolean {
  if (!SELF || !SECOND || difference(SELF.level, SECOND.level) <= TOLERATED_DIFFERENCE) return false;
  return !CONSENSUS || isNewer(SELF, CONSENSUS) || isNewer(SECOND, CONSENSUS);
}

const isNewer = (one: RatingStanding, other: RatingStanding) => one.version > other.version;

/** The agreed level lies between the two ratings, so that its proof is already there. */
export function isBetween(level: number | null, { SELF, SECOND }: Standings): boolean {
  const ratings = [SELF?.level ?? null, SECOND?.level ?? null];
  if (level === null) return ratings.includes(null);
  const known = ratings.filter((known) => known !== null);
  const lowest = ratings.includes(null) ? 0 : Math.min(...known);
  return level >= lowest && level <= Math.max(...known);
}

const counted: readonly RatingKind[] = ['SELF', 'CONSENSUS', 'FINAL'];

/** The rating that counts: the newest of what the unit said, what was agreed and what the audit found. */
export function counting(standings: Standings): RatingStanding | undefined {
  return newestOf(standings, counted);
}

/** The newest rating of these kinds. */
export function newestOf(standings: Standings, kinds: readonly RatingKind[]): RatingStanding | undefined {
  const known = kinds.flatMap((kind) => standings[kind] ?? []);
  return known.reduce<RatingStanding | undefined>((a, b) => (a && isNewer(a, b) ? a : b), undefined);
}
