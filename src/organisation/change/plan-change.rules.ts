import type {
  HolderFacts,
  HoldersPart,
  Part,
  Plan,
  PostFacts,
  Stated,
  Statement,
  TaskFacts,
  Thing,
  UnitFacts,
  Version,
} from '../plan/plan.rules.ts';
import {
  isEmpty,
  overlap,
  replaceBy,
  rewriteFrom,
  type Piece,
  type Rewrite,
} from '../plan/timeline.rules.ts';

/** What happens to one thing: versions retracted, versions written, and how it then stands. */
export interface ThingChange<F> {
  readonly thing: Thing<F>;
  readonly isNew: boolean;
  readonly retract: readonly Version<F>[];
  readonly insert: readonly Version<F>[];
  readonly after: readonly Version<F>[];
}

/** What a statement changes in a plan, and the plan as it then is. */
export interface PlanChange {
  readonly day: string;
  readonly units: readonly ThingChange<UnitFacts>[];
  readonly posts: readonly ThingChange<PostFacts>[];
  readonly holders: readonly ThingChange<HolderFacts>[];
  readonly tasks: readonly ThingChange<TaskFacts>[];
  /** How many stated things stand already as stated. */
  readonly unchanged: number;
  readonly after: Plan;
}

type Rule<F> = (
  versions: readonly Version<F>[],
  rows: readonly Stated<F>[],
  day: string,
) => Rewrite<Version<F>, F>;

/**
 * Compares what is said with what stands. From `day` on the statement holds; what lies before stays as it was. Things
 * that a complete part does not name end on `day`. No holder stays at a post longer than the post exists.
 */
export function changeOf(plan: Plan, statement: Statement, day: string, newId: () => string): PlanChange {
  const units = changePart(plan.units, statement.units, day, fromDayOn, newId);
  const posts = changePart(plan.posts, statement.posts, day, fromDayOn, newId);
  const displaced = displacedHolders(plan.holders, statement.holders, day);
  const stated = changePart(plan.holders, statement.holders, day, asStated, newId, displaced);
  const holders = endWithPosts(stated, posts.after, newId);
  const tasks = changePart(plan.tasks, statement.tasks, day, fromDayOn, newId);
  const parts = [units, posts, holders, tasks];
  return {
    day,
    units: units.changes,
    posts: posts.changes,
    holders: holders.changes,
    tasks: tasks.changes,
    unchanged: parts.reduce((sum, part) => sum + part.unchanged, 0),
    after: {
      units: units.after,
      posts: posts.after,
      holders: holders.after,
      tasks: tasks.after,
      persons: new Map([
        ...plan.persons,
        ...(statement.persons ?? []).map((one) => [one.personKey, one] as const),
      ]),
    },
  };
}

type CodedRewrite<F> = readonly [code: string, rewrite: Rewrite<Version<F>, F>];

interface PartChange<F> {
  readonly before: ReadonlyMap<string, Thing<F>>;
  readonly changes: readonly ThingChange<F>[];
  readonly stated: readonly string[];
  readonly unchanged: number;
  readonly after: ReadonlyMap<string, Thing<F>>;
}

function changePart<F>(
  before: ReadonlyMap<string, Thing<F>>,
  part: Part<Stated<F>> | undefined,
  day: string,
  rule: Rule<F>,
  newId: () => string,
  displaced: ReadonlyMap<string, string> = new Map(),
): PartChange<F> {
  if (!part) return { before, changes: [], stated: [], unchanged: 0, after: before };
  const stated = Map.groupBy(part.rows, ({ code }) => code);
  const ending = (code: string) => !stated.has(code) && (part.complete || displaced.has(code));
  const unnamed = [...before.keys()].filter(ending);
  const rewrites = [...stated.keys(), ...unnamed].map((code): CodedRewrite<F> => {
    const versions = before.get(code)?.versions ?? [];
    const rows = stated.get(code);
    return [code, rows ? rule(versions, rows, day) : rewriteFrom(versions, displaced.get(code) ?? day, [])];
  });
  return applied(before, rewrites, [...stated.keys()], newId);
}

function applied<F>(
  before: ReadonlyMap<string, Thing<F>>,
  rewrites: readonly CodedRewrite<F>[],
  stated: readonly string[],
  newId: () => string,
): PartChange<F> {
  const changes = rewrites
    .filter(([, { retract, insert }]) => retract.length || insert.length)
    .map(([code, { retract, insert }]) => changeOfThing(before.get(code), code, retract, insert, newId));
  const after = new Map(before);
  for (const { thing, after: versions } of changes) after.set(thing.code, { ...thing, versions });
  const changed = new Set(changes.map(({ thing }) => thing.code));
  return { before, changes, stated, unchanged: stated.filter((code) => !changed.has(code)).length, after };
}

function changeOfThing<F>(
  known: Thing<F> | undefined,
  code: string,
  retract: readonly Version<F>[],
  pieces: readonly Piece<F>[],
  newId: () => string,
): ThingChange<F> {
  const thing = known ?? { id: newId(), code, versions: [] };
  const insert = pieces.map((piece) => ({ id: newId(), ...piece }));
  const kept = thing.versions.filter((version) => !retract.includes(version));
  const after = [...kept, ...insert].sort((a, b) => (a.from < b.from ? -1 : 1));
  return { thing, isNew: !known, retract, insert, after };
}

const later = (a: string, b: string | null): string => (b && b > a ? b : a);
const piecesOf = <F>(rows: readonly Stated<F>[], start: (row: Stated<F>) => string): Piece<F>[] =>
  rows.map((row) => ({ from: start(row), until: row.until, facts: row.facts }));

/**
 * Units, posts and tasks: the rows say how things are from `day` on. The first day of something known that lies before
 * `day` is not looked at; a last day before it ends the thing then.
 */
const fromDayOn = <F>(versions: readonly Version<F>[], rows: readonly Stated<F>[], day: string) => {
  if (!versions.length)
    return replaceBy(
      versions,
      piecesOf(rows, ({ from }) => from ?? day).filter((piece) => !isEmpty(piece)),
    );
  const starts = rows.map(({ from }) => later(day, from));
  const ends = rows.flatMap(({ until }) => (until && until < day ? [until] : []));
  const cut = [...starts, ...ends].sort()[0]!;
  return rewriteFrom(
    versions,
    cut,
    piecesOf(rows, ({ from }) => later(cut, from)),
  );
};

/** Holders: each row is the whole period of one person at one post, history included, and replaces what it overlaps. */
const asStated = <F>(versions: readonly Version<F>[], rows: readonly Stated<F>[], day: string) => {
  const running = versions.find(({ from, until }) => from <= day && (until === null || until > day));
  const pieces = piecesOf(rows, ({ from }) => from ?? running?.from ?? day);
  const kept = versions.filter(
    (version) => !pieces.some((piece) => overlap(piece, version) || piece.from === version.from),
  );
  return replaceBy(versions, [...kept, ...pieces.filter((piece) => !isEmpty(piece))]);
};

/**
 * Holders that a statement replaces without naming them, by code, each with the first day on which they no longer are:
 * of a settled post everybody but deputies, else whoever is there as the new one is, and the new one in an earlier
 * capacity.
 */
function displacedHolders(
  known: Plan['holders'],
  part: HoldersPart | undefined,
  day: string,
): Map<string, string> {
  const displaced = new Map<string, string>();
  if (!part) return displaced;
  const stated = new Set(part.rows.map(({ code }) => code));
  const newcomers = Map.groupBy(
    part.rows.filter(({ facts }) => facts.as !== 'DEPUTY'),
    ({ facts }) => facts.postNo,
  );
  for (const { code, versions } of known.values()) {
    const last = versions.at(-1);
    if (!last || stated.has(code) || last.facts.as === 'DEPUTY') continue;
    const isSettled = part.settledPosts?.has(last.facts.postNo);
    const days = (newcomers.get(last.facts.postNo) ?? [])
      .filter(({ facts }) => isSettled || takesPlaceOf(facts, last.facts))
      .map(({ from }) => from ?? day)
      .concat(isSettled ? day : [])
      .filter((from) => last.from < from && (last.until === null || from < last.until));
    if (days.length) displaced.set(code, days.sort()[0]!);
  }
  return displaced;
}

const takesPlaceOf = (after: HolderFacts, before: HolderFacts): boolean =>
  after.as === before.as || after.personKey === before.personKey;

function endWithPosts<F extends { readonly postNo: string }>(
  part: PartChange<F>,
  posts: ReadonlyMap<string, Thing<unknown>>,
  newId: () => string,
): PartChange<F> {
  const rewrites = [...part.after.values()].map(({ code, versions }) => {
    const before = part.before.get(code)?.versions ?? [];
    const pieces = versions.map((version) => {
      const end = posts.get(version.facts.postNo)?.versions.at(-1)?.until ?? null;
      return end && (version.until === null || version.until > end) ? { ...version, until: end } : version;
    });
    return [
      code,
      replaceBy(
        before,
        pieces.filter((piece) => !isEmpty(piece)),
      ),
    ] as const;
  });
  return applied(part.before, rewrites, part.stated, newId);
}

/** The days from `day` on at which something in the change begins or ends, at most the first 100. */
export function turningDays(change: PlanChange): string[] {
  const all: readonly ThingChange<unknown>[] = [
    change.units,
    change.posts,
    change.holders,
    change.tasks,
  ].flat();
  const spans = all.flatMap(({ insert }) => insert);
  const days = spans
    .flatMap(({ from, until }) => (until ? [from, until] : [from]))
    .filter((day) => day > change.day);
  return [change.day, ...[...new Set(days)].sort().slice(0, 99)];
}
