import { below, type ChartNode } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import { shownBy, type Arrival, type Walk } from './walk.rules.ts';

/** One way in which a region by itself can stand: where it was first reached so, and how it can stand next. */
interface Stand {
  readonly node: ChartNode;
  readonly first: Arrival;
  readonly next: Set<Stand>;
  /** Nothing more is asked of it: it stands at a final state, or a transition of its own leads out of it. */
  ends: boolean;
}

/**
 * What one region does wrong by itself; the moves of the others would hide it. It must not stand where nothing leads
 * on, nor go in circles from which neither an end of its own nor, if it has none, what it comes to first can be reached.
 */
export function faultsOfRegion(region: ChartNode, walk: Walk): Fault[] {
  const stands = standsOf(region, walk);
  const stuck = stands.filter(({ ends, next }) => !ends && isStuck(next, stands));
  const goals = [...goalsOf(stands), ...stuck];
  const lost = stands.filter((stand) => !reaches(stand, goals));
  return [
    ...stuck.map(({ node, first }) =>
      shownBy(
        node.place,
        first,
        'Sackgasse in ihrem Bereich: Nichts verlässt diesen Zustand',
        'Dead end in its region: nothing leaves this state',
      ),
    ),
    ...lost
      .slice(0, 1)
      .map(({ node, first }) =>
        shownBy(
          node.place,
          first,
          'Falle in ihrem Bereich: Von hier führt kein Weg zu Ende oder zurück',
          'Trap in its region: no way leads to its end or back from here',
        ),
      ),
  ];
}

/**
 * The ends; without any, the beginning if the region goes in circles from there; else the first circle that is never
 * left again. Circles that are left are its phases; a second one that is not would strand it.
 */
function goalsOf(stands: readonly Stand[]): readonly Stand[] {
  const ends = stands.filter((stand) => stand.ends);
  if (ends.length > 0) return ends;
  const circling = stands.filter((stand) =>
    [...stand.next].some((next) => next !== stand && reaches(next, [stand])),
  );
  const begin = circling.find((stand) => stand === stands[0]);
  const last = circling.find((stand) => [...reachedFrom(stand)].every((other) => reaches(other, [stand])));
  return begin ? [begin] : last ? [last] : stands;
}

/** Nothing leads on from here. A region of a single state may stay in it, if at least one step is taken there. */
const isStuck = (next: ReadonlySet<Stand>, all: readonly Stand[]): boolean =>
  next.size === 0 || (next.size === 1 && all.length > 1 && [...next].every((stand) => stand.next === next));

function reaches(from: Stand, goals: readonly Stand[]): boolean {
  const reached = reachedFrom(from);
  return goals.some((goal) => reached.has(goal));
}

function reachedFrom(from: Stand): ReadonlySet<Stand> {
  const seen = new Set([from]);
  for (const stand of seen) for (const next of stand.next) seen.add(next);
  return seen;
}

function standsOf(region: ChartNode, { compact, arrivals, moves }: Walk): Stand[] {
  const inside = new Set(below(region));
  const stands = new Map<string, Stand>();
  const standAt = (first: Arrival): Stand | undefined => {
    const leaves = compact.inside(region, first.leaves);
    const [leaf] = leaves;
    if (leaf === undefined) return undefined;
    let stand = stands.get(leaves.join());
    if (!stand) {
      const ends = leaves.every((one) => compact.nodeAt(one).kind === 'final');
      stands.set(leaves.join(), (stand = { node: compact.nodeAt(leaf), first, next: new Set(), ends }));
    }
    return stand;
  };
  for (const here of arrivals) {
    const stand = standAt(here);
    for (const { edge, to } of stand ? moves[here.no]! : []) {
      const next = standAt(to);
      if (next) stand!.next.add(next);
      else if (edge && inside.has(edge.from)) stand!.ends = true;
    }
  }
  return [...stands.values()];
}
