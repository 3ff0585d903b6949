import type { Text } from '../../platform/bare.ts';
import type { Definition, Guard, StateNode, Transition } from './definition.rules.ts';

/** A state with its place in the tree. The root's path is empty. */
export interface ChartNode {
  readonly path: string;
  readonly parent: ChartNode | undefined;
  readonly children: readonly ChartNode[];
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final';
  readonly state: StateNode;
  /** JSON path, for messages. */
  readonly place: string;
}

/** One transition as written: `from`, on `event`, to `target`. Without a target nothing is left or entered. */
export interface Edge {
  readonly id: number;
  readonly from: ChartNode;
  readonly event: string;
  readonly transition: Transition;
  readonly target: ChartNode | undefined;
  readonly place: string;
}

/** A definition made walkable: its states by path, its transitions by state and event. Pure, immutable, shared. */
export class Chart {
  readonly definition: Definition;
  readonly root: ChartNode;
  readonly nodes: ReadonlyMap<string, ChartNode>;
  readonly edges: readonly Edge[];
  readonly labelsOfTasks: ReadonlyMap<string, Text>;
  /** By the name of a task: the tags of the state that asks for it, those of the states around it among them. */
  readonly tagsOfTasks: ReadonlyMap<string, readonly string[]>;
  /** The names of the steps that the engine itself carries out (`does`). */
  readonly builtInSteps: readonly string[];
  /** The facts that tell the days of deadlines. */
  readonly factsOfDays: readonly string[];
  readonly #byState = new Map<string, Edge[]>();
  readonly #active = new Map<string, readonly ChartNode[]>();

  constructor(definition: Definition) {
    this.definition = definition;
    const { initial, states } = definition;
    this.root = grow('', undefined, { initial, states }, '$');
    const nodes = new Map<string, ChartNode>();
    for (const node of below(this.root)) nodes.set(node.path, node);
    this.nodes = nodes;
    this.edges = this.#readEdges();
    this.tagsOfTasks = new Map(
      [...nodes.values()].flatMap(({ path, state }) =>
        (state.tasks ?? []).map(({ name }) => [name, this.tags([path])] as const),
      ),
    );
    this.builtInSteps = Object.entries(definition.steps ?? {}).flatMap(([name, { does }]) =>
      does ? name : [],
    );
    const tasks = [...nodes.values()].flatMap(({ state }) => state.tasks ?? []);
    this.labelsOfTasks = new Map(tasks.map(({ name, label }) => [name, label]));
    this.factsOfDays = Object.values(definition.deadlines).flatMap(({ day }) => day ?? []);
    for (const edge of this.edges) {
      const edges = this.#byState.get(edge.from.path);
      if (edges) edges.push(edge);
      else this.#byState.set(edge.from.path, [edge]);
    }
  }

  edgesOf(node: ChartNode): readonly Edge[] {
    return this.#byState.get(node.path) ?? [];
  }

  /** The active leaves and all states around them, innermost first, each once. */
  active(states: readonly string[]): readonly ChartNode[] {
    const key = states.join();
    let active = this.#active.get(key);
    if (!active) {
      const seen = new Set<ChartNode>();
      for (const path of states)
        for (let node = this.nodes.get(path); node; node = node.parent) seen.add(node);
      active = [...seen].sort((a, b) => depth(b) - depth(a));
      this.#active.set(key, active);
    }
    return active;
  }

  /** The transitions that `event` could take from these states, in the order in which they are tried. */
  candidates(states: readonly string[], event: string): Edge[] {
    return this.active(states).flatMap((node) => this.edgesOf(node).filter((edge) => edge.event === event));
  }

  /** The steps that some active state handles, whether or not their guards hold. */
  steps(states: readonly string[]): string[] {
    const events = this.active(states).flatMap((node) => this.edgesOf(node).map(({ event }) => event));
    return [...new Set(events)].filter((event) => !event.startsWith('$'));
  }

  /** The steps that could answer an open task: those of the regions in which something waits to be done. */
  stepsOfTasks(states: readonly string[]): Set<string> {
    const active = this.active(states);
    const busy = new Set(active.filter(({ state }) => state.tasks).map(regionOf));
    return new Set(
      active
        .filter((node) => busy.has(regionOf(node)))
        .flatMap((node) => this.edgesOf(node).map(({ event }) => event)),
    );
  }

  tags(states: readonly string[]): string[] {
    return [...new Set(this.active(states).flatMap(({ state }) => state.tags ?? []))].sort();
  }

  /** Path of the active leaf inside the stage region; outside of it, the leaf's own path. */
  stage(states: readonly string[]): string {
    const region = `${this.definition.stage}.`;
    const inside = states.find((path) => path.startsWith(region));
    return inside ? inside.slice(region.length) : states[0]!;
  }

  /** The node of a stage, for its label. */
  nodeOfStage(stage: string): ChartNode | undefined {
    return this.nodes.get(`${this.definition.stage}.${stage}`) ?? this.nodes.get(stage);
  }

  #readEdges(): Edge[] {
    const edges: Edge[] = [];
    for (const from of this.nodes.values()) {
      for (const [event, transitions] of Object.entries(from.state.on ?? {})) {
        transitions.forEach((transition, i) => {
          const target = transition.target === undefined ? undefined : lookUp(from, transition.target);
          const place = `${from.place}.on.${event}[${i}]`;
          edges.push({ id: edges.length, from, event, transition, target, place });
        });
      }
    }
    return edges;
  }
}

/** The region a state lies in: the child of the innermost parallel state around it, or the whole chart. */
function regionOf(node: ChartNode): ChartNode {
  const { parent } = node;
  return !parent || parent.kind === 'parallel' ? node : regionOf(parent);
}

const depth = (node: ChartNode): number => (node.path === '' ? 0 : node.path.split('.').length);

export function* below(node: ChartNode): Generator<ChartNode> {
  yield node;
  for (const child of node.children) yield* below(child);
}

// Regions stand in the order in which PostgreSQL keeps the keys of an object, and so the active states, too: a definition
// means the same from a file and from the database.
function grow(path: string, parent: ChartNode | undefined, state: StateNode, place: string): ChartNode {
  const children: ChartNode[] = [];
  const inner = Object.entries(state.states ?? {});
  const kind = state.type ?? (inner.length > 0 ? 'compound' : 'atomic');
  if (kind === 'parallel') inner.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  const node: ChartNode = { path, parent, children, kind, state, place };
  for (const [name, child] of inner)
    children.push(grow(path ? `${path}.${name}` : name, node, child, `${place}.states.${name}`));
  return node;
}

/** A target is looked up among the own inner states, then among the siblings, then among the parent's, and so on. */
function lookUp(from: ChartNode, target: string): ChartNode | undefined {
  for (let scope: ChartNode | undefined = from; scope; scope = scope.parent) {
    const found = target
      .split('.')
      .reduce<ChartNode | undefined>(
        (node, name) => node?.children.find((child) => nameOf(child) === name),
        scope,
      );
    if (found) return found;
  }
  return undefined;
}

export const nameOf = (node: ChartNode): string => node.path.slice(node.path.lastIndexOf('.') + 1);

/** All leaves of a guard, in reading order. */
export function leavesOf(
  guard: Guard | undefined,
): Exclude<Guard, { all: Guard[] } | { any: Guard[] } | { not: Guard }>[] {
  if (!guard) return [];
  if ('all' in guard) return guard.all.flatMap(leavesOf);
  if ('any' in guard) return guard.any.flatMap(leavesOf);
  return 'not' in guard ? leavesOf(guard.not) : [guard];
}

const placeholder = /\{([^{}]+)\}/g;

/** The facts a sentence shows. */
export const factsShown = (sentence: string): string[] =>
  [...sentence.matchAll(placeholder)].map((match) => match[1]!);

/** Puts the facts' values into a sentence. */
export const filled = (sentence: string, show: (fact: string) => string): string =>
  sentence.replace(placeholder, (_all, fact: string) => show(fact));
