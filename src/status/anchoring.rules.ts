import { plusDays, plusMonths } from '../platform/bare.ts';
import { geometricMean, meanOf, reaches, share, weakest, type Share } from './share.rules.ts';

/** The thresholds of one version of the policy; every figure names the version it was computed by. Source: Konzept §6.5. */
export interface AnchoringPolicy {
  readonly version: number;
  /** First day on which this version decides. */
  readonly validFrom: string;
  readonly competence: Share;
  readonly accountability: Share;
  readonly maturity: Share;
  readonly coreLevel: number;
  readonly ratingMonths: number;
  readonly coreMeasureOverdueDays: number;
  /** Teams (L4) with fewer staff are rated within their section and are no unit of their own here. */
  readonly smallTeam: number;
  readonly anchored: Share;
  readonly largelyAnchored: Share;
}

/** What is known about one active unit on one day. Counts only: nothing here leads to a person. */
export interface UnitFacts {
  readonly unitId: string;
  /** The directorate it belongs to, or the virtual area of units directly below the top; null for the top itself. */
  readonly areaId: string | null;
  readonly level: string;
  /** Criteria that apply. */
  readonly criteria: number;
  /** Those for which a post with a deputy is competent, in office and accepted. */
  readonly competent: number;
  /** Fields with at least one applicable criterion. */
  readonly fields: number;
  /** Those that an accountable function answers for. */
  readonly accountable: number;
  /** Σ level × weight over the rated applicable criteria that count. */
  readonly points: number;
  /** Σ highest level × weight over the same criteria: what `points` could be at most. */
  readonly pointsOf: number;
  /** Core criteria that apply. */
  readonly core: number;
  /** Those rated at the policy's core level or above. */
  readonly coreReached: number;
  /** Where the counted ratings come from: the audit's final ones, the closed self-assessment, or nowhere yet. */
  readonly basis: 'FINAL' | 'SELF' | 'NONE';
  readonly finallyRatedOn: string | null;
  /** Due day of the oldest open measure for a core criterion; null when there is none. */
  readonly coreMeasureDueOn: string | null;
  readonly started: boolean;
  readonly suspended: boolean;
}

export type Condition =
  'COMPETENCE' | 'ACCOUNTABILITY' | 'MATURITY' | 'CORE_CRITERIA' | 'FRESHNESS' | 'NOT_SUSPENDED';

export interface UnitVerdict {
  readonly facts: UnitFacts;
  readonly competence: Share;
  readonly accountability: Share;
  readonly maturity: Share;
  readonly anchored: boolean;
  /** The conditions hold, but only by the unit's own closed self-assessment: no audit has confirmed it yet. */
  readonly provisionallyAnchored: boolean;
  /** What keeps the unit from being anchored. */
  readonly lacking: readonly Condition[];
}

/**
 * The version that decides on a day (YYYY-MM-DD).
 * @throws Error when none is in force yet.
 */
export function policyOn(policies: readonly AnchoringPolicy[], day: string): AnchoringPolicy {
  const inForce = policies.filter(({ validFrom }) => validFrom <= day).at(-1);
  if (!inForce) throw new Error(`No anchoring policy is in force on ${day}`);
  return inForce;
}

/** Whether one unit is anchored on `day`, and what it lacks. */
export function judgeUnit(facts: UnitFacts, policy: AnchoringPolicy, day: string): UnitVerdict {
  const competence = share(facts.competent, facts.criteria);
  const accountability = share(facts.accountable, facts.fields);
  const maturity = share(facts.points, facts.pointsOf);
  const rated = facts.basis !== 'NONE' && facts.pointsOf > 0;
  const holds: Record<Condition, boolean> = {
    COMPETENCE: reaches(competence, policy.competence),
    ACCOUNTABILITY: reaches(accountability, policy.accountability),
    MATURITY: rated && reaches(maturity, policy.maturity),
    CORE_CRITERIA: rated && facts.coreReached === facts.core,
    FRESHNESS: isFresh(facts, policy, day),
    NOT_SUSPENDED: !facts.suspended,
  };
  const lacking = (Object.keys(holds) as Condition[]).filter((condition) => !holds[condition]);
  const complete = lacking.length === 0;
  return {
    facts,
    competence,
    accountability,
    maturity,
    anchored: complete && facts.basis === 'FINAL',
    provisionallyAnchored: complete && facts.basis === 'SELF',
    lacking,
  };
}

/** A self-assessment cannot grow old before its audit; a final rating can. Overdue core measures age both. */
function isFresh(facts: UnitFacts, policy: AnchoringPolicy, day: string): boolean {
  const { coreMeasureDueOn: due, finallyRatedOn } = facts;
  if (due && plusDays(due, policy.coreMeasureOverdueDays) < day) return false;
  if (facts.basis === 'FINAL')
    return finallyRatedOn !== null && plusMonths(finallyRatedOn, policy.ratingMonths) >= day;
  return facts.basis === 'SELF';
}

export type Statement = 'ANCHORED' | 'LARGELY_ANCHORED' | 'NOT_ANCHORED';

export interface Cell {
  readonly areaId: string | null;
  readonly level: string;
  readonly anchored: Share;
}

export interface Anchoring {
  readonly whole: Share;
  readonly areas: readonly { readonly areaId: string; readonly anchored: Share }[];
  readonly levels: readonly { readonly level: string; readonly anchored: Share }[];
  /** Area × level; the top's own row has no area. Cells without a unit are absent: "—", not 0. */
  readonly cells: readonly Cell[];
  readonly breadth: Share | undefined;
  readonly depth: Share | undefined;
  /** √(breadth × depth), four digits; null when there is no unit at all. */
  readonly index: number | null;
  readonly meanOfAreas: number | null;
  readonly meanOfLevels: number | null;
  readonly notStarted: number;
  readonly steeringActive: boolean;
  readonly statement: Statement;
}

/**
 * The anchoring of a whole administration, or of a part of it. The minimum is deliberate: *in all* areas and levels
 * means that none may be averaged away. Source: Konzept §6.5.
 */
export function anchoringOf(
  units: readonly UnitVerdict[],
  policy: AnchoringPolicy,
  steeringActive: boolean,
): Anchoring {
  const areas = tally(
    units.filter(({ facts }) => facts.areaId !== null),
    ({ facts }) => facts.areaId!,
  );
  const levels = tally(units, ({ facts }) => facts.level);
  const cells = tally(units, ({ facts }) => JSON.stringify([facts.areaId, facts.level]));
  const breadth = weakest(areas.map(({ anchored }) => anchored));
  const depth = weakest(levels.map(({ anchored }) => anchored));
  const notStarted = units.filter(({ facts }) => !facts.started).length;
  return {
    whole: share(units.filter(({ anchored }) => anchored).length, units.length),
    areas: areas.map(({ key, anchored }) => ({ areaId: key, anchored })),
    levels: levels.map(({ key, anchored }) => ({ level: key, anchored })).sort(byLevel),
    cells: cells.map(({ key, anchored }) => ({ ...cellKey(key), anchored })).sort(byLevel),
    breadth,
    depth,
    index: breadth && depth ? geometricMean(breadth, depth) : null,
    meanOfAreas: meanOf(areas.map(({ anchored }) => anchored)),
    meanOfLevels: meanOf(levels.map(({ anchored }) => anchored)),
    notStarted,
    steeringActive,
    statement: statementOf(breadth, depth, policy, notStarted === 0 && steeringActive),
  };
}

function statementOf(
  breadth: Share | undefined,
  depth: Share | undefined,
  policy: AnchoringPolicy,
  allUnderway: boolean,
): Statement {
  const both = (threshold: Share) =>
    breadth !== undefined && depth !== undefined && reaches(breadth, threshold) && reaches(depth, threshold);
  if (allUnderway && both(policy.anchored)) return 'ANCHORED';
  return both(policy.largelyAnchored) ? 'LARGELY_ANCHORED' : 'NOT_ANCHORED';
}

function tally(units: readonly UnitVerdict[], keyOf: (unit: UnitVerdict) => string) {
  const counts = new Map<string, { part: number; of: number }>();
  for (const unit of units) {
    const key = keyOf(unit);
    const count = counts.get(key) ?? { part: 0, of: 0 };
    count.of += 1;
    if (unit.anchored) count.part += 1;
    counts.set(key, count);
  }
  return [...counts].map(([key, anchored]) => ({ key, anchored: anchored as Share }));
}

function cellKey(key: string): { areaId: string | null; level: string } {
  const [areaId, level] = JSON.parse(key) as [string | null, string];
  return { areaId, level };
}

function byLevel(a: { readonly level: string }, b: { readonly level: string }): number {
  return a.level < b.level ? -1 : a.level > b.level ? 1 : 0;
}
