import type { StateValue } from 'xstate';
import { nameOf, type Chart, type ChartNode, type Edge } from '../definition/chart.rules.ts';

/**
 * A chart on small numbers, so that all of it can be walked: states numbered in document order, a configuration as its
 * sorted leaves, a step as plain arithmetic. It takes exactly the steps of machine.rules.ts at a fraction of their
 * cost; a test holds the two together, on what is shipped and on random definitions (ADR 0044).
 */

/** The active leaves by their numbers, ascending. */
export type Leaves = readonly number[];

export interface CompactStep {
  readonly leaves: Leaves;
  readonly isDone: boolean;
  readonly taken: readonly Edge[];
}

/** A state; all below it have the numbers after `at` and before `end`. */
interface CompactNode {
  readonly at: number;
  readonly node: ChartNode;
  readonly parent: CompactNode | undefined;
  readonly children: CompactNode[];
  readonly ways: Map<string, CompactEdge[]>;
  /** The events that it or a state below it answers. */
  readonly answers: Set<string>;
  end: number;
}
interface CompactEdge {
  readonly edge: Edge;
  readonly from: CompactNode;
  readonly to: CompactNode | undefined;
  /** Everything strictly below it is left. */
  readonly domain: CompactNode;
}
type IsOpen = (edge: Edge) => boolean;

/** As in machine.rules.ts: a cycle of signals would never come to rest. */
const mostSignals = 100;
const always: IsOpen = () => true;

export class CompactChart {
  readonly #spots: CompactNode[] = [];
  readonly #root: CompactNode;

  constructor(chart: Chart) {
    this.#root = this.#grow(chart.root, undefined);
    const spotOf = new Map(this.#spots.map((spot) => [spot.node, spot]));
    for (const edge of chart.edges) {
      const from = spotOf.get(edge.from)!;
      const to = edge.target && spotOf.get(edge.target);
      const way = { edge, from, to, domain: domainOf(from, to ?? from) };
      const ways = from.ways.get(edge.event);
      if (ways) ways.push(way);
      else from.ways.set(edge.event, [way]);
      for (let spot: CompactNode | undefined = from; spot; spot = spot.parent) spot.answers.add(edge.event);
    }
  }

  start(): CompactStep {
    const entered: CompactNode[] = [...beginning(this.#root)];
    return this.#quiet({ leaves: moved([], [], entered), isDone: false, taken: [] }, signalsOf(entered));
  }

  /** The step with this edge and what else `isOpen`; undefined when another transition is taken in its place. */
  take(leaves: Leaves, edge: Edge, isOpen: IsOpen): CompactStep | undefined {
    const ways = this.#select(this.#root, leaves, edge.event, (one) => one === edge || isOpen(one));
    return ways.some((way) => way.edge === edge)
      ? this.#follow({ leaves, isDone: false, taken: [] }, ways)
      : undefined;
  }

  /** What signals from outside cause, among the states that may move; undefined when none of them answers. */
  hear(
    leaves: Leaves,
    signals: readonly string[],
    may: (node: ChartNode) => boolean,
  ): CompactStep | undefined {
    const isOpen: IsOpen = ({ from }) => may(from);
    const heard = this.#quiet({ leaves, isDone: false, taken: [] }, [...signals], isOpen);
    return heard.taken.length > 0 ? heard : undefined;
  }

  /** The active states, inner before outer. */
  active(leaves: Leaves): ChartNode[] {
    const active = new Set<CompactNode>();
    for (const leaf of leaves)
      for (let spot: CompactNode | undefined = this.#spots[leaf]; spot; spot = spot.parent) active.add(spot);
    return [...active].sort((a, b) => b.at - a.at).map(({ node }) => node);
  }

  /** The leaves inside one state: how it stands by itself. */
  inside(node: ChartNode, leaves: Leaves): Leaves {
    const spot = this.#spots.find((one) => one.node === node)!;
    return leaves.filter((leaf) => leaf >= spot.at && leaf < spot.end);
  }

  leavesOf(states: readonly string[]): Leaves {
    const at = (path: string) => this.#spots.findIndex(({ node }) => node.path === path);
    return states.map(at).sort((a, b) => a - b);
  }

  states(leaves: Leaves): string[] {
    return leaves.map((leaf) => this.nodeAt(leaf).path);
  }

  nodeAt(leaf: number): ChartNode {
    return this.#spots[leaf]!.node;
  }

  /** The configuration as machine.rules.ts stores it. */
  value(leaves: Leaves): StateValue {
    return valueOf(this.#root, leaves) as StateValue;
  }

  #grow(node: ChartNode, parent: CompactNode | undefined): CompactNode {
    const spot: CompactNode = {
      at: this.#spots.length,
      node,
      parent,
      children: [],
      ways: new Map(),
      answers: new Set(),
      end: 0,
    };
    this.#spots.push(spot);
    for (const child of node.children) spot.children.push(this.#grow(child, spot));
    spot.end = this.#spots.length;
    return spot;
  }

  /** The innermost open transition answers; regions answer separately. */
  #select(spot: CompactNode, leaves: Leaves, event: string, isOpen: IsOpen): CompactEdge[] {
    const inner: CompactEdge[] = [];
    for (const child of spot.children)
      if (child.answers.has(event) && holds(child, leaves))
        inner.push(...this.#select(child, leaves, event, isOpen));
    if (inner.length > 0) return inner;
    const own = spot.ways.get(event)?.find(({ edge }) => isOpen(edge));
    return own ? [own] : [];
  }

  #follow(now: CompactStep, ways: readonly CompactEdge[]): CompactStep {
    const { stride, entered } = this.#micro(now, ways);
    return this.#quiet(stride, signalsOf(entered));
  }

  /** Signals are followed, in order, with those they cause, until nothing is left or the end is reached. */
  #quiet(now: CompactStep, signals: string[], isOpen: IsOpen = always): CompactStep {
    let stride = now;
    for (let n = 1; signals.length > 0 && !stride.isDone; n += 1) {
      if (n > mostSignals) throw new Error(`more than ${mostSignals} signals follow each other`);
      const ways = this.#select(this.#root, stride.leaves, signals.shift()!, isOpen);
      const next = this.#micro(stride, ways);
      signals.push(...signalsOf(next.entered));
      stride = next.stride;
    }
    return stride;
  }

  #micro(
    { leaves, taken }: CompactStep,
    selected: readonly CompactEdge[],
  ): { stride: CompactStep; entered: readonly CompactNode[] } {
    const ways = withoutConflicts(selected, leaves);
    const entered = enteredBy(ways);
    const stride = {
      leaves: moved(leaves, ways, entered),
      isDone: entered.some(({ node, parent }) => node.kind === 'final' && parent === this.#root),
      taken: [...taken, ...ways.map(({ edge }) => edge)],
    };
    return { stride, entered };
  }
}

const signalsOf = (entered: readonly CompactNode[]): string[] =>
  entered.flatMap(({ node }) => node.state.raise ?? []);
const isBelow = (leaf: number, { at, end }: CompactNode): boolean => leaf > at && leaf < end;
const holds = (spot: CompactNode, leaves: Leaves): boolean =>
  leaves.some((leaf) => leaf >= spot.at && leaf < spot.end);
const isLeft = (leaf: number, { to, domain }: CompactEdge): boolean =>
  to !== undefined && isBelow(leaf, domain);

/** What a transition leaves: inside the own state when it stays inside, else up to the nearest state around both. */
function domainOf(from: CompactNode, to: CompactNode): CompactNode {
  if (isBelow(to.at, from)) return from;
  let around = from.parent;
  while (around?.parent && !isBelow(to.at, around)) around = around.parent;
  return around ?? from;
}

/** Two transitions that leave the same state: the inner one is taken, or else the earlier one. */
function withoutConflicts(ways: readonly CompactEdge[], leaves: Leaves): readonly CompactEdge[] {
  if (ways.length < 2) return ways;
  const kept = new Set<CompactEdge>();
  for (const way of ways) {
    const others = [...kept].filter((other) =>
      leaves.some((leaf) => isLeft(leaf, way) && isLeft(leaf, other)),
    );
    if (others.some((other) => !isBelow(way.from.at, other.from))) continue;
    for (const other of others) kept.delete(other);
    kept.add(way);
  }
  return [...kept];
}

/** All states these transitions enter, in document order. */
function enteredBy(ways: readonly CompactEdge[]): CompactNode[] {
  const entered = new Set<CompactNode>();
  for (const { to, domain } of ways) {
    if (!to) continue;
    for (const spot of beginning(to)) entered.add(spot);
    for (let spot = to; spot.parent && spot !== domain; spot = spot.parent) {
      if (spot.parent !== domain) entered.add(spot.parent);
      if (spot.parent.node.kind === 'parallel')
        for (const region of spot.parent.children)
          if (region !== spot) for (const inner of beginning(region)) entered.add(inner);
    }
  }
  return [...entered].sort((a, b) => a.at - b.at);
}

/** A state with all that it begins with. */
function* beginning(spot: CompactNode): Generator<CompactNode> {
  yield spot;
  const { kind, state } = spot.node;
  for (const child of spot.children)
    if (kind === 'parallel' || nameOf(child.node) === state.initial) yield* beginning(child);
}

function moved(leaves: Leaves, ways: readonly CompactEdge[], entered: readonly CompactNode[]): Leaves {
  if (entered.length === 0) return leaves;
  const stays = leaves.filter((leaf) => !ways.some((way) => isLeft(leaf, way)));
  const begun = entered.filter(({ children }) => children.length === 0).map(({ at }) => at);
  return [...stays, ...begun].sort((a, b) => a - b);
}

function valueOf(spot: CompactNode, leaves: Leaves): unknown {
  const active = spot.children.filter((child) => holds(child, leaves));
  const [only] = active;
  if (spot.node.kind === 'compound' && only?.children.length === 0) return nameOf(only.node);
  return Object.fromEntries(active.map((child) => [nameOf(child.node), valueOf(child, leaves)]));
}
