import type { Text } from '../../platform/bare.ts';
import { levelAt } from './scale.rules.ts';

/** A criterion with its final rating: a level, or `null` where nothing was shown; "not applicable" stays out. */
export interface FinalRating {
  readonly code: string;
  readonly field: string;
  readonly core: boolean;
  readonly weight: number;
  /** From 0 to the top of its scale; null = not rated. */
  readonly level: number | null;
  /** The highest level of its scale. */
  readonly top: number;
  readonly notApplicable: boolean;
}

/** A share as two whole numbers, never as a rounded one: thresholds are met exactly or not at all. */
export interface Score {
  /** Σ level × weight of the rated criteria. */
  readonly points: number;
  /** Σ highest level × weight of the rated criteria; 0 when none is rated. */
  readonly of: number;
}

/** What the ratings allow, best first. The board may be stricter, never more generous. */
export const outcomes = ['FULL', 'CONDITIONAL', 'REFUSED'] as const;
export type Outcome = (typeof outcomes)[number];

/** Konzept §3.2; core levels in quarters of the scale. Kept with every decision, so that an old one is explained by the numbers it was taken under. */
export const thresholds = {
  version: 1,
  full: { percent: 50, core: 2, fieldPercent: 25 },
  conditional: { percent: 40, core: 1, coreBelowFull: 2 },
  exemplary: { percent: 75, core: 3 },
} as const;

export interface Recognition {
  readonly outcome: Outcome;
  /** "Vorbild": an informal mark beside full recognition. */
  readonly exemplary: boolean;
  readonly score: Score;
  readonly fields: ReadonlyMap<string, Score>;
  /** What stands between this unit and full recognition; empty when nothing does. */
  readonly shortfalls: readonly Text[];
}

export function scoreOf(ratings: readonly FinalRating[]): Score {
  const rated = ratings.filter((r) => !r.notApplicable && r.level !== null);
  return {
    points: rated.reduce((sum, r) => sum + r.level! * r.weight, 0),
    of: rated.reduce((sum, r) => sum + r.top * r.weight, 0),
  };
}

export function reaches({ points, of }: Score, percent: number): boolean {
  return of > 0 && points * 100 >= percent * of;
}

/** For display only. One decimal, rounded down, so that 49.96 % is never shown as the 50 % it is not. */
export function percentOf({ points, of }: Score): number | null {
  return of === 0 ? null : Math.floor((points * 1000) / of) / 10;
}

/** What the final ratings of a unit allow (Konzept §3.2). */
export function recognise(ratings: readonly FinalRating[]): Recognition {
  const applicable = ratings.filter((r) => !r.notApplicable);
  const score = scoreOf(applicable);
  const fields = new Map(
    [...new Set(applicable.map((r) => r.field))].map((f) => [
      f,
      scoreOf(applicable.filter((r) => r.field === f)),
    ]),
  );
  const core = applicable.filter((r) => r.core);
  const shortfalls = shortOfFull(score, fields, core);
  const outcome = shortfalls.length === 0 ? 'FULL' : isConditional(score, core) ? 'CONDITIONAL' : 'REFUSED';
  const { exemplary: best } = thresholds;
  const exemplary = outcome === 'FULL' && reaches(score, best.percent) && below(core, best.core).length === 0;
  return { outcome, exemplary, score, fields, shortfalls };
}

function shortOfFull(score: Score, fields: ReadonlyMap<string, Score>, core: readonly FinalRating[]): Text[] {
  const { full } = thresholds;
  const shortfalls: Text[] = [];
  if (!reaches(score, full.percent)) shortfalls.push(tooLow('Gesamt', 'Overall', score, full.percent));
  for (const [field, of] of fields) {
    // A field without a rated criterion has no share; its core criteria speak for it below.
    if (of.of > 0 && !reaches(of, full.fieldPercent)) {
      shortfalls.push(tooLow(`Handlungsfeld ${field}`, `Field ${field}`, of, full.fieldPercent));
    }
  }
  for (const { code, level, top } of below(core, full.core)) {
    shortfalls.push({
      de: `Kernkriterium ${code}: Stufe ${level ?? 'offen'}, nötig ${levelAt(full.core, top)}.`,
      en: `Core criterion ${code}: level ${level ?? 'open'}, needed ${levelAt(full.core, top)}.`,
    });
  }
  return shortfalls;
}

function isConditional(score: Score, core: readonly FinalRating[]): boolean {
  const { conditional, full } = thresholds;
  return (
    reaches(score, conditional.percent) &&
    below(core, conditional.core).length === 0 &&
    below(core, full.core).length <= conditional.coreBelowFull
  );
}

/** Core criteria that apply and do not reach so many quarters of their scale. */
export const coreBelow = (ratings: readonly FinalRating[], quarters: number): number =>
  below(
    ratings.filter((r) => r.core && !r.notApplicable),
    quarters,
  ).length;

/** An open core criterion counts as not shown. */
const below = (core: readonly FinalRating[], quarters: number) =>
  core.filter((r) => (r.level ?? 0) < levelAt(quarters, r.top));

const tooLow = (de: string, en: string, score: Score, percent: number): Text => ({
  de: `${de}: ${percentOf(score)?.toLocaleString('de') ?? '–'} %, nötig ${percent} %.`,
  en: `${en}: ${percentOf(score) ?? '–'} %, needed ${percent} %.`,
});
