import type { Chart, Edge } from '../definition/chart.rules.ts';
import { factsShown, leavesOf } from '../definition/chart.rules.ts';
import type { Step } from '../definition/definition.rules.ts';
import { evaluateGuard, type Answer, type GuardContext, type Reason } from '../definition/guard.rules.ts';
import type { Machine, Moved, Position } from '../machine/machine.rules.ts';
import { TAKEN } from '../definition/own-facts.rules.ts';
import type { Snapshot } from '../machine/process.rules.ts';

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
export function decide(machine: Machine, snapshot: Snapshot, step: string, context: GuardContext): Decision {
  const states = machine.statesOf(snapshot);
  const act = machine.chart.definition.steps[step];
  if (act?.does) return decideBuiltInStep(machine, snapshot, act, context);
  const open = new Set<number>();
  const answers: Answer[] = [];
  /** By their codes: ways out of a state that share a condition name it once. */
  const reasons = new Map<string, Reason>();
  for (const { id, transition } of machine.chart.candidates(states, step)) {
    const verdict = evaluateGuard(transition.guard, context);
    if (verdict.holds !== false) open.add(id);
    answers.push(...verdict.answers);
    for (const reason of verdict.reasons) reasons.set(reason.code, reason);
  }
  const moved = machine.step(snapshot, step, open);
  return { moved, answers, reasons: moved ? [] : [...reasons.values()] };
}

/** What the engine does itself moves nothing but what its signals move. */
function decideBuiltInStep(
  machine: Machine,
  snapshot: Snapshot,
  { guard, raise }: Step,
  context: GuardContext,
): Decision {
  const { holds, answers, reasons } = evaluateGuard(guard, context);
  if (holds === false) return { moved: undefined, answers, reasons };
  return { moved: signalled(machine, snapshot, raise), answers, reasons: [] };
}

/** Where signals lead from here; one that no active state handles leads nowhere. */
function signalled(machine: Machine, from: Position, signals: readonly string[] = []): Moved {
  const still = {
    position: { v: from.v, s: from.s },
    states: machine.statesOf(from),
    left: [],
    entered: [],
    taken: [],
  };
  return signals.reduce<Moved>((before, signal) => {
    const after = machine.step(before.position, signal);
    if (!after) return before;
    return {
      ...after,
      left: [...before.left, ...after.left],
      entered: [...before.entered, ...after.entered],
      taken: [...before.taken, ...after.taken],
    };
  }, still);
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
export function whatIsKept(chart: Chart) {
  let keeps = kept.get(chart);
  if (!keeps) {
    const acts = Object.values(chart.definition.steps);
    const guards = [
      ...chart.edges.map(({ transition }) => transition.guard),
      ...acts.map(({ guard }) => guard),
    ];
    const leaves = guards.flatMap(leavesOf);
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

export const deadlinesAround = (chart: Chart, path: string): string[] =>
  chart.active([path]).flatMap(({ state }) => state.deadlines ?? []);

/** All open tasks of these states that one of the deadlines bounds: their due days are to be looked up again. */
export function tasksBound(chart: Chart, states: readonly string[], deadlines: readonly string[]) {
  if (deadlines.length === 0) return [];
  return chart.active(states).flatMap(({ path, state }) => {
    const around = deadlinesAround(chart, path);
    const bound = around.some((name) => deadlines.includes(name));
    return bound ? (state.tasks ?? []).map(({ name }) => ({ name, deadlines: around })) : [];
  });
}

export const effectsOf = ({ effects = [] }: Step, taken: readonly Edge[]) => [
  ...effects,
  ...taken.flatMap(({ transition }) => transition.effects ?? []),
];

export const noticesOf = ({ notices = [] }: Pick<Step, 'notices'>, taken: readonly Edge[]) =>
  [...notices, ...taken.flatMap(({ transition }) => transition.notices ?? [])].map(({ notice, to }) => ({
    kind: notice,
    body: { to },
  }));
