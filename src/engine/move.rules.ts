import type { Chart, Edge } from './chart.rules.ts';
import { factsShown, leavesOf } from './chart.rules.ts';
import { judge, type Answer, type Court, type Reason } from './guard.rules.ts';
import type { Machine, Moved, Position } from './machine.rules.ts';
import { TAKEN } from './own-facts.rules.ts';

/**
 * All that is stored of a process beside its rows: XState's value, and the engine's own counters. `n` counts the
 * steps that guards ask about, `by` names who last took the steps that four eyes ask about (with the represented).
 */
export interface Snapshot extends Position {
  readonly c: {
    readonly n: Readonly<Record<string, number>>;
    readonly by: Readonly<Record<string, readonly string[]>>;
  };
}

/** What became of a step before anything is written. */
export interface Decision {
  /** Undefined when no transition was open; the reasons then say why. */
  readonly moved: Moved | undefined;
  readonly answers: readonly Answer[];
  readonly reasons: readonly Reason[];
}

export interface OpenedTask {
  readonly name: string;
  readonly function: string;
  /** The deadlines that bound it; the earliest is its due day. */
  readonly deadlines: readonly string[];
}

/** Judges the guards of everything `step` could do here, and takes it if one is open. */
export function decide(machine: Machine, snapshot: Snapshot, step: string, court: Court): Decision {
  const states = machine.statesOf(snapshot);
  const open = new Set<number>();
  const answers: Answer[] = [];
  const reasons: Reason[] = [];
  for (const { id, transition } of machine.chart.candidates(states, step)) {
    const verdict = judge(transition.guard, court);
    if (verdict.holds !== false) open.add(id);
    answers.push(...verdict.answers);
    reasons.push(...verdict.reasons);
  }
  const moved = machine.step(snapshot, step, open);
  return { moved, answers, reasons: moved ? [] : reasons };
}

export const startSnapshot = (moved: Moved): Snapshot => ({ ...moved.position, c: { n: {}, by: {} } });

/** The snapshot after a step that `people` took (the person, and whoever was represented). */
export function after(
  chart: Chart,
  before: Snapshot,
  moved: Moved,
  step: string,
  people: readonly string[],
): Snapshot {
  const { counted, remembered } = whatIsKept(chart);
  const { n, by } = before.c;
  return {
    ...moved.position,
    c: {
      n: counted.has(step) ? { ...n, [step]: (n[step] ?? 0) + 1 } : n,
      by: remembered.has(step) ? { ...by, [step]: people } : by,
    },
  };
}

const kept = new WeakMap<Chart, { counted: Set<string>; remembered: Set<string> }>();

/** Only what some guard or four-eyes rule asks about is kept: a snapshot stays small. */
function whatIsKept(chart: Chart) {
  let keeps = kept.get(chart);
  if (!keeps) {
    const leaves = chart.edges.flatMap(({ transition }) => leavesOf(transition.guard));
    const shown = Object.values(chart.definition.reasons).flatMap(({ de }) => factsShown(de));
    const facts = [...leaves.flatMap((leaf) => ('fact' in leaf ? leaf.fact : [])), ...shown];
    const counted = facts.filter((fact) => fact.startsWith(TAKEN)).map((fact) => fact.slice(TAKEN.length));
    const remembered = Object.values(chart.definition.steps).flatMap(({ who }) =>
      who.flatMap(({ notSameAs }) => notSameAs ?? []),
    );
    kept.set(chart, (keeps = { counted: new Set(counted), remembered: new Set(remembered) }));
  }
  return keeps;
}

export function tasksOf(chart: Chart, moved: Moved): { closed: string[]; opened: OpenedTask[] } {
  const tasksAt = (path: string) => chart.nodes.get(path)?.state.tasks ?? [];
  return {
    closed: [...new Set(moved.left.flatMap((path) => tasksAt(path).map(({ name }) => name)))],
    opened: moved.entered.flatMap((path) =>
      tasksAt(path).map((task) => ({
        name: task.name,
        function: task.function,
        deadlines: deadlinesAround(chart, path),
      })),
    ),
  };
}

const deadlinesAround = (chart: Chart, path: string): string[] =>
  chart.active([path]).flatMap(({ state }) => state.deadlines ?? []);

export const effectsOf = (taken: readonly Edge[]) =>
  taken.flatMap(({ transition }) => transition.effects ?? []);

export const noticesOf = (taken: readonly Edge[]) =>
  taken
    .flatMap(({ transition }) => transition.notices ?? [])
    .map(({ notice, to }, no) => ({ no, kind: notice, body: { to } }));
