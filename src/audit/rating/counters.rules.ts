import { thresholds } from './recognition.rules.ts';
import { levelAt } from './scale.rules.ts';
import { counting, mustBeResolved, ratedByTwo, type Standings } from './rating.rules.ts';

/** A criterion as a process holds it; `fieldNo` counts the edition's fields from 1. */
export interface FrozenCriterion {
  readonly criterionId: string;
  readonly fieldNo: number;
  readonly weight: number;
  readonly core: boolean;
  /** The highest level of its scale. */
  readonly top: number;
}

/**
 * The counters of a checklist, or the difference between two of them; the names are the database's. `points` of
 * `points_of` were reached; core criteria that failed are too low for any recognition, weak ones for a full one.
 */
export interface Counters {
  applicable: number;
  rated: number;
  not_applicable: number;
  core_total: number;
  core_rated: number;
  core_confirmed: number;
  core_failed: number;
  core_weak: number;
  differences: number;
  weight_total: number;
  points_of: number;
  points: number;
  field_applicable: number[];
  field_rated: number[];
  field_points_of: number[];
  field_points: number[];
}

const one = (holds: boolean) => (holds ? 1 : 0);

export function noCounters(fields: number): Counters {
  const none = () => Array.from({ length: fields }, () => 0);
  return {
    applicable: 0,
    rated: 0,
    not_applicable: 0,
    core_total: 0,
    core_rated: 0,
    core_confirmed: 0,
    core_failed: 0,
    core_weak: 0,
    differences: 0,
    weight_total: 0,
    points_of: 0,
    points: 0,
    field_applicable: none(),
    field_rated: none(),
    field_points_of: none(),
    field_points: none(),
  };
}

/** What a checklist of these criteria counts before anything is rated. */
export function countCriteria(criteria: readonly FrozenCriterion[], fields: number): Counters {
  const counters = noCounters(fields);
  for (const { core, weight, fieldNo } of criteria) {
    counters.applicable += 1;
    counters.core_total += one(core);
    counters.weight_total += weight;
    counters.field_applicable[fieldNo - 1]! += 1;
  }
  return counters;
}

/** Adds (or, with -1, takes away) what one criterion's ratings contribute. */
export function addRatings(
  to: Counters,
  criterion: FrozenCriterion,
  standings: Standings,
  times: 1 | -1 = 1,
): Counters {
  const rating = counting(standings);
  if (!rating) return to;
  const { weight, core, fieldNo, top } = criterion;
  const { level } = rating;
  const isLevel = level !== null;
  const [low, sound] = [thresholds.conditional.core, thresholds.full.core].map((at) => levelAt(at, top));
  to.rated += times * one(isLevel);
  to.not_applicable += times * one(!isLevel);
  to.core_rated += times * one(core);
  to.core_confirmed += times * one(core && ratedByTwo(standings));
  to.core_failed += times * one(core && isLevel && level < low!);
  to.core_weak += times * one(core && isLevel && level >= low! && level < sound!);
  to.differences += times * one(mustBeResolved(standings));
  to.points_of += times * (isLevel ? top * weight : 0);
  to.points += times * weight * (level ?? 0);
  to.field_rated[fieldNo - 1]! += times * one(isLevel);
  to.field_points_of[fieldNo - 1]! += times * (isLevel ? top * weight : 0);
  to.field_points[fieldNo - 1]! += times * weight * (level ?? 0);
  return to;
}

export interface Change {
  readonly criterion: FrozenCriterion;
  readonly before: Standings;
  readonly after: Standings;
}

/** What a set of changed criteria moves; exact, because before and after are counted by the same rule. */
export function countChanges(changes: readonly Change[], fields: number): Counters {
  const moved = noCounters(fields);
  for (const { criterion, before, after } of changes) {
    addRatings(moved, criterion, before, -1);
    addRatings(moved, criterion, after);
  }
  return moved;
}

/** Adds up differences: those until a day give the counters as they stood at its end. */
export function sum(deltas: readonly Readonly<Counters>[], fields: number): Counters {
  const total = noCounters(fields);
  for (const delta of deltas)
    for (const name of Object.keys(total) as (keyof Counters)[]) addTo(total, name, delta[name]);
  return total;
}

function addTo(total: Counters, name: keyof Counters, moved: number | readonly number[]): void {
  if (typeof moved === 'number') (total[name] as number) += moved;
  else moved.forEach((by, at) => ((total[name] as number[])[at]! += by));
}

/** Weighted maturity in percent: points of the possible points of what was rated; null when nothing was. */
export function maturity(points: number, pointsOf: number): number | null {
  return pointsOf === 0 ? null : (100 * points) / pointsOf;
}
