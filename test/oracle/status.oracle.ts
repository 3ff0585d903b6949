import { applicable, type Criterion, type Unit } from './inputs.ts';
import type { Assignment, Deadline, Move, Rating, Walk } from './record.ts';

/** The thresholds, typed in from the concept paper and not read from the product. */
const MATURITY = 50 / 100;
const COMPETENCE = 95 / 100;
/** Ratings of smaller units count in nothing that others see. */
const FEWEST = 5;

export interface ExpectedUnit {
  readonly code: string;
  readonly level: string;
  readonly area: string | null;
  readonly criteria: number;
  readonly core: number;
  readonly weight: number;
  readonly state: string;
  readonly since: string | null;
  readonly rated: number;
  readonly overdue: number;
  readonly missingCompetence: number;
  readonly missingAccountability: number;
  readonly maturity: number | null;
  readonly anchored: boolean;
}

export interface Expected {
  readonly units: readonly ExpectedUnit[];
  readonly states: Readonly<Record<string, number>>;
  readonly rated: number;
  readonly applicable: number;
  readonly overdue: number;
  readonly missingCompetence: number;
  readonly missingAccountability: number;
  readonly maturityByField: Readonly<Record<string, number>>;
  /** Of those whose ratings count. */
  readonly anchored: number;
  readonly matrix: Readonly<Record<string, { anchored: number; of: number }>>;
  readonly breadth: number | null;
  readonly depth: number | null;
  readonly index: number | null;
  readonly statement: 'ANCHORED' | 'LARGELY_ANCHORED' | 'NOT_ANCHORED';
}

interface Inputs {
  readonly units: readonly Unit[];
  readonly criteria: readonly Criterion[];
  readonly walk: Walk;
  /** A round before it: its published ratings anchor a unit until those of `walk` are published. */
  readonly earlier?: Walk;
  /** Units that the round does not look at. */
  readonly excepted?: readonly string[];
  /** The code of the unit whose subtree is asked about. */
  readonly under: string;
  /** The figures as of the end of this day. */
  readonly day: string;
}

/** The status of the units that are rated: every active unit with criteria, small teams (L4, fewer than 5) apart. */
export function expectedStatus(inputs: Inputs): Expected {
  const byCode = new Map(inputs.units.map((unit) => [unit.code, unit]));
  const rated = inputs.units.filter(
    (unit) =>
      isUnder(unit, inputs.under, byCode) &&
      !inputs.excepted?.includes(unit.code) &&
      applicable(unit, inputs.criteria).length > 0 &&
      !(unit.level === 'L4' && unit.headcount < 5),
  );
  const units = rated.map((unit) => expectedUnit(unit, inputs, byCode));
  const shown = new Set(rated.filter(({ headcount }) => headcount >= FEWEST).map(({ code }) => code));
  return {
    ...totals(units),
    ...anchoring(units, (unit) => shown.has(unit.code), inputs.walk),
    maturityByField: maturityByField(
      rated.filter(({ code }) => shown.has(code)),
      inputs,
    ),
    units,
  };
}

function expectedUnit(unit: Unit, inputs: Inputs, byCode: ReadonlyMap<string, Unit>): ExpectedUnit {
  const { criteria, walk, day } = inputs;
  const mine = applicable(unit, criteria);
  const moves = walk.moves.filter((move) => move.unit === unit.code && move.on <= day);
  const counted = countedRatings(unit.code, walk, day);
  const before = inputs.earlier && countedRatings(unit.code, inputs.earlier, day);
  const audited = counted.by !== 'FINAL' && before?.by === 'FINAL' ? before : counted;
  const covers = (kind: Assignment['kind'], subject: string) =>
    walk.assignments.some(
      (a) => a.unit === unit.code && a.kind === kind && a.subject === subject && holds(a, day),
    );
  const fields = [...new Set(mine.map(({ field }) => field))];
  const missingCompetence = mine.filter(({ code }) => !covers('COMPETENT', code)).length;
  const missingAccountability = fields.filter((field) => !covers('ACCOUNTABLE', field)).length;
  const withDeputy = mine.filter(({ code }) =>
    walk.assignments.some(
      (a) =>
        a.unit === unit.code && a.kind === 'COMPETENT' && a.subject === code && a.withDeputy && holds(a, day),
    ),
  ).length;
  const maturity = maturityOf(mine, counted.levels);
  return {
    code: unit.code,
    level: unit.level,
    area: areaOf(unit, byCode),
    criteria: mine.length,
    core: mine.filter(({ core }) => core).length,
    weight: mine.reduce((sum, { weight }) => sum + weight, 0),
    state: moves.at(-1)?.state ?? 'notStarted',
    since: moves.at(-1)?.on ?? null,
    rated: latest(walk.ratings.filter((r) => r.unit === unit.code && r.by === 'SELF' && r.on <= day)).size,
    overdue: walk.deadlines.filter((d) => d.unit === unit.code && isOverdue(d, day)).length,
    missingCompetence,
    missingAccountability,
    maturity,
    anchored:
      audited.by === 'FINAL' &&
      withDeputy / mine.length >= COMPETENCE &&
      missingAccountability === 0 &&
      (maturityOf(mine, audited.levels) ?? 0) >= MATURITY &&
      mine.filter(({ core }) => core).every(({ code }) => reachesCore(audited.levels.get(code))) &&
      monthsBetween(audited.on, day) <= 36 &&
      !walk.coreMeasures.some((m) => m.unit === unit.code && isOverdue(m, daysBefore(day, 90))),
  };
}

/**
 * Final ratings count once the report is out, self-ratings once they are closed and handed in: what is still being
 * talked over is the unit's own, and leadership does not see it.
 */
function countedRatings(unit: string, walk: Walk, day: string) {
  const moves = walk.moves.filter((move: Move) => move.unit === unit && move.on <= day);
  const tags = moves.at(-1)?.tags ?? [];
  const by = tags.includes('released')
    ? 'FINAL'
    : tags.includes('ratingsClosed') && !tags.includes('consensus')
      ? 'SELF'
      : 'NONE';
  const ratings = walk.ratings.filter((r) => r.unit === unit && r.by === by && r.on <= day);
  return {
    by,
    levels: latest(ratings),
    on:
      ratings
        .map(({ on }) => on)
        .toSorted()
        .at(-1) ?? day,
  };
}

function latest(ratings: readonly Rating[]): Map<string, Rating['level']> {
  return new Map(ratings.map(({ criterion, level }) => [criterion, level]));
}

/** A core criterion that does not apply cannot fail. */
function reachesCore(level: Rating['level'] | undefined): boolean {
  return level === 'NOT_APPLICABLE' || (level !== undefined && level >= 2);
}

function maturityOf(
  criteria: readonly Criterion[],
  levels: ReadonlyMap<string, Rating['level']>,
): number | null {
  const rated = criteria.filter(({ code }) => typeof levels.get(code) === 'number');
  const weight = rated.reduce((sum, criterion) => sum + criterion.weight, 0);
  if (weight === 0) return null;
  return rated.reduce((sum, c) => sum + (levels.get(c.code) as number) * c.weight, 0) / (4 * weight);
}

function maturityByField(units: readonly Unit[], { criteria, walk, day }: Inputs): Record<string, number> {
  const sums: Record<string, { points: number; weight: number }> = {};
  for (const unit of units) {
    const { levels } = countedRatings(unit.code, walk, day);
    for (const { code, field, weight } of applicable(unit, criteria)) {
      const level = levels.get(code);
      if (typeof level !== 'number') continue;
      const sum = (sums[field] ??= { points: 0, weight: 0 });
      sum.points += level * weight;
      sum.weight += weight;
    }
  }
  return Object.fromEntries(
    Object.entries(sums).map(([f, { points, weight }]) => [f, points / (4 * weight)]),
  );
}

function totals(units: readonly ExpectedUnit[]) {
  const sum = (pick: (unit: ExpectedUnit) => number) => units.reduce((total, unit) => total + pick(unit), 0);
  return {
    states: Object.fromEntries(
      [...Map.groupBy(units, ({ state }) => state)].map(([state, those]) => [state, those.length]),
    ),
    rated: sum(({ rated }) => rated),
    applicable: sum(({ criteria }) => criteria),
    overdue: sum(({ overdue }) => overdue),
    missingCompetence: sum(({ missingCompetence }) => missingCompetence),
    missingAccountability: sum(({ missingAccountability }) => missingAccountability),
  };
}

function anchoring(all: readonly ExpectedUnit[], isShown: (unit: ExpectedUnit) => boolean, walk: Walk) {
  const units = all.filter(isShown);
  const count = (those: readonly ExpectedUnit[]) => ({
    anchored: those.filter(({ anchored }) => anchored).length,
    of: those.length,
  });
  const grouped = (keyOf: (unit: ExpectedUnit) => string, of: readonly ExpectedUnit[]) =>
    [...Map.groupBy(of, keyOf)].map(([key, those]) => [key, count(those)] as const);
  const least = (counts: readonly (readonly [string, { anchored: number; of: number }])[]) =>
    counts.length === 0 ? null : Math.min(...counts.map(([, { anchored, of }]) => anchored / of));
  const breadth = least(
    grouped(
      ({ area }) => area!,
      units.filter(({ area }) => area !== null),
    ),
  );
  const depth = least(grouped(({ level }) => level, units));
  const worst = Math.min(breadth ?? 0, depth ?? 0);
  const underway = walk.steeringActive && all.every(({ state }) => state !== 'notStarted');
  return {
    anchored: count(units).anchored,
    matrix: Object.fromEntries(grouped(({ area, level }) => `${area ?? '—'}/${level}`, units)),
    breadth,
    depth,
    index: breadth === null || depth === null ? null : Math.sqrt(breadth * depth),
    statement:
      worst >= 0.8 && underway
        ? ('ANCHORED' as const)
        : worst >= 0.6
          ? ('LARGELY_ANCHORED' as const)
          : ('NOT_ANCHORED' as const),
  };
}

/** The directorate above (or the unit itself); units directly below the top share the area "direct"; the top has none. */
function areaOf(unit: Unit, byCode: ReadonlyMap<string, Unit>): string | null {
  if (unit.parent === null) return null;
  let at: Unit | undefined = unit;
  while (at && at.level !== 'L1') at = at.parent === null ? undefined : byCode.get(at.parent);
  return at?.code ?? 'direct';
}

function isUnder(unit: Unit, code: string, byCode: ReadonlyMap<string, Unit>): boolean {
  for (let at: Unit | undefined = unit; at; at = byCode.get(at.parent ?? ''))
    if (at.code === code) return true;
  return false;
}

function holds({ from, until }: Assignment, day: string): boolean {
  return from <= day && (until === undefined || until > day);
}

function isOverdue({ dueOn, metOn }: Deadline, day: string): boolean {
  return dueOn < day && (metOn === undefined || metOn > day);
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

function monthsBetween(earlier: string, later: string): number {
  const [y1, m1, d1] = earlier.split('-').map(Number) as [number, number, number];
  const [y2, m2, d2] = later.split('-').map(Number) as [number, number, number];
  return (y2 - y1) * 12 + (m2 - m1) + (d2 > d1 ? 1 : 0);
}
