import type { HeldPost, Place } from '../../platform/bare.ts';
import type { FunctionCode } from './permission.rules.ts';

/** What these rules need of the tree of units; `UnitTree` is one. */
export interface Hierarchy {
  node(id: string): { readonly id: string; readonly level: string } | undefined;
  /** Nearest first, without the unit itself. */
  ancestors(id: string): readonly { readonly id: string; readonly level: string }[];
}

export const grantScopes = ['TENANT', 'SUBTREE', 'UNIT', 'SERIES', 'PROCESS'] as const;
export type GrantScope = (typeof grantScopes)[number];

/** A granted function as one person holds it today: in person, or through a post and in its capacity. */
export interface HeldGrant {
  readonly fn: string;
  readonly scope: GrantScope;
  readonly scopeId: string | null;
  /** Empty means every level; else it holds only at units of these levels. */
  readonly levels: readonly string[];
  readonly postId: string | null;
  readonly as: HeldPost['as'];
}

/** A unit in which a post of this person is competent for something, or whose vacant post falls to its head. */
export interface Contribution {
  readonly unitId: string;
  readonly postId: string;
  readonly as: HeldPost['as'];
}

/** All that decides which functions one person holds on one day. */
export interface Claims {
  readonly posts: readonly HeldPost[];
  readonly grants: readonly HeldGrant[];
  readonly contributions: readonly Contribution[];
}

/** In which capacity a function is held, and through which post. A function granted in person has no post. */
export interface Capacity {
  readonly as: HeldPost['as'];
  readonly postId: string | null;
}

/** The functions a person holds at one place, by code, each with the capacity it is held in. */
export type Capacities = ReadonlyMap<string, Capacity>;

/**
 * A place, and the very post that the matter is about: whoever is at it holds POST_HOLDER there. While nobody is, the
 * head of the unit stands in. Source: Konzept §6.2 (vacancy).
 */
export type PostPlace = Place & { readonly postId?: string; readonly postIsVacant?: boolean };

/**
 * Every function the person holds at the place, with the capacity. Rights hang on posts: who heads a superior unit
 * holds DEZ, LEAD, ABOVE here; grants reach down their scope. Without a unit only what is held for the whole
 * administration counts, and what is granted for the series or process. Above a unit without a superior, the top or a
 * school outside the chart, stands the board, without the head. `nextAbove` is what `nextAboveOf` found; by default the
 * parent. Source: Konzept §2.2 (roles, T20), §6.2.
 */
export function capacitiesAt(
  claims: Claims,
  tree: Hierarchy,
  place: PostPlace,
  nextAbove?: string,
): Capacities {
  const found = new Map<string, Capacity>();
  const line = place.unitId ? [place.unitId, ...tree.ancestors(place.unitId).map(({ id }) => id)] : [];
  for (const post of claims.posts) {
    if (post.postId === place.postId) note(found, 'POST_HOLDER', capacityOf(post));
    if (post.isManagement) for (const fn of asHead(post, line, nextAbove)) note(found, fn, capacityOf(post));
  }
  for (const one of claims.contributions) {
    if (one.unitId === place.unitId) note(found, 'CONTRIB', capacityOf(one));
  }
  for (const grant of claims.grants) {
    if (reaches(grant, tree, place) && !isOwnCase(grant, claims.posts, place))
      note(found, grant.fn, capacityOf(grant));
  }
  const head = found.get('HEAD');
  if (head) found.delete('NEXT_ABOVE'); // nobody approves what they lead, not even as a deputy of the next higher head
  if (head && place.postIsVacant) note(found, 'POST_HOLDER', { ...head, as: 'INTERIM' });
  const board = found.get('BOARD');
  if (board && line.length === 1 && tree.node(line[0]!) && !found.has('HEAD'))
    note(found, 'NEXT_ABOVE', board);
  return found;
}

/** Every function the person holds anywhere at all: for fields that are asked before a place is known. */
export function functionsAnywhere(claims: Claims): ReadonlySet<string> {
  const derived = claims.posts.flatMap((post) => (post.isManagement ? anywhereAsHead(post.level) : []));
  const contributes = claims.contributions.length > 0 ? ['CONTRIB'] : [];
  const holds = claims.posts.length > 0 ? ['POST_HOLDER'] : [];
  return new Set([...derived, ...holds, ...contributes, ...claims.grants.map(({ fn }) => fn)]);
}

function anywhereAsHead(level: string): FunctionCode[] {
  if (level === 'L0') return ['HEAD', 'ABOVE', 'NEXT_ABOVE', 'LEAD'];
  if (level === 'L1') return ['HEAD', 'ABOVE', 'NEXT_ABOVE', 'DEZ'];
  return ['HEAD', 'ABOVE', 'NEXT_ABOVE', 'OFFICE_ABOVE'];
}

/** `line` is the unit asked about and its superiors, nearest first; empty for the administration as a whole. */
function asHead(post: HeldPost, line: readonly string[], nextAbove = line[1]): FunctionCode[] {
  const rank = rankOf(post.level);
  if (line.length === 0) return rank === 'LEAD' ? ['LEAD'] : [];
  if (!line.includes(post.unitId)) return [];
  if (post.unitId === line[0]) return rank ? ['HEAD', rank] : ['HEAD'];
  const above: FunctionCode[] = ['ABOVE', rank ?? 'OFFICE_ABOVE'];
  return post.unitId === nextAbove ? [...above, 'NEXT_ABOVE'] : above;
}

function rankOf(level: string): 'LEAD' | 'DEZ' | undefined {
  if (level === 'L0') return 'LEAD';
  return level === 'L1' ? 'DEZ' : undefined;
}

function reaches({ scope, scopeId, levels }: HeldGrant, tree: Hierarchy, place: Place): boolean {
  if (levels.length > 0 && !levels.includes(tree.node(place.unitId ?? '')?.level ?? '')) return false;
  switch (scope) {
    case 'TENANT':
      return true;
    case 'SUBTREE':
      return place.unitId !== undefined && (place.unitId === scopeId || isUnder(tree, place.unitId, scopeId));
    case 'UNIT':
      return place.unitId === scopeId;
    case 'SERIES':
      return place.seriesId === scopeId;
    case 'PROCESS':
      return place.processId === scopeId;
    default:
      return scope satisfies never;
  }
}

const isUnder = (tree: Hierarchy, unitId: string, ancestorId: string | null): boolean =>
  tree.ancestors(unitId).some(({ id }) => id === ancestorId);

/** The integration centre never co-ordinates its own case; a substitute is granted the very unit. Konzept §6.2. */
function isOwnCase({ fn, scope }: HeldGrant, posts: readonly HeldPost[], { unitId }: Place): boolean {
  const wide = scope === 'TENANT' || scope === 'SUBTREE' || scope === 'SERIES';
  return fn === 'OPENING_COORD' && wide && posts.some((post) => post.unitId === unitId);
}

/** Own right beats deputising: who holds a function both ways signs in their own name. */
function note(found: Map<string, Capacity>, fn: string, capacity: Capacity): void {
  if (found.get(fn)?.as !== 'HOLDER') found.set(fn, capacity);
}

const capacityOf = ({ as, postId }: Capacity): Capacity => ({ as, postId });

/** The persons who head a unit, the one in their own right first. */
export interface Head {
  readonly personId: string;
  readonly as: HeldPost['as'];
}

/**
 * The unit whose head approves for this one: the nearest superior unit with a head who is not the same natural person
 * as the unit's own. Undefined at the top: there the board decides without the head. Source: Konzept §2.2, T20.
 */
export function nextAboveOf(
  unitId: string,
  tree: Hierarchy,
  heads: ReadonlyMap<string, readonly Head[]>,
): string | undefined {
  const own = principals(heads.get(unitId));
  return tree.ancestors(unitId).find(({ id }) => {
    const above = principals(heads.get(id));
    return above.length > 0 && !above.some((person) => own.includes(person));
  })?.id;
}

const principals = (heads: readonly Head[] = []): string[] => {
  const inOwnRight = heads.filter(({ as }) => as === 'HOLDER');
  return (inOwnRight.length > 0 ? inOwnRight : heads).map(({ personId }) => personId);
};

/**
 * Whether two people count as one under four eyes: the same natural person, or one stands in for the other at some
 * post. Source: Konzept §6.2, "A deputy and the person they stand for count as one".
 */
export function countAsOne(
  one: string,
  other: string,
  heldByOne: readonly Pick<HeldPost, 'postId' | 'as'>[],
  heldByOther: readonly Pick<HeldPost, 'postId' | 'as'>[],
): boolean {
  if (one === other) return true;
  return heldByOne.some((a) =>
    heldByOther.some((b) => a.postId === b.postId && (a.as === 'HOLDER') !== (b.as === 'HOLDER')),
  );
}
