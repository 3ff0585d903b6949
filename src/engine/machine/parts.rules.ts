import { below, type Chart, type ChartNode } from '../definition/chart.rules.ts';
import { IN } from '../definition/own-facts.rules.ts';
import { builtInStepsWithSignals, placesAsked, triggersOf } from './walk.rules.ts';

/**
 * Which regions must be walked together. Regions that share no step, no signal, no deadline and no question about each
 * other's states move independently: what they reach together is every combination of what each reaches alone. So each
 * is walked alone, and their product (tens of thousands) never is. A region that leaves its parallel state, or is
 * entered from elsewhere at an inner state, is walked with what stands around.
 */
export interface Part {
  /** The parallel state whose regions these are. */
  readonly around: ChartNode;
  readonly regions: ReadonlySet<ChartNode>;
}

/** The groups of regions that can be walked apart from the rest of the chart. */
export function partsOf(chart: Chart): Part[] {
  return [...outermostParallels(chart.root)].flatMap((around) =>
    groupsApart(chart, around).map((regions) => ({ around, regions })),
  );
}

function* outermostParallels(node: ChartNode): Generator<ChartNode> {
  if (node.kind === 'parallel') yield node;
  else for (const child of node.children) yield* outermostParallels(child);
}

/** Where a state stands: in a region of the parallel state, or outside of all. */
type Region = ChartNode | undefined;
type Tie = readonly [Region, Region];

function groupsApart(chart: Chart, around: ChartNode): ReadonlySet<ChartNode>[] {
  const of = new Map<ChartNode, ChartNode>();
  for (const region of around.children) for (const node of below(region)) of.set(node, region);
  const groups = new Map<Region, Set<Region>>(
    [undefined, ...around.children].map((region) => [region, new Set([region])]),
  );
  for (const [one, other] of [...tiesOfEdges(chart, of), ...tiesOfNames(chart, of)]) {
    const joined = new Set([...groups.get(one)!, ...groups.get(other)!]);
    for (const region of joined) groups.set(region, joined);
  }
  const apart = new Set([...groups.values()].filter((group) => !group.has(undefined)));
  return [...apart] as Set<ChartNode>[];
}

/** Leaving a region, entering one at an inner state, and asking where another one stands. */
function* tiesOfEdges(chart: Chart, of: ReadonlyMap<ChartNode, ChartNode>): Generator<Tie> {
  for (const { from, target, transition } of chart.edges) {
    if (target && of.get(from) !== of.get(target)) {
      yield [of.get(from), undefined];
      yield [of.get(target), undefined];
    }
    for (const fact of transition.guard ? placesAsked(transition.guard) : [])
      yield [of.get(from), of.get(chart.nodes.get(fact.slice(IN.length)) ?? chart.root)];
  }
}

/** Two regions are tied when both raise or answer the same signal, take the same step or run the same deadline. */
function* tiesOfNames(chart: Chart, of: ReadonlyMap<ChartNode, ChartNode>): Generator<Tie> {
  const first = new Map<string, Region>();
  for (const [region, name] of namesUsed(chart, of)) {
    if (first.has(name)) yield [first.get(name), region];
    else first.set(name, region);
  }
}

function* namesUsed(
  chart: Chart,
  of: ReadonlyMap<ChartNode, ChartNode>,
): Generator<readonly [Region, string]> {
  const triggers = triggersOf(chart);
  const builtIn = builtInStepsWithSignals(chart);
  for (const { from, event } of chart.edges) {
    yield [of.get(from), event];
    for (const deadline of triggers.get(event) ?? []) yield [of.get(from), deadline];
    for (const [step, signals] of builtIn) if (signals.includes(event)) yield [of.get(from), step];
  }
  for (const node of chart.nodes.values()) {
    for (const signal of node.state.raise ?? []) yield [of.get(node), signal];
    for (const deadline of node.state.deadlines ?? []) yield [of.get(node), deadline];
  }
}
