const TEAM_LEVEL = 'L4';

export type ScopeKind = 'SUBTREE' | 'UNIT' | 'EXCEPT';
export type SmallTeams = 'WITHIN_SUPERIOR' | 'ALONE';

export interface ScopeEntry {
  readonly unitId: string;
  readonly kind: ScopeKind;
}

/** What these rules ask of a unit tree; `ancestors` gives the nearest first. */
export interface Tree<N extends TreeUnit> {
  all(): readonly N[];
  ancestors(id: string): readonly N[];
}
export interface TreeUnit {
  readonly id: string;
  readonly level: string;
  readonly headcount: number;
  readonly isHeadcountStated: boolean;
}

/** The units a scope means in this tree: the entry nearest above a unit decides, its own before all. */
export function unitsInScope<N extends TreeUnit>(entries: readonly ScopeEntry[], tree: Tree<N>): N[] {
  const kinds = new Map(entries.map(({ unitId, kind }) => [unitId, kind]));
  return tree.all().filter((unit) => {
    const own = kinds.get(unit.id);
    if (own) return own !== 'EXCEPT';
    const above = tree.ancestors(unit.id).find(({ id }) => kinds.has(id) && kinds.get(id) !== 'UNIT');
    return above !== undefined && kinds.get(above.id) === 'SUBTREE';
  });
}

export interface RatingPlan<N> {
  /** Units that get an opening process. */
  readonly rated: readonly N[];
  /** Small teams with the nearest unit above that is rated. */
  readonly within: readonly { readonly unit: N; readonly within: N }[];
  /** Small teams without a rated unit above them in the scope. */
  readonly leftOut: readonly N[];
}

export interface SmallUnits {
  readonly treatment: SmallTeams;
  /** Nothing is shown about fewer people: a unit of one post is a person. Source: LPVG NRW § 72 (3), Konzept §0.4. */
  readonly smallest: number;
  /** Units that are rated already, when others join them. */
  readonly inside?: ReadonlySet<string> | undefined;
}

/** Which units are rated themselves and which within the unit above. Source: Konzept §0.3, level L4. */
export function planRating<N extends TreeUnit>(
  units: readonly N[],
  tree: Tree<N>,
  { treatment, smallest, inside }: SmallUnits,
): RatingPlan<N> {
  const tooSmall = (unit: N) => treatment === 'WITHIN_SUPERIOR' && isSmallTeam(unit, smallest);
  const rated = units.filter((unit) => !tooSmall(unit));
  const covering = new Set([...rated.map(({ id }) => id), ...(inside ?? [])]);
  const within: { unit: N; within: N }[] = [];
  const leftOut: N[] = [];
  for (const unit of units.filter(tooSmall)) {
    const above = tree.ancestors(unit.id).find(({ id }) => covering.has(id));
    if (above) within.push({ unit, within: above });
    else leftOut.push(unit);
  }
  return { rated, within, leftOut };
}

/**
 * Only the lowest level: a small office or staff unit is rated, and its figures are hidden where they are shown. A team
 * whose head count nobody stated is not small: filled posts say how many there are at least.
 */
export function isSmallTeam({ level, headcount, isHeadcountStated }: TreeUnit, smallest: number): boolean {
  return level === TEAM_LEVEL && isHeadcountStated && headcount < smallest;
}
