import { fault, type ImportFault, type FilePosition } from '../plan/import-fault.rules.ts';
import { turningDays, type PlanChange, type ThingChange } from './plan-change.rules.ts';
import type { Plan, PostFacts, Statement, Thing, UnitFacts, Version } from '../plan/plan.rules.ts';
import { groupSize } from '../plan/group-size.rules.ts';
import { treeOfPlan } from '../plan/plan-tree.rules.ts';
import { holdsOn, overlap } from '../plan/timeline.rules.ts';
import { groupTag } from '../plan/unit-proposal.rules.ts';

/** What would be wrong with the plan after the change, on its day and on every later day at which something turns. */
export function faultsOfChange(change: PlanChange, spots: Spots): ImportFault[] {
  const faults = turningDays(change).flatMap((day, index) => [
    ...faultsOfUnits(change.after, day, spots),
    ...faultsOfPosts(change.after, day, spots),
    ...faultsOfTasks(change.after, day, spots),
    ...(index === 0 ? headless(change, day, spots) : []),
  ]);
  const all = [
    ...unknownReferences(change, spots),
    ...faults,
    ...twoHeads(change.after, spots),
    ...twoAtOnce(change.after, spots),
  ];
  return [...new Map(all.map((one) => [JSON.stringify([one.code, one.message.de]), one])).values()];
}

/** Units that stand on the day and of which nobody knows how many work there, named in one warning. */
export function unknownHeadcounts(
  plan: Plan,
  day: string,
  minimumShown: number,
  file: string,
): ImportFault[] {
  const units = treeOfPlan(plan, day)
    .all()
    .filter((unit) => groupSize(unit, minimumShown) === 'UNKNOWN' && !unit.tags.includes(groupTag));
  if (units.length === 0) return [];
  const named = units.slice(0, mostNamed).map(({ name }) => name);
  const all = [...named, ...(units.length > mostNamed ? ['…'] : [])].join(', ');
  return [fault('HEADCOUNT_UNKNOWN', { file }, all, String(units.length))];
}
const mostNamed = 20;

/** Where a thing was named, so that a fault can point to it. */
export class Spots {
  readonly #spots = new Map<string, FilePosition>();
  readonly #file: string;

  constructor(statement: Statement, file: string) {
    this.#file = file;
    for (const part of ['units', 'posts', 'holders', 'tasks'] as const)
      for (const { code, at } of statement[part]?.rows ?? []) this.#spots.set(`${part} ${code}`, at);
  }

  of(part: 'units' | 'posts' | 'holders' | 'tasks', code: string, field?: string): FilePosition {
    const spot = this.#spots.get(`${part} ${code}`) ?? { file: this.#file };
    return field && spot.line ? { ...spot, field } : spot;
  }
}

function on<F>(things: ReadonlyMap<string, Thing<F>>, day: string): Map<string, F> {
  const holding = new Map<string, F>();
  for (const { code, versions } of things.values()) {
    const version = versions.find((span) => holdsOn(span, day));
    if (version) holding.set(code, version.facts);
  }
  return holding;
}

function faultsOfUnits(plan: Plan, day: string, spots: Spots): ImportFault[] {
  const units = on(plan.units, day);
  const tops = [...units].filter(([, { level }]) => level === 'L0').map(([code]) => code);
  const [top, ...more] = tops;
  return [
    ...(units.size && !top ? [fault('NO_TOP', spots.of('units', ''))] : []),
    ...more.map((code) => fault('SECOND_TOP', spots.of('units', code, 'level'), code, top)),
    ...[...units].flatMap(([code, { parentCode }]) =>
      parentCode !== null && !units.has(parentCode)
        ? [fault('UNKNOWN_PARENT', spots.of('units', code, 'parentCode'), parentCode)]
        : [],
    ),
    ...cycles(units).map((cycle) =>
      fault('CYCLE', spots.of('units', cycle[0]!, 'parentCode'), cycle.join(' → ')),
    ),
  ];
}

/** Every ring of units that stand above one another, each once. */
function cycles(units: ReadonlyMap<string, UnitFacts>): string[][] {
  const rings: string[][] = [];
  const done = new Set<string>();
  for (const start of units.keys()) {
    const path: string[] = [];
    let code: string | null = start;
    while (code !== null && !done.has(code) && !path.includes(code)) {
      path.push(code);
      code = units.get(code)?.parentCode ?? null;
    }
    if (code !== null && !done.has(code)) rings.push([...path.slice(path.indexOf(code)), code]);
    for (const walked of path) done.add(walked);
  }
  return rings;
}

function faultsOfPosts(plan: Plan, day: string, spots: Spots): ImportFault[] {
  const units = on(plan.units, day);
  const posts = on(plan.posts, day);
  const holders = on(plan.holders, day);
  return [
    ...[...posts]
      .filter(([, { unitCode }]) => !units.has(unitCode))
      .map(([code, { unitCode }]) =>
        fault('POST_WITHOUT_UNIT', spots.of('posts', code, 'unitCode'), code, unitCode),
      ),
    ...[...holders]
      .filter(([, { postNo }]) => !posts.has(postNo))
      .map(([code, { postNo }]) => fault('UNKNOWN_POST', spots.of('holders', code, 'postNo'), postNo)),
  ];
}

function faultsOfTasks(plan: Plan, day: string, spots: Spots): ImportFault[] {
  const units = on(plan.units, day);
  const posts = on(plan.posts, day);
  return [...on(plan.tasks, day)].flatMap(([code, { unitCode, postNo, deputyPostNo }]) => [
    ...(units.has(unitCode) ? [] : [fault('UNKNOWN_UNIT', spots.of('tasks', code, 'unitCode'), unitCode)]),
    ...[postNo, deputyPostNo].flatMap((named) =>
      named === null || posts.has(named)
        ? []
        : [fault('UNKNOWN_POST', spots.of('tasks', code, 'postNo'), named)],
    ),
  ]);
}

/** A superior, unit or post that never was, also where a period lies wholly in the past. */
function unknownReferences({ units, posts, holders, after }: PlanChange, spots: Spots): ImportFault[] {
  const written = <F>(changes: readonly ThingChange<F>[]) =>
    changes.flatMap(({ thing, insert }) => insert.map(({ facts }) => [thing.code, facts] as const));
  return [
    ...written(units)
      .filter(([, { parentCode }]) => parentCode !== null && !after.units.has(parentCode))
      .map(([code, { parentCode }]) =>
        fault('UNKNOWN_PARENT', spots.of('units', code, 'parentCode'), parentCode!),
      ),
    ...written(posts)
      .filter(([, { unitCode }]) => !after.units.has(unitCode))
      .map(([code, { unitCode }]) =>
        fault('POST_WITHOUT_UNIT', spots.of('posts', code, 'unitCode'), code, unitCode),
      ),
    ...written(holders)
      .filter(([, { postNo }]) => !after.posts.has(postNo))
      .map(([code, { postNo }]) => fault('UNKNOWN_POST', spots.of('holders', code, 'postNo'), postNo)),
  ];
}

/** Units without a head post: shown, not refused. While no posts are known there is nothing to say. */
function headless(change: PlanChange, day: string, spots: Spots): ImportFault[] {
  if (!change.after.posts.size) return [];
  const led = new Set(
    [...on(change.after.posts, day).values()].filter((post) => post.isManagement).map((p) => p.unitCode),
  );
  return [...on(change.after.units, day)]
    .filter(([code, { tags }]) => !led.has(code) && !tags.includes(groupTag))
    .map(([code]) => fault('NO_HEAD', spots.of('units', code), code));
}

type CodeAtVersion<F> = readonly [code: string, version: Version<F>];
const standing = <F>(things: ReadonlyMap<string, Thing<F>>): CodeAtVersion<F>[] =>
  [...things.values()].flatMap(({ code, versions }) => versions.map((version) => [code, version] as const));

/** Pairs of neighbours in time that overlap, within each group. */
function clashes<F>(
  all: readonly CodeAtVersion<F>[],
  group: (facts: F) => string,
): [CodeAtVersion<F>, CodeAtVersion<F>][] {
  return [...Map.groupBy(all, ([, { facts }]) => group(facts)).values()].flatMap((some) => {
    const sorted = some.toSorted(([, a], [, b]) => (a.from < b.from ? -1 : 1));
    return sorted
      .slice(1)
      .flatMap((next, index): [CodeAtVersion<F>, CodeAtVersion<F>][] =>
        overlap(sorted[index]![1], next[1]) ? [[sorted[index]!, next]] : [],
      );
  });
}

function twoHeads(plan: Plan, spots: Spots): ImportFault[] {
  const heads = standing<PostFacts>(plan.posts).filter(([, { facts }]) => facts.isManagement);
  return clashes(heads, ({ unitCode }) => unitCode).map(([[first], [second, { facts }]]) =>
    fault('TWO_HEADS', spots.of('posts', second, 'isManagement'), facts.unitCode, first),
  );
}

/** A post has one holder and one interim holder at a time, and a person is at a post in one capacity at a time. */
function twoAtOnce(plan: Plan, spots: Spots): ImportFault[] {
  const holders = standing(plan.holders);
  const single = holders.filter(([, { facts }]) => facts.as !== 'DEPUTY');
  return [
    ...clashes(single, ({ postNo, as }) => `${postNo} ${as}`),
    ...clashes(holders, ({ postNo, personKey }) => `${postNo} ${personKey}`),
  ].map(([[first], [second]]) =>
    fault('OVERLAPPING_PERIODS', spots.of('holders', second, 'from'), second, first),
  );
}
