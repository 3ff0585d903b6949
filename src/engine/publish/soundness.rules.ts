import type { Chart, ChartNode } from '../definition/chart.rules.ts';
import { automaticLoops } from './automatic-loops.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import { partsOf } from '../machine/parts.rules.ts';
import { faultsOfRegion } from '../machine/region-walk.rules.ts';
import { CompactChart } from '../machine/compact-chart.rules.ts';
import {
  mostArrivals,
  shownBy,
  told,
  walk,
  wayTo,
  type Arrival,
  type Walk,
  stepsOn,
  waysWithout,
} from '../machine/walk.rules.ts';

/** What only walking shows, each with the steps that lead to it; call it when the names are right. */
export function faultsOfWalk({ chart }: { readonly chart: Chart }): Fault[] {
  const compact = new CompactChart(chart);
  try {
    compact.start();
  } catch {
    return [restless('$.initial', [])];
  }
  const walks = walksOf(chart, compact);
  const faults = walks.flatMap((one) => [...tooMany(one), ...faultsOfSignals(one)]);
  if (walks.some(({ isWhole }) => !isWhole)) return faults;
  return [
    ...faults,
    ...deadEnds(walks),
    ...traps(walks[0]),
    ...neverReached(chart, walks),
    ...[...chart.nodes.values()]
      .filter(({ parent }) => parent?.kind === 'parallel')
      .flatMap((region) => faultsOfRegion(region, walkOf(region, walks))),
    ...walks.flatMap((one) => automaticLoops(chart, one)),
    ...bypasses(chart, walks),
  ];
}

/** A walk, and the regions that moved in it; none are named for the part that holds all the rest. */
interface PartWalk extends Walk {
  readonly around?: ChartNode;
  readonly regions?: ReadonlySet<ChartNode>;
}

/** The part around everything first, then each group of regions that stands by itself, from where it is entered. */
function walksOf(chart: Chart, compact: CompactChart): [PartWalk, ...PartWalk[]] {
  const parts = partsOf(chart);
  const apart = parts.flatMap(({ regions }) => [...regions]);
  const main = walk(chart, compact, { moves: (node) => !apart.some((region) => isIn(node, region)) });
  const others = parts.flatMap(({ around, regions }) => {
    const begin = main.arrivals.find(({ leaves }) => compact.inside(around, leaves).length > 0);
    if (!begin) return [];
    const moves = (node: ChartNode) => [...regions].some((region) => isIn(node, region));
    return [{ ...walk(chart, compact, { begin: [begin], moves }), around, regions }];
  });
  return [main, ...others];
}

function isIn(node: ChartNode, around: ChartNode): boolean {
  for (let at: ChartNode | undefined = node; at; at = at.parent) if (at === around) return true;
  return false;
}

const walkOf = (region: ChartNode, walks: readonly PartWalk[]): Walk =>
  walks.find(({ regions }) => regions && [...regions].some((one) => isIn(region, one))) ?? walks[0]!;

function tooMany({ isWhole }: Walk): Fault[] {
  if (isWhole) return [];
  const message = {
    de: `Mehr als ${mostArrivals} erreichbare Zustandskombinationen.`,
    en: `More than ${mostArrivals} reachable configurations.`,
  };
  return [{ path: '$.states', message }];
}

const restless = (path: string, walk: readonly string[]): Fault => ({
  path,
  message: {
    de: `Kommt nicht zur Ruhe: Signale folgen einander ohne Ende (${told(walk)}).`,
    en: `Does not come to rest: signals follow each other for ever (${told(walk)}).`,
  },
  walk,
});

const faultsOfSignals = (walked: Walk): Fault[] =>
  walked.restless.map(({ place, step, from }) => restless(place, [...wayTo(from), step]));

const placeOf = ({ compact }: Walk, { leaves }: Arrival) => compact.nodeAt(leaves[0]!).place;

/**
 * No end, and nothing leads on: neither here nor in any region that is walked apart, once each of them has come to
 * rest. That a region rests where it should not is said at the region.
 */
function deadEnds([main, ...others]: readonly [PartWalk, ...PartWalk[]]): Fault[] {
  return restsOf(main)
    .flatMap((here) => {
      const active = new Set(main.compact.active(here.leaves));
      const rests = others
        .filter(({ around }) => active.has(around!))
        .map((other) => ({ begin: other.arrivals[0]!, rest: restsOf(other)[0] }));
      if (rests.some(({ rest }) => !rest)) return [];
      const more = rests.flatMap(({ begin, rest }) => wayTo(rest!).slice(wayTo(begin).length));
      return [deadEnd(placeOf(main, here), [...wayTo(here), ...more])];
    })
    .slice(0, 10);
}

/** Where a walk stands without an end and without a way on. */
const restsOf = ({ arrivals, moves }: Walk): Arrival[] =>
  arrivals.filter((here) => !here.isDone && moves[here.no]!.every(({ to }) => to === here));

const deadEnd = (path: string, walk: readonly string[]): Fault => ({
  path,
  message: {
    de: `Sackgasse: Von hier führt nichts weiter (${told(walk)}).`,
    en: `Dead end: nothing leads on from here (${told(walk)}).`,
  },
  walk,
});

/** Configurations that can move for ever but never end; without any end the definition means to run for ever. */
function traps(main: Walk): Fault[] {
  const ends = main.arrivals.filter(({ isDone }) => isDone);
  if (ends.length === 0) return [];
  const canEnd = leadingTo(main, ends);
  return main.arrivals
    .filter((here) => !canEnd.has(here) && main.moves[here.no]!.some(({ to }) => to !== here))
    .slice(0, 10)
    .map((here) =>
      shownBy(
        placeOf(main, here),
        here,
        'Falle: Von hier ist kein Ende erreichbar',
        'Trap: no end can be reached from here',
      ),
    );
}

function leadingTo({ arrivals, moves }: Walk, goals: readonly Arrival[]): Set<Arrival> {
  const before = new Map<Arrival, Arrival[]>();
  for (const from of arrivals)
    for (const { to } of moves[from.no]!) {
      const known = before.get(to);
      if (known) known.push(from);
      else before.set(to, [from]);
    }
  const leading = new Set(goals);
  for (const one of leading) for (const from of before.get(one) ?? []) leading.add(from);
  return leading;
}

function neverReached(chart: Chart, walks: readonly Walk[]): Fault[] {
  const reached = new Set(
    walks.flatMap(({ compact, arrivals }) =>
      compact.active([...new Set(arrivals.flatMap(({ leaves }) => leaves))]),
    ),
  );
  const taken = new Set(walks.flatMap((one) => [...one.taken]));
  const unreachable = [...chart.nodes.values()].filter((node) => !reached.has(node));
  const dead = chart.edges.filter((edge) => !taken.has(edge) && reached.has(edge.from));
  return [
    ...unreachable.map(({ place }) => ({ path: place, message: never.reached })),
    ...dead.map(({ place }) => ({ path: place, message: never.taken })),
  ];
}

const never = {
  reached: { de: 'Unerreichbarer Zustand.', en: 'Unreachable state.' },
  taken: { de: 'Dieser Übergang wird nie genommen.', en: 'This transition is never taken.' },
};

/** A step that says it comes after others must be unreachable without each of them. */
function bypasses({ definition }: Chart, walks: readonly Walk[]): Fault[] {
  const pairs = Object.entries(definition.steps).flatMap(([name, { after = [] }]) =>
    after.map((earlier) => ({ name, earlier })),
  );
  return [...Map.groupBy(pairs, ({ earlier }) => earlier)].flatMap(([earlier, later]) => {
    const past = walks.map((one) => {
      const [start] = one.arrivals;
      return stepsOn(one, earlier, waysWithout(one, earlier, [[start!, wayTo(start!)]]));
    });
    return later.flatMap(({ name }) => {
      const walk = past.map((handled) => handled.get(name)).find((way) => way !== undefined);
      return walk ? [bypass(name, earlier, walk)] : [];
    });
  });
}

const bypass = (name: string, earlier: string, walk: readonly string[]): Fault => ({
  path: `$.steps.${name}.after`,
  message: {
    de: `Ist ohne ${earlier} erreichbar: ${told(walk)}.`,
    en: `Can be reached without ${earlier}: ${told(walk)}.`,
  },
  walk: [...walk, name],
});
