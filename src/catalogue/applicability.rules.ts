/** What decides whether a criterion is asked of a unit. `unitKinds` holds `ALL`, a kind, or `KIND:TAG`. */
export interface Applicable {
  /** Hierarchy levels (`L0`…); an empty list means every level. */
  readonly levels: readonly string[];
  readonly unitKinds: readonly string[];
}

export interface UnitProfile {
  readonly level: string;
  readonly kind: string;
  readonly tags: readonly string[];
}

/** Level in range and kind listed: `QUE` covers every tag of the kind, `QUE:HR` needs that tag (Konzept §3.2). */
export function applies({ levels, unitKinds }: Applicable, unit: UnitProfile): boolean {
  const inRange = levels.length === 0 || levels.includes(unit.level);
  return inRange && unitKinds.some((named) => names(named, unit));
}

function names(named: string, { kind, tags }: UnitProfile): boolean {
  if (named === 'ALL') return true;
  const [namedKind, tag] = named.split(':');
  return namedKind === kind && (tag === undefined || tags.includes(tag));
}

/** The criteria asked of a unit of this level, kind and tags, in the edition's order. */
export function applicableCriteria<C extends Applicable>(
  edition: { readonly criteria: readonly C[] },
  unit: UnitProfile,
): C[] {
  return edition.criteria.filter((criterion) => applies(criterion, unit));
}
