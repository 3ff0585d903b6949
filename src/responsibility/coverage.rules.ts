import type { Kind } from './assignment-rule.rules.ts';

/** Somebody who can stand in at a post, and the units where they hold a post of their own. */
export interface Deputy {
  readonly seats: readonly string[];
}

/** What is known of the post that a unit's criterion or field is assigned to. */
export interface CoveringPost {
  readonly unitId: string;
  readonly deputies: readonly Deputy[];
  /** Nobody has been at it for longer than the vacancy period. */
  readonly longVacant: boolean;
}

export interface CoveredUnit {
  readonly id: string;
  readonly level: string;
  readonly parentId: string | null;
  readonly criteria: readonly { readonly code: string; readonly field: string }[];
}

/** How many of a unit's criteria and fields are covered. The shares Z and V are `coveredWithDeputy ÷ criteria` and `accountable ÷ fields`. */
export interface UnitCoverage {
  readonly criteria: number;
  /** Criteria with a competent post that is not long vacant. */
  readonly competent: number;
  /** Of these, criteria whose post has a deputy. */
  readonly coveredWithDeputy: number;
  /** Fields with at least one criterion that is asked of the unit. */
  readonly fields: number;
  /** Fields somebody answers for. */
  readonly accountable: number;
}

/** From this many working days on a vacant post counts as nobody. Source: Konzept §6.2. */
export const vacancyWorkingDays = 60;

/** Counts a unit. `postFor` gives the post that is active for a criterion or field on the day. */
export function coverageOf(
  unit: CoveredUnit,
  postFor: (kind: Kind, subject: string) => CoveringPost | undefined,
): UnitCoverage {
  const fields = [...new Set(unit.criteria.map(({ field }) => field))];
  const competent = unit.criteria.map(({ code }) => postFor('COMPETENT', code)).filter(isThere);
  const accountable = fields.map((field) => postFor('ACCOUNTABLE', field)).filter(isThere);
  return {
    criteria: unit.criteria.length,
    competent: competent.length,
    coveredWithDeputy: competent.filter((post) => hasDeputy(post, unit)).length,
    fields: fields.length,
    accountable: accountable.length,
  };
}

const isThere = (post: CoveringPost | undefined): post is CoveringPost =>
  post !== undefined && !post.longVacant;

/**
 * A deputy sits where the post is or where the work is; for sections and teams (L3, L4) one level up will do. Who
 * holds no post of their own was named for this one. Source: Konzept §6.5 (Z).
 */
function hasDeputy({ unitId, deputies }: CoveringPost, unit: CoveredUnit): boolean {
  const small = unit.level === 'L3' || unit.level === 'L4';
  const near = new Set([unitId, unit.id, ...(small && unit.parentId ? [unit.parentId] : [])]);
  return deputies.some(({ seats }) => seats.length === 0 || seats.some((seat) => near.has(seat)));
}
