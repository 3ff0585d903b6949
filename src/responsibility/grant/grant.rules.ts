import type { GrantScope } from '../functions/functions.rules.ts';
import { functionCodes } from '../functions/permission.rules.ts';
import { refuse, refuseFaults, type InvalidInput, type Refusal } from '../../platform/bare.ts';
import { functionList } from '../functions/function-names.rules.ts';
import { fourEyesNeeded } from '../assignment/assignment-refusal.rules.ts';

/** A function for a person or a post, at a place, for a period. */
export interface GrantInput {
  readonly personId?: string | null;
  readonly postId?: string | null;
  readonly fn: string;
  readonly scope: GrantScope;
  /** The unit, series or process; null for the whole administration. */
  readonly scopeId?: string | null;
  readonly levels?: readonly string[];
  readonly from: string;
  readonly until?: string | null;
}

export interface Grant {
  readonly id: string;
  readonly grantId: string;
  readonly personId: string | null;
  readonly postId: string | null;
  readonly fn: string;
  readonly scope: GrantScope;
  readonly scopeId: string | null;
  readonly levels: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly grantedBy: string | null;
  readonly confirmedBy: string | null;
  /** An end that one person has proposed and a second has not confirmed. */
  readonly endOn: string | null;
  readonly endBy: string | null;
  readonly recordedAt: Date;
}

/** Functions that stand for as long as they are granted; all others follow from posts, rounds and processes. */
export const standingFunctions = [
  'HR',
  'OPENING_COORD',
  'STEERING',
  'APPEAL',
  'PR',
  'GB',
  'SBV',
  'DSB',
  'FIN',
  'ADMIN',
  'COMMITTEE',
] as const satisfies readonly (typeof functionCodes)[number][];

/** Functions that give others their rights: where nobody holds them, nobody can ever again. */
export const keyFunctions = ['HR', 'ADMIN'] as const;
export type KeyFunction = (typeof keyFunctions)[number];
/** So many natural persons should hold each; with fewer, everything that needs two people stands still. */
export const keyHolders = 2;

export const isKey = (fn: string): fn is KeyFunction => (keyFunctions as readonly string[]).includes(fn);

/** Whether it counts, and its end is therefore a matter for two people. */
export const endsByTwo = ({ fn, scope, grantedBy, confirmedBy }: Grant): boolean =>
  isKey(fn) && scope === 'TENANT' && (grantedBy === null || confirmedBy !== null);

const standing: ReadonlySet<string> = new Set(standingFunctions);

/** Refuses a standing grant that cannot mean anything; every fault with its place. */
export function refuseGrant(grant: GrantInput): InvalidInput | undefined {
  const { scope } = grant;
  const faults = [
    ...(standing.has(grant.fn) ? [] : [{ path: 'function', message: notStanding }]),
    ...(Boolean(grant.personId) === Boolean(grant.postId) ? [{ path: 'personId', message: onePerson }] : []),
    ...(scope === 'SERIES' || scope === 'PROCESS' ? [{ path: 'scope', message: ofItsRoom }] : []),
    ...((scope === 'TENANT') === Boolean(grant.scopeId) ? [{ path: 'unitId', message: unitOrAll }] : []),
    ...(grant.until && grant.until <= grant.from ? [{ path: 'validUntil', message: endsBeforeBegin }] : []),
  ];
  return refuseFaults(faults);
}

/**
 * Refuses whoever proposed the grant or gains by it with FourEyesNeeded, and a grant that is confirmed already with
 * NotPossibleNow. Source: Konzept §6.2, four eyes.
 */
export function refuseConfirmation(
  grant: Grant,
  { by, heldPosts, isGranter }: { by: string; heldPosts: ReadonlySet<string>; isGranter: boolean },
): Refusal<'FourEyesNeeded' | 'NotPossibleNow'> | undefined {
  if (grant.confirmedBy) return alreadyConfirmed();
  const gains = grant.personId === by || (grant.postId !== null && heldPosts.has(grant.postId));
  return isGranter || gains ? fourEyesNeeded() : undefined;
}

/** Refuses to end what a round or a process gave: these change their people themselves, under their own conditions. */
export function refuseEnd({ scope }: Pick<Grant, 'scope'>): Refusal<'NotPossibleNow'> | undefined {
  if (scope !== 'SERIES' && scope !== 'PROCESS') return undefined;
  return refuse('NotPossibleNow', endsInItsRoom, { state: null, reasons: [] });
}

/** Refuses an end after which nobody would hold a function that gives others their rights. */
export function refuseLastHolder(fn: string, left: number): Refusal<'NotPossibleNow'> | undefined {
  return left > 0 ? undefined : refuse('NotPossibleNow', lastHolder(fn), { state: 'IN_FORCE', reasons: [] });
}

const alreadyConfirmed = () =>
  refuse(
    'NotPossibleNow',
    { de: 'Diese Funktion ist schon bestätigt.', en: 'This function has been confirmed already.' },
    { state: 'IN_FORCE', reasons: [] },
  );

const keyNames: Readonly<Record<string, { de: string; en: string }>> = {
  HR: { de: 'das Personalamt', en: 'the personnel office' },
  ADMIN: { de: 'die Administration', en: 'the administrators' },
};
export const lastHolder = (fn: string) => ({
  de: `Danach stünde niemand mehr dauerhaft für ${keyNames[fn]!.de}. Bitte zuerst einer anderen Person die Funktion verleihen und bestätigen lassen.`,
  en: `Nobody would be left for good in ${keyNames[fn]!.en}. Please grant the function to somebody else first, and have it confirmed.`,
});
export const oneHolder = (fn: string) => ({
  de: `Danach steht nur noch eine Person dauerhaft für ${keyNames[fn]!.de}; was zwei Personen verlangt, geht dann nicht mehr.`,
  en: `Only one person would be left for good in ${keyNames[fn]!.en}; what takes two people could not be done any more.`,
});

const notStanding = {
  de: `Verliehen werden nur: ${functionList(standingFunctions).de}. Alle anderen folgen aus Stelle, Runde oder Öffnungsprozess.`,
  en: `Only these can be granted: ${functionList(standingFunctions).en}. All others follow from post, round or process.`,
};
const onePerson = {
  de: 'Bitte genau eines nennen: eine Person oder eine Stelle.',
  en: 'Please name exactly one: a person or a post.',
};
const ofItsRoom = {
  de: 'Funktionen einer Runde oder eines Öffnungsprozesses werden dort benannt.',
  en: 'Functions of a round or a process are named there.',
};
const endsInItsRoom = {
  de: 'Diese Funktion gehört zu einer Runde oder einem Öffnungsprozess und endet nur dort.',
  en: 'This function belongs to a round or a process and ends only there.',
};
const unitOrAll = {
  de: 'Für eine Einheit oder alles unter ihr bitte die Einheit nennen, für die ganze Verwaltung keine.',
  en: 'For one unit or all below it please name the unit; for the whole administration, none.',
};
const endsBeforeBegin = {
  de: 'Das Ende liegt nicht nach dem Beginn.',
  en: 'The end does not lie after the beginning.',
};
