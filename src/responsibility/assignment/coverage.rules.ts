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

/** What is asked of a unit: codes of criteria, and of the fields they stand in. Shared by all units of one class. */
export interface AskedCodes {
  readonly criteria: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

export interface CoveredUnit {
  readonly id: string;
  readonly level: string;
  readonly parentId: string | null;
}

/** What is assigned in the unit on the day; a code stands in at most one line of its kind. */
export interface ActiveLine {
  readonly kind: Kind;
  readonly subjects: readonly string[];
  /** Undefined when the post no longer exists. */
  readonly post: CoveringPost | undefined;
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

/** Counts a unit. Codes that are no longer asked of it count for nothing. */
export function coverageOf(unit: CoveredUnit, asked: AskedCodes, lines: readonly ActiveLine[]): UnitCoverage {
  let [competent, coveredWithDeputy, accountable] = [0, 0, 0];
  for (const { kind, subjects, post } of lines) {
    if (!post || post.longVacant) continue;
    const codes = kind === 'COMPETENT' ? asked.criteria : asked.fields;
    const count = subjects.reduce((sum, code) => sum + Number(codes.has(code)), 0);
    if (kind === 'ACCOUNTABLE') accountable += count;
    else competent += count;
    if (kind === 'COMPETENT' && hasDeputy(post, unit)) coveredWithDeputy += count;
  }
  return {
    criteria: asked.criteria.size,
    competent,
    coveredWithDeputy,
    fields: asked.fields.size,
    accountable,
  };
}

/**
 * A deputy sits where the post is or where the work is; for sections and teams (L3, L4) one level up will do. Who
 * holds no post of their own was named for this one. Source: Konzept §6.5 (Z).
 */
function hasDeputy({ unitId, deputies }: CoveringPost, unit: CoveredUnit): boolean {
  const small = unit.level === 'L3' || unit.level === 'L4';
  const near = new Set([unitId, unit.id, ...(small && unit.parentId ? [unit.parentId] : [])]);
  return deputies.some(({ seats }) => seats.length === 0 || seats.some((seat) => near.has(seat)));
}
