import { leavesOf, type Chart, type ChartNode, type Edge } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Guard } from '../definition/definition.rules.ts';
import { holdsAsFarAs } from '../definition/guard.rules.ts';
import type { Position } from './machine.rules.ts';
import { IN, isIn } from '../definition/own-facts.rules.ts';
import type { Leaves, CompactStep, CompactChart } from './compact-chart.rules.ts';

/** A configuration that some sequence of steps reaches; the first sequence found is a shortest. */
export interface Arrival {
  readonly no: number;
  readonly leaves: Leaves;
  readonly isDone: boolean;
  readonly from: Arrival | undefined;
  readonly by: string;
}

/** One way on from a configuration: the step, its written transition (a built-in step has none), where it leads. */
interface WalkMove {
  readonly step: string;
  readonly edge: Edge | undefined;
  readonly to: Arrival;
}

/** All configurations that can be reached, as a graph: what there is to know of a chart follows from it. */
export interface Walk {
  readonly compact: CompactChart;
  readonly arrivals: readonly Arrival[];
  /** By the arrival's number. */
  readonly moves: readonly (readonly WalkMove[])[];
  readonly taken: ReadonlySet<Edge>;
  /** Steps after which signals follow each other for ever. */
  readonly restless: readonly { readonly place: string; readonly step: string; readonly from: Arrival }[];
  readonly isWhole: boolean;
}

export const mostArrivals = 20_000;

/** Where to begin, and which states' transitions are followed. */
export interface Bounds {
  readonly begin?: readonly Arrival[];
  readonly moves?: (node: ChartNode) => boolean;
}

/**
 * Walks all configurations. Guards are symbolic: each may hold or not, but for what they ask about states (`in.…`),
 * which is known. Deadlines are edges: what only they trigger is tried only while one of them runs.
 */
export function walk(
  chart: Chart,
  compact: CompactChart,
  { begin, moves: may = () => true }: Bounds = {},
): Walk {
  const found = new WalkFindings(begin ?? [{ ...compact.start(), no: 0, from: undefined, by: '' }]);
  const moves: WalkMove[][] = [];
  const taken = new Set<Edge>();
  const restless: { place: string; step: string; from: Arrival }[] = [];
  const triggers = triggersOf(chart);
  const builtIn = builtInStepsWithSignals(chart);

  for (const here of found.arrivals) {
    const next: WalkMove[] = (moves[here.no] = []);
    if (here.isDone || found.arrivals.length > mostArrivals) continue;
    const go = (step: string, place: string, edge: Edge | undefined, take: () => CompactStep | undefined) => {
      const gone = tried(take);
      if (gone === 'restless') restless.push({ place, step, from: here });
      else if (gone) {
        for (const one of gone.taken) taken.add(one);
        next.push({ step, edge, to: found.arrive(gone, here, step) });
      }
    };
    const isOpen = openAt(compact.states(here.leaves));
    for (const edge of stepsFrom(chart, compact.active(here.leaves), triggers))
      if (may(edge.from) && isOpen(edge) !== false)
        go(edge.event, edge.place, edge, () =>
          compact.take(here.leaves, edge, (one) => isOpen(one) === true),
        );
    for (const [step, signals] of builtIn)
      go(step, `$.steps.${step}`, undefined, () => compact.signal(here.leaves, signals, may));
  }
  return {
    compact,
    arrivals: found.arrivals,
    moves,
    taken,
    restless,
    isWhole: found.arrivals.length <= mostArrivals,
  };
}

/** What was arrived at, by its leaves. */
class WalkFindings {
  readonly arrivals: Arrival[] = [];
  readonly #known = new Map<string, Arrival>();

  constructor(begin: readonly Arrival[]) {
    for (const { leaves, isDone, from, by } of begin) this.#add({ leaves, isDone }, from, by);
  }

  arrive(step: Pick<CompactStep, 'leaves' | 'isDone'>, from: Arrival, by: string): Arrival {
    return this.#known.get(step.leaves.join()) ?? this.#add(step, from, by);
  }

  #add(
    { leaves, isDone }: Pick<CompactStep, 'leaves' | 'isDone'>,
    from: Arrival | undefined,
    by: string,
  ): Arrival {
    const arrival = { no: this.arrivals.length, leaves, isDone, from, by };
    this.arrivals.push(arrival);
    this.#known.set(leaves.join(), arrival);
    return arrival;
  }
}

/** The built-in steps, which the engine takes in any state (ADR 0040), with the signals that they raise. */
export const builtInStepsWithSignals = ({ definition }: Chart): [string, readonly string[]][] =>
  Object.entries(definition.steps).flatMap(([name, { does, raise }]) =>
    does && raise ? [[name, raise]] : [],
  );

/** The steps that led to an arrival. */
export function wayTo(arrival: Arrival): string[] {
  const way: string[] = [];
  for (let at = arrival; at.from; at = at.from) way.push(at.by);
  return way.reverse();
}

/** Where a walk gets to from `starts` without ever taking `left`, each with the steps that led there. */
export function waysWithout(
  { moves }: Pick<Walk, 'moves'>,
  left: string,
  starts: Iterable<readonly [Arrival, readonly string[]]>,
): Map<Arrival, readonly string[]> {
  const ways = new Map(starts);
  for (const [here, way] of ways)
    for (const { step, to } of moves[here.no]!)
      if (step !== left && !ways.has(to)) ways.set(to, [...way, step]);
  return ways;
}

/** The steps that can be taken on these ways, each with the way to where it can. */
export function stepsOn(
  { moves }: Pick<Walk, 'moves'>,
  left: string,
  ways: ReadonlyMap<Arrival, readonly string[]>,
): Map<string, readonly string[]> {
  const steps = new Map<string, readonly string[]>();
  for (const [here, way] of ways)
    for (const { step } of moves[here.no]!) if (step !== left && !steps.has(step)) steps.set(step, way);
  return steps;
}

export const told = (steps: readonly string[]): string => (steps.length > 0 ? steps.join(' → ') : '–');

/** A fault with the walk that shows it, in words and as data. */
export function shownBy(path: string, arrival: Arrival, de: string, en: string): Fault {
  const steps = wayTo(arrival);
  return { path, message: { de: `${de} (${told(steps)}).`, en: `${en} (${told(steps)}).` }, walk: steps };
}

export const positionOf = (
  { leaves, isDone }: Pick<Arrival, 'leaves' | 'isDone'>,
  compact: CompactChart,
): Position => ({
  v: compact.value(leaves),
  s: isDone ? 'done' : 'active',
});

function tried<T>(step: () => T): T | 'restless' {
  try {
    return step();
  } catch {
    return 'restless';
  }
}

type Triggers = ReadonlyMap<string, ReadonlySet<string>>;

/** The steps that nothing but a running deadline takes, with those deadlines. */
export function triggersOf({ definition }: Chart): Triggers {
  const { steps, deadlines, chains } = definition;
  const bySystem = Object.entries(steps).filter(
    ([, step]) => !step.automatic && step.who.every((who) => who.function === 'SYS'),
  );
  return new Map(
    bySystem.map(([name]) => {
      const takesIt = Object.entries(deadlines).filter(
        ([, { onDue, chain }]) =>
          onDue === name || (chain && chains[chain]?.some((link) => link.step === name)),
      );
      return [name, new Set(takesIt.map(([deadline]) => deadline))];
    }),
  );
}

function* stepsFrom(chart: Chart, active: readonly ChartNode[], triggers: Triggers): Generator<Edge> {
  const running = new Set(active.flatMap(({ state }) => state.deadlines ?? []));
  for (const node of active)
    for (const edge of chart.edgesOf(node)) {
      if (edge.event.startsWith('$')) continue;
      const by = triggers.get(edge.event);
      if (!by || [...by].some((deadline) => running.has(deadline))) yield edge;
    }
}

/** Whether a transition is open for sure, or for sure not, by what its guard asks about states. */
function openAt(leaves: readonly string[]) {
  return ({ transition: { guard } }: Edge): boolean | undefined => {
    if (!guard) return true;
    const asked = placesAsked(guard);
    if (asked.length === 0) return undefined;
    return holdsAsFarAs(new Map(asked.map((fact) => [fact, isIn(leaves, fact.slice(IN.length))])), guard);
  };
}

const places = new WeakMap<Guard, readonly string[]>();

/** The facts `in.…` that a guard asks. */
export function placesAsked(guard: Guard): readonly string[] {
  let asked = places.get(guard);
  if (!asked) {
    const facts = leavesOf(guard).flatMap((leaf) => ('fact' in leaf ? leaf.fact : []));
    places.set(guard, (asked = facts.filter((fact) => fact.startsWith(IN))));
  }
  return asked;
}
