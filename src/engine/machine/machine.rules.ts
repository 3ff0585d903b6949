import { createActor, raise, setup, transition, type AnyStateMachine, type StateValue } from 'xstate';
import { canonical } from '../definition/definition-file.rules.ts';
import type { Chart, ChartNode, Edge } from '../definition/chart.rules.ts';

/**
 * The one file that knows XState (ADR 0020): a chart compiled to a machine, and its pure step. No actor ever runs;
 * guards are answered before the step and only looked up in it; deadlines, tasks and effects come back as data.
 */

/** What is stored of a position: XState's value, and whether it is done. */
export interface Position {
  readonly v: StateValue;
  readonly s: 'active' | 'done';
}

/** One step: the new position with its leaves, what was left and entered (in order), and the transitions taken. */
export interface Moved {
  readonly position: Position;
  readonly states: readonly string[];
  readonly left: readonly string[];
  readonly entered: readonly string[];
  readonly taken: readonly Edge[];
}

interface StepEvent {
  type: string;
  /** Ids of the transitions whose guards hold. */
  open: ReadonlySet<number>;
}
interface Settled {
  value: unknown;
  status: string;
}
interface DoneState {
  type: string;
  params?: { path?: string; edge?: number };
}

/** A cycle of signals would never come to rest: XState's default has no bound. */
const maxIterations = 100;
const MOST_REMEMBERED = 2000;
const keyOf = ({ v, s }: Position) => `${s} ${JSON.stringify(v)}`;
const noEdges: ReadonlySet<number> = new Set();

export class Machine {
  readonly chart: Chart;
  readonly #machine: AnyStateMachine;
  readonly #scope: Parameters<AnyStateMachine['transition']>[2];
  #actions: DoneState[] = [];
  /**
   * A step is a pure function, and thousands of processes stand in a few dozen places: what one did, the next will do.
   */
  readonly #steps = new Map<string, Moved | null>();
  readonly #states = new Map<string, readonly string[]>();

  constructor(chart: Chart) {
    this.chart = chart;
    this.#machine = compile(chart);
    this.#scope = this.#inertScope();
  }

  start(): Moved {
    this.#actions = [];
    const first = this.#machine.getInitialSnapshot(this.#scope);
    if (first.status === 'error') throw new Error(`${this.chart.definition.key}: ${String(first.error)}`);
    return this.#moved(first, this.#actions);
  }

  /**
   * The step, or undefined when no transition for it is open: signals and what they cause count only together with
   * the step that raised them.
   */
  step(position: Position, event: string, open: ReadonlySet<number> = noEdges): Moved | undefined {
    const key = `${event} ${[...open].join(' ')} ${keyOf(position)}`;
    let moved = this.#steps.get(key);
    if (moved === undefined) {
      if (this.#steps.size >= MOST_REMEMBERED) this.#steps.clear();
      this.#steps.set(key, (moved = this.#step(position, event, open) ?? null));
    }
    return moved ?? undefined;
  }

  #step(position: Position, event: string, open: ReadonlySet<number>): Moved | undefined {
    const before = this.#load(position);
    this.#actions = [];
    const after = this.#machine.transition(before, { type: event, open } as StepEvent, this.#scope);
    if (after.status === 'error')
      throw new Error(`${this.chart.definition.key} ${event}: ${String(after.error)}`);
    const moved = this.#moved(after, this.#actions);
    return moved.taken.some((edge) => edge.event === event) ? moved : undefined;
  }

  /** The same step through XState's public function, three times as slow; tests hold the two together. */
  stepAsXStateDoes(position: Position, event: string, open: ReadonlySet<number>): Moved | undefined {
    const [after, actions] = transition(this.#machine, this.#load(position), {
      type: event,
      open,
    } as StepEvent);
    const moved = this.#moved(after as Settled, actions as DoneState[]);
    return moved.taken.some((edge) => edge.event === event) ? moved : undefined;
  }

  /** The active leaves of a stored position; throws when it is none of this machine's. */
  statesOf(position: Position): readonly string[] {
    const key = keyOf(position);
    let states = this.#states.get(key);
    if (!states) {
      if (this.#states.size >= MOST_REMEMBERED) this.#states.clear();
      states = leavesOf(this.#load(position).value as StateValue, this.chart.root);
      this.#states.set(key, states);
    }
    return states;
  }

  // A stored value that lacks a region would be completed silently with that region's initial state.
  #load(position: Position) {
    const snapshot = this.#machine.resolveState({ value: position.v, context: {}, status: position.s });
    if (canonical(snapshot.value) !== canonical(position.v))
      throw new Error(`Stored position is none of ${this.chart.definition.key}: ${canonical(position.v)}`);
    return snapshot;
  }

  #moved(snapshot: Settled, actions: readonly DoneState[]): Moved {
    const value = snapshot.value as StateValue;
    const of = (type: string) =>
      actions.filter((action) => action.type === type).map(({ params }) => params!);
    return {
      position: { v: value, s: snapshot.status === 'done' ? 'done' : 'active' },
      states: leavesOf(value, this.chart.root),
      left: of('leave').map(({ path }) => path!),
      entered: of('enter').map(({ path }) => path!),
      taken: of('take').map(({ edge }) => this.chart.edges[edge!]!),
    };
  }

  /** XState's `transition()` makes an actor for every event, which computes the initial state anew; ours is reused. */
  #inertScope(): Parameters<AnyStateMachine['transition']>[2] {
    const self = createActor(this.#machine);
    const nothing = () => {};
    return {
      self,
      system: self.system,
      id: '',
      sessionId: '',
      logger: nothing,
      defer: nothing,
      stopChild: nothing,
      emit: nothing,
      actionExecutor: (action: DoneState) => this.#actions.push(action),
    } as unknown as Parameters<AnyStateMachine['transition']>[2];
  }
}

function compile(chart: Chart): AnyStateMachine {
  const ids = new Map([...chart.nodes.keys()].map((path, i) => [path, `n${i}`]));
  const idOf = (node: ChartNode) => ids.get(node.path)!;

  const edgeConfig = (edge: Edge) => ({
    guard: edge.transition.guard && { type: 'isOpen', params: { edge: edge.id } },
    ...(edge.target && { target: `#${idOf(edge.target)}`, reenter: edge.target === edge.from }),
    actions: { type: 'take', params: { edge: edge.id } },
  });
  const nodeConfig = (node: ChartNode): object => {
    const { initial, raise: signals = [] } = node.state;
    const params = { path: node.path };
    return {
      id: idOf(node),
      ...(node.kind === 'parallel' || node.kind === 'final' ? { type: node.kind } : {}),
      ...(initial && { initial }),
      states: Object.fromEntries(
        node.children.map((child) => [child.path.split('.').at(-1), nodeConfig(child)]),
      ),
      entry: [{ type: 'enter', params }, ...signals.map((type) => raise({ type }))],
      exit: { type: 'leave', params },
      on: Object.fromEntries(
        Object.keys(node.state.on ?? {}).map((event) => [
          event,
          chart
            .edgesOf(node)
            .filter((edge) => edge.event === event)
            .map(edgeConfig),
        ]),
      ),
    };
  };
  const nothing = () => {};
  return setup({
    guards: { isOpen: ({ event }, { edge }: { edge: number }) => (event as StepEvent).open.has(edge) },
    actions: { take: nothing, enter: nothing, leave: nothing },
  }).createMachine({
    ...nodeConfig(chart.root),
    options: { maxIterations },
  } as never) as unknown as AnyStateMachine;
}

function leavesOf(value: StateValue, node: ChartNode): string[] {
  if (typeof value === 'string') return [node.path ? `${node.path}.${value}` : value];
  return Object.entries(value).flatMap(([name, inner]) => {
    const child = node.children.find(({ path }) => path === (node.path ? `${node.path}.${name}` : name))!;
    const isLeaf = typeof inner === 'object' && Object.keys(inner).length === 0;
    return isLeaf ? [child.path] : leavesOf(inner as StateValue, child);
  });
}
