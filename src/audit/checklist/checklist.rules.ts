import {
  howMany,
  refuse,
  refuseFaults,
  repeatedFaults,
  type InputFault,
  type Refusal,
  type Text,
  notPossible,
} from '../../platform/bare.ts';
import {
  isBetween,
  missingProof,
  mustBeResolved,
  newestOf,
  samePerson,
  type ActedBy,
  type RatingKind,
  type RatingStanding,
  type Standings,
} from '../rating/rating.rules.ts';
import type { Scale } from '../rating/scale.rules.ts';
import { suspended } from '../opening/suspended.rules.ts';

/** One criterion as somebody wants it rated. */
export interface RatingWish {
  readonly criterionId: string;
  readonly level?: number | null;
  readonly notApplicable: boolean;
  readonly reason?: string | null;
  readonly statement?: string | null;
  readonly checkNote?: string | null;
  readonly changedRule?: string | null;
  /** The day each piece of evidence is of, whether it was there already or is new. */
  readonly proofDays: readonly string[];
  readonly expectedRatingVersion: number;
}

/** What the rules ask of a criterion in a process. */
export interface Line {
  readonly core: boolean;
  readonly ratings: Standings;
}

export interface Conflict {
  readonly criterionId: string;
  readonly wish: RatingWish;
  readonly theirs: RatingStanding;
}
export type RatedMeanwhile = Refusal<'RatedMeanwhile'> & { readonly conflicts: readonly Conflict[] };
export type SecondPersonNeeded = Refusal<'SecondPersonNeeded'> & { readonly criterionIds: readonly string[] };

const seen: readonly RatingKind[] = ['SELF', 'SECOND', 'CONSENSUS'];

/** The unit's newest rating of a criterion: what one must have read before giving another. */
export function newest(ratings: Standings): RatingStanding | undefined {
  return newestOf(ratings, seen);
}

/** Refuses when somebody rated one of the criteria since it was read. All conflicts are shown, nothing is half saved. */
export function refuseRatedMeanwhile(
  wishes: readonly RatingWish[],
  lines: ReadonlyMap<string, Line>,
): RatedMeanwhile | undefined {
  const conflicts = wishes.flatMap((wish) => {
    const theirs = newest(lines.get(wish.criterionId)!.ratings);
    return theirs && theirs.version !== wish.expectedRatingVersion
      ? [{ criterionId: wish.criterionId, wish, theirs }]
      : [];
  });
  const n = conflicts.length;
  if (n === 0) return;
  const message = {
    de: `${howMany(n, 'Ein Kriterium wurde', 'Kriterien wurden')} inzwischen von jemand anderem bewertet. Nichts wurde gespeichert: Bitte beide Bewertungen vergleichen und neu senden, was gelten soll.`,
    en: `${howMany(n, 'One criterion was', 'criteria were')} rated by somebody else meanwhile. Nothing was saved: please compare both ratings and send again what should stand.`,
  };
  return refuse('RatedMeanwhile', message, { conflicts });
}

/** Refuses ratings that contradict themselves or lack the proof their level asks for; every fault with its place. */
export function refuseFaulty(
  wishes: readonly RatingWish[],
  scale: Scale,
  faultsOfProofs: readonly InputFault[] = [],
) {
  if (wishes.length === 0) return refuseFaults([nothingRated]);
  const ids = wishes.map(({ criterionId }) => criterionId);
  return refuseFaults([
    ...repeatedFaults(ids, (at) => `ratings.${at}.criterionId`),
    ...wishes.flatMap((wish, at) =>
      faultsOf(wish, scale).map((message) => ({ path: `ratings.${at}`, message })),
    ),
    ...faultsOfProofs,
  ]);
}

function faultsOf(wish: RatingWish, scale: Scale): Text[] {
  const hasLevel = wish.level !== null && wish.level !== undefined;
  if (hasLevel === wish.notApplicable) return [eitherOr];
  return missingProof({ ...wish, level: wish.level ?? null }, scale);
}

const nothingRated: InputFault = {
  path: 'ratings',
  message: { de: 'Mindestens ein Kriterium muss genannt sein.', en: 'At least one criterion must be named.' },
};
const eitherOr: Text = {
  de: 'Bitte entweder eine Stufe angeben oder „nicht anwendbar“.',
  en: 'Please give either a level or “not applicable”.',
};
/** Refuses a second rating by whoever gave the first, or by a deputy for that person (four eyes). */
export function refuseSamePerson(
  criterionIds: readonly string[],
  lines: ReadonlyMap<string, Line>,
  me: ActedBy,
): SecondPersonNeeded | undefined {
  const own = criterionIds.filter((id) => {
    const { SELF } = lines.get(id)!.ratings;
    return SELF && samePerson(SELF, me);
  });
  if (own.length === 0) return;
  const message = {
    de: `${howMany(own.length, 'Ein Kriterium', 'Kriterien')} haben Sie selbst oder in Vertretung bewertet. Die zweite Bewertung muss von einer anderen Person kommen.`,
    en: `You rated ${howMany(own.length, 'one criterion', 'criteria')} yourself or as a deputy. The second rating must come from another person.`,
  };
  return refuse('SecondPersonNeeded', message, { criterionIds: own });
}

/** Refuses a second rating where it means nothing: before the first, or where one person is enough. */
export function refuseUnseconded(criterionIds: readonly string[], lines: ReadonlyMap<string, Line>) {
  const unrated = criterionIds.filter((id) => !lines.get(id)!.ratings.SELF).length;
  const plain = criterionIds.filter((id) => !lines.get(id)!.core).length;
  const reasons: Text[] = [];
  if (unrated > 0)
    reasons.push({
      de: `${howMany(unrated, 'Ein Kriterium ist', 'Kriterien sind')} noch nicht bewertet; erst dann kann eine zweite Person bewerten.`,
      en: `${howMany(unrated, 'One criterion is', 'criteria are')} not rated yet; only then can a second person rate.`,
    });
  if (plain > 0)
    reasons.push({
      de: `${howMany(plain, 'Ein Kriterium ist kein Kernkriterium', 'Kriterien sind keine Kernkriterien')}; dort genügt eine Person.`,
      en: `${howMany(plain, 'One criterion is no core criterion', 'criteria are not core criteria')}; one person is enough there.`,
    });
  const [first, ...more] = reasons;
  return first && notPossible(null, first, ...more);
}

/** Refuses an agreement where there is nothing to agree on, or one outside the two ratings. */
export function refuseAgreement(level: number | null, { ratings }: Line) {
  if (!mustBeResolved(ratings))
    return notPossible(null, {
      de: 'Hier gibt es keine offene Abweichung: Die beiden Bewertungen liegen höchstens eine Stufe auseinander oder sind schon besprochen.',
      en: 'There is no open difference here: the two ratings are at most one level apart or were already talked over.',
    });
  if (isBetween(level, ratings)) return;
  return refuseFaults([
    {
      path: 'level',
      message: {
        de: 'Die gemeinsame Stufe muss zwischen den beiden Bewertungen liegen; für mehr fehlt der Nachweis.',
        en: 'The level agreed on must lie between the two ratings; for more the proof is missing.',
      },
    },
  ]);
}

const stateSays: Text = {
  de: 'Bewertungen können jetzt nicht geändert werden: Die Bestandsaufnahme ist nicht offen.',
  en: 'Ratings cannot be changed now: the inventory is not open.',
};

/** Refuses while the process rests, or bears none of the tags. */
export function refuseState(
  { tags, stage, suspendedAt }: { tags: readonly string[]; stage: string; suspendedAt?: Date | null },
  needed: readonly string[],
) {
  if (suspendedAt) return notPossible(stage, suspended);
  return needed.some((tag) => tags.includes(tag)) ? undefined : notPossible(stage, stateSays);
}

/** Whether a command would be taken in this state: what pages show and what the server accepts are one truth. */
export const isOpenFor = (process: Parameters<typeof refuseState>[0], needed: readonly string[]): boolean =>
  refuseState(process, needed) === undefined;

/** Who may rate which criterion: those who carry the process all, others what their post is competent for. */
export function mayRate(
  functions: ReadonlySet<string>,
  competentPostId: string | undefined,
  ownPostIds: ReadonlySet<string>,
): boolean {
  if (functions.has('OWNER') || functions.has('HEAD')) return true;
  return competentPostId !== undefined && ownPostIds.has(competentPostId);
}
