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

/** A state as it is `written`, numbered; all states below it have the numbers after `at` and before `end`. */
interface CompactNode {
  readonly at: number;
  readonly written: ChartNode;
  readonly parent: CompactNode | undefined;
  readonly children: CompactNode[];
  readonly edges: Map<string, CompactEdge[]>;
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
  readonly #nodes: CompactNode[] = [];
  readonly #root: CompactNode;

  constructor(chart: Chart) {
    this.#root = this.#grow(chart.root, undefined);
    const nodeOf = new Map(this.#nodes.map((node) => [node.written, node]));
    for (const edge of chart.edges) {
      const from = nodeOf.get(edge.from)!;
      const to = edge.target && nodeOf.get(edge.target);
      const compact = { edge, from, to, domain: domainOf(from, to ?? from) };
      const edges = from.edges.get(edge.event);
      if (edges) edges.push(compact);
      else from.edges.set(edge.event, [compact]);
      for (let node: CompactNode | undefined = from; node; node = node.parent) node.answers.add(edge.event);
    }
  }

  start(): CompactStep {
    const entered: CompactNode[] = [...beginning(this.#root)];
    return this.#quiet({ leaves: moved([], [], entered), isDone: false, taken: [] }, signalsOf(entered));
  }

  /** The step with this edge and what else `isOpen`; undefined when another transition is taken in its place. */
  take(leaves: Leaves, edge: Edge, isOpen: IsOpen): CompactStep | undefined {
    const edges = this.#select(this.#root, leaves, edge.event, (one) => one === edge || isOpen(one));
    return edges.some((one) => one.edge === edge)
      ? this.#follow({ leaves, isDone: false, taken: [] }, edges)
      : undefined;
  }

  /** What signals from outside cause, among the states that may move; undefined when none of them answers. */
  signal(
    leaves: Leaves,
    signals: readonly string[],
    may: (node: ChartNode) => boolean,
  ): CompactStep | undefined {
    const isOpen: IsOpen = ({ from }) => may(from);
    const answered = this.#quiet({ leaves, isDone: false, taken: [] }, [...signals], isOpen);
    return answered.taken.length > 0 ? answered : undefined;
  }

  /** The active states, inner before outer. */
  active(leaves: Leaves): ChartNode[] {
    const active = new Set<CompactNode>();
    for (const leaf of leaves)
      for (let node: CompactNode | undefined = this.#nodes[leaf]; node; node = node.parent) active.add(node);
    return [...active].sort((a, b) => b.at - a.at).map(({ written }) => written);
  }

  /** The leaves inside one state: how it stands by itself. */
  inside(node: ChartNode, leaves: Leaves): Leaves {
    const own = this.#nodes.find((one) => one.written === node)!;
    return leaves.filter((leaf) => leaf >= own.at && leaf < own.end);
  }

  leavesOf(states: readonly string[]): Leaves {
    const at = (path: string) => this.#nodes.findIndex(({ written }) => written.path === path);
    return states.map(at).sort((a, b) => a - b);
  }

  states(leaves: Leaves): string[] {
    return leaves.map((leaf) => this.nodeAt(leaf).path);
  }

  nodeAt(leaf: number): ChartNode {
    return this.#nodes[leaf]!.written;
  }

  /** The configuration as machine.rules.ts stores it. */
  value(leaves: Leaves): StateValue {
    return valueOf(this.#root, leaves) as StateValue;
  }

  #grow(written: ChartNode, parent: CompactNode | undefined): CompactNode {
    const node: CompactNode = {
      at: this.#nodes.length,
      written,
      parent,
      children: [],
      edges: new Map(),
      answers: new Set(),
      end: 0,
    };
    this.#nodes.push(node);
    for (const child of written.children) node.children.push(this.#grow(child, node));
    node.end = this.#nodes.length;
    return node;
  }

  /** The innermost open transition answers; regions answer separately. */
  #select(node: CompactNode, leaves: Leaves, event: string, isOpen: IsOpen): CompactEdge[] {
    const inner: CompactEdge[] = [];
    for (const child of node.children)
      if (child.answers.has(event) && holds(child, leaves))
        inner.push(...this.#select(child, leaves, event, isOpen));
    if (inner.length > 0) return inner;
    const own = node.edges.get(event)?.find(({ edge }) => isOpen(edge));
    return own ? [own] : [];
  }

  #follow(now: CompactStep, edges: readonly CompactEdge[]): CompactStep {
    const { step, entered } = this.#micro(now, edges);
    return this.#quiet(step, signalsOf(entered));
  }

  /** Signals are followed, in order, with those they cause, until nothing is left or the end is reached. */
  #quiet(now: CompactStep, signals: string[], isOpen: IsOpen = always): CompactStep {
    let step = now;
    for (let n = 1; signals.length > 0 && !step.isDone; n += 1) {
      if (n > mostSignals) throw new Error(`more than ${mostSignals} signals follow each other`);
      const edges = this.#select(this.#root, step.leaves, signals.shift()!, isOpen);
      const next = this.#micro(step, edges);
      signals.push(...signalsOf(next.entered));
      step = next.step;
    }
    return step;
  }

  #micro(
    { leaves, taken }: CompactStep,
    selected: readonly CompactEdge[],
  ): { step: CompactStep; entered: readonly CompactNode[] } {
    const edges = withoutConflicts(selected, leaves);
    const entered = enteredBy(edges);
    const step = {
      leaves: moved(leaves, edges, entered),
      isDone: entered.some(({ written, parent }) => written.kind === 'final' && parent === this.#root),
      taken: [...taken, ...edges.map(({ edge }) => edge)],
    };
    return { step, entered };
  }
}

const signalsOf = (entered: readonly CompactNode[]): string[] =>
  entered.flatMap(({ written }) => written.state.raise ?? []);
const isBelow = (leaf: number, { at, end }: CompactNode): boolean => leaf > at && leaf < end;
const holds = (node: CompactNode, leaves: Leaves): boolean =>
  leaves.some((leaf) => leaf >= node.at && leaf < node.end);
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
function withoutConflicts(edges: readonly CompactEdge[], leaves: Leaves): readonly CompactEdge[] {
  if (edges.length < 2) return edges;
  const kept = new Set<CompactEdge>();
  for (const edge of edges) {
    const others = [...kept].filter((other) =>
      leaves.some((leaf) => isLeft(leaf, edge) && isLeft(leaf, other)),
    );
    if (others.some((other) => !isBelow(edge.from.at, other.from))) continue;
    for (const other of others) kept.delete(other);
    kept.add(edge);
  }
  return [...kept];
}

/** All states these transitions enter, in document order. */
function enteredBy(edges: readonly CompactEdge[]): CompactNode[] {
  const entered = new Set<CompactNode>();
  for (const { to, domain } of edges) {
    if (!to) continue;
    for (const node of beginning(to)) entered.add(node);
    for (let node = to; node.parent && node !== domain; node = node.parent) {
      if (node.parent !== domain) entered.add(node.parent);
      if (node.parent.written.kind === 'parallel')
        for (const region of node.parent.children)
          if (region !== node) for (const inner of beginning(region)) entered.add(inner);
    }
  }
  return [...entered].sort((a, b) => a.at - b.at);
}

/** A state with all that it begins with. */
function* beginning(node: CompactNode): Generator<CompactNode> {
  yield node;
  const { kind, state } = node.written;
  for (const child of node.children)
    if (kind === 'parallel' || nameOf(child.written) === state.initial) yield* beginning(child);
}

function moved(leaves: Leaves, edges: readonly CompactEdge[], entered: readonly CompactNode[]): Leaves {
  if (entered.length === 0) return leaves;
  const stays = leaves.filter((leaf) => !edges.some((edge) => isLeft(leaf, edge)));
  const begun = entered.filter(({ children }) => children.length === 0).map(({ at }) => at);
  return [...stays, ...begun].sort((a, b) => a - b);
}

function valueOf(node: CompactNode, leaves: Leaves): unknown {
  const active = node.children.filter((child) => holds(child, leaves));
  const [only] = active;
  if (node.written.kind === 'compound' && only?.children.length === 0) return nameOf(only.written);
  return Object.fromEntries(active.map((child) => [nameOf(child.written), valueOf(child, leaves)]));
}
