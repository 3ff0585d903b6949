import type { StateValue } from 'xstate';
import type { Text } from '../../platform/bare.ts';
import { nameOf, type Chart, type ChartNode } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Machine, Position } from '../machine/machine.rules.ts';
import { whatIsKept } from '../steps/move.rules.ts';
import { isLeaf, leaves, type MigrationPlan } from './migration-plan.rules.ts';
import type { Snapshot } from '../machine/process.rules.ts';

/** A configuration in the new definition, or why there is none. */
type Placed =
  { readonly position: Position; readonly states: readonly string[] } | { readonly faults: readonly Text[] };

/** Steps that the new definition asks about and the old one did not keep in mind; the log still knows them. */
export interface AskedAnew {
  readonly counted: readonly string[];
  readonly remembered: readonly string[];
}
export type Counters = Snapshot['c'];

/** A plan between two charts, made to be asked: where a process stands afterwards. Pure; every answer is kept. */
export class Migration {
  readonly from: Machine;
  readonly to: Machine;
  readonly plan: MigrationPlan;
  readonly #placed = new Map<string, Placed>();
  readonly #begin: ReadonlySet<string>;

  constructor(from: Machine, to: Machine, plan: MigrationPlan) {
    this.from = from;
    this.to = to;
    this.plan = plan;
    this.#begin = new Set(plan.begin);
  }

  /** What is wrong with the plan wherever a process stands: names that do not exist, states that lead nowhere. */
  faults(): Fault[] {
    return faultsOfPlan(this);
  }

  /** Where a process that stands in these states would stand. Nothing is filled in: each region must be led into. */
  place(states: readonly string[]): Placed {
    const key = states.join();
    let placed = this.#placed.get(key);
    if (!placed) this.#placed.set(key, (placed = this.#place(states)));
    return placed;
  }

  /** The leaves that an old leaf becomes; its own path, if the plan names neither it nor a state around it. */
  images(leaf: string): readonly string[] {
    const { states } = this.plan;
    for (let path = leaf; path !== ''; path = path.slice(0, Math.max(path.lastIndexOf('.'), 0))) {
      if (!Object.hasOwn(states, path)) continue;
      const inner = leaf.slice(path.length);
      return states[path]!.map((image) => image + inner);
    }
    return [leaf];
  }

  /** Whether the visible state is still the same one, under whatever path: then it lasts since it was entered. */
  keepsStage(before: readonly string[], after: readonly string[]): boolean {
    return this.images(visible(this.from.chart, before)).includes(visible(this.to.chart, after));
  }

  /** What the snapshot must remember of the past for the new definition, the log's answers included. */
  counters({ n, by }: Counters, earlier: Counters): Counters {
    const { counted, remembered } = whatIsKept(this.to.chart);
    return {
      n: only(counted, { ...earlier.n, ...n }),
      by: only(remembered, { ...earlier.by, ...by }),
    };
  }

  askedAnew(): AskedAnew {
    const [old, anew] = [whatIsKept(this.from.chart), whatIsKept(this.to.chart)];
    return {
      counted: [...anew.counted].filter((step) => !old.counted.has(step)),
      remembered: [...anew.remembered].filter((step) => !old.remembered.has(step)),
    };
  }

  #place(states: readonly string[]): Placed {
    const targets = new Set(states.flatMap((leaf) => this.images(leaf)));
    const faults: Text[] = [];
    const value = this.#valueAt(this.to.chart.root, targets, faults);
    if (faults.length > 0) return { faults };
    const position: Position = { v: value!, s: isDone(this.to.chart.root, targets) ? 'done' : 'active' };
    // The machine refuses a value that it would have to complete.
    const placed = this.to.statesOf(position);
    const strays = [...targets].filter((leaf) => !placed.includes(leaf));
    return strays.length > 0 ? { faults: strays.map(stray) } : { position, states: placed };
  }

  /** The state's value by XState's form; undefined for a leaf. */
  #valueAt(node: ChartNode, targets: Set<string>, faults: Text[]): StateValue | undefined {
    if (isLeaf(node)) return undefined;
    if (node.kind === 'parallel')
      return Object.fromEntries(
        node.children.map((region) => {
          if (!holds(region, targets)) this.#enter(region, targets);
          if (!holds(region, targets)) faults.push(unled(region));
          return [nameOf(region), this.#valueAt(region, targets, faults) ?? {}];
        }),
      );
    const active = node.children.filter((child) => holds(child, targets));
    const [child] = active;
    if (active.length > 1) faults.push(crowded(node, active));
    // A region that nothing leads into has been told already.
    if (!child) return {};
    const inner = this.#valueAt(child, targets, faults);
    return inner === undefined ? nameOf(child) : { [nameOf(child)]: inner };
  }

  #enter(region: ChartNode, targets: Set<string>): void {
    for (const leaf of this.#begin) if (isWithin(leaf, region)) targets.add(leaf);
  }
}

const isWithin = (leaf: string, node: ChartNode) => leaf === node.path || leaf.startsWith(`${node.path}.`);

const holds = (node: ChartNode, targets: ReadonlySet<string>): boolean =>
  [...targets].some((leaf) => isWithin(leaf, node));

const only = <T>(names: ReadonlySet<string>, values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));

/** As XState says it: at its final state, or with every region at its own. */
function isDone(node: ChartNode, targets: ReadonlySet<string>): boolean {
  if (node.kind === 'parallel') return node.children.every((region) => isDone(region, targets));
  return node.children.some((child) => child.kind === 'final' && targets.has(child.path));
}

/** The leaf that people see as the state of the process. */
function visible({ definition }: Chart, states: readonly string[]): string {
  return states.find((path) => path.startsWith(`${definition.stage}.`)) ?? states[0]!;
}

const unled = ({ path }: ChartNode): Text => ({
  de: `Nichts führt in den Bereich ${path}; „begin“ muss sagen, wo er beginnt.`,
  en: `Nothing leads into the region ${path}; “begin” must say where it begins.`,
});
const crowded = ({ path }: ChartNode, active: readonly ChartNode[]): Text => {
  const names = active.map((child) => child.path).join(', ');
  return {
    de: `Zugleich in mehreren Zuständen von ${path || 'allem'}: ${names}.`,
    en: `In several states of ${path || 'the whole'} at once: ${names}.`,
  };
};
const stray = (leaf: string): Text => ({
  de: `Der Zustand ${leaf} gehört hier zu nichts.`,
  en: `The state ${leaf} belongs to nothing here.`,
});

function faultsOfPlan(migration: Migration): Fault[] {
  const { from, to, plan } = migration;
  const faults: Fault[] = [];
  const say = (path: string, de: string, en: string) => faults.push({ path, message: { de, en } });
  if (plan.from === plan.to) say('to', 'Das ist derselbe Ablauf.', 'This is the same definition.');
  for (const path of Object.keys(plan.states))
    if (!from.chart.nodes.has(path))
      say(
        `states.${path}`,
        'Diesen Zustand hat der alte Ablauf nicht.',
        'The old definition has no such state.',
      );
  for (const leaf of leaves(from.chart.root)) {
    const missing = migration.images(leaf.path).filter((image) => !isLeaf(to.chart.nodes.get(image)));
    for (const image of missing) {
      const inner = to.chart.nodes.has(image);
      say(
        `states.${leaf.path}`,
        inner
          ? `${image} hat innere Zustände; bitte einen davon nennen.`
          : `${image} gibt es im neuen Ablauf nicht; bitte entscheiden.`,
        inner
          ? `${image} has inner states; please name one of them.`
          : `The new definition has no ${image}; please decide.`,
      );
    }
  }
  for (const leaf of plan.begin)
    if (!isLeaf(to.chart.nodes.get(leaf)))
      say(
        'begin',
        `${leaf} ist kein innerster Zustand des neuen Ablaufs.`,
        `${leaf} is no innermost state of the new definition.`,
      );
  return [...faults, ...faultsOfDeadlines(migration)];
}

function faultsOfDeadlines({ from, to, plan }: Migration): Fault[] {
  const [old, anew] = [from.chart.definition.deadlines, to.chart.definition.deadlines];
  return Object.entries(plan.deadlines).flatMap(([name, choice]) => {
    const at = (de: string, en: string) => [{ path: `deadlines.${name}`, message: { de, en } }];
    if (!Object.hasOwn(old, name) && !Object.hasOwn(anew, name))
      return at('Diese Frist gibt es nicht.', 'There is no such deadline.');
    if (choice !== 'DROP' && !Object.hasOwn(anew, name))
      return at('Der neue Ablauf hat diese Frist nicht.', 'The new definition does not have this deadline.');
    return [];
  });
}
