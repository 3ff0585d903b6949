import type { Text } from '../../platform/bare.ts';
import type { Chart } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import type { MigrationPlan } from './migration-plan.rules.ts';
import type { Migration } from './migration.rules.ts';
import { CompactChart } from '../machine/compact-chart.rules.ts';
import {
  shownBy,
  stepsOn,
  told,
  walk,
  wayTo,
  waysWithout,
  type Arrival,
  type Walk,
} from '../machine/walk.rules.ts';

/** A plan with the contents of the definitions it names. */
export interface Unproved {
  readonly from: Definition;
  readonly to: Definition;
  readonly plan: MigrationPlan;
}

/** What is known of a plan before any process moves. */
export interface Proof {
  /** How many configurations of the old definition were looked at: all that can be reached. */
  readonly configurations: number;
  readonly faults: readonly Fault[];
}

const mostFaults = 20;

/**
 * Proves a plan over every reachable configuration of the old definition: each has exactly one place in the new one,
 * which its machine loads as it is, is no end, has no dead end behind it, and lets no step be taken without those that
 * it comes after.
 */
export function prove(migration: Migration): Proof {
  const faults = migration.faults();
  if (faults.length > 0) return { configurations: 0, faults };
  const { chart } = migration.from;
  const compact = new CompactChart(chart);
  const past = walk(chart, compact);
  if (!past.isWhole) return { configurations: 0, faults: [tooMany] };
  const running = past.arrivals.filter(({ isDone }) => !isDone);
  const arrived = new Map<Arrival, readonly string[]>();
  for (const arrival of running) {
    const states = compact.states(arrival.leaves);
    const placed = migration.place(states);
    const wrong = 'faults' in placed ? placed.faults : placed.position.s === 'done' ? [ends] : [];
    faults.push(...wrong.map((message) => shown(states, wayTo(arrival), message)));
    if ('states' in placed) arrived.set(arrival, placed.states);
  }
  if (faults.length === 0) {
    const reached = walkFrom(migration.to.chart, arrived);
    if (!reached.behind.isWhole) return { configurations: running.length, faults: [tooMany] };
    faults.push(...deadEnds(reached.behind), ...passedBy(migration, past, reached));
  }
  return { configurations: running.length, faults: faults.slice(0, mostFaults) };
}

const shown = (states: readonly string[], path: readonly string[], { de, en }: Text): Fault => ({
  path: `states.${states.join(' + ')}`,
  message: { de: `${de} (${told(path)})`, en: `${en} (${told(path)})` },
  walk: [...path],
});

const ends: Text = {
  de: 'Der Vorgang wäre zu Ende; das darf nur ein Schritt bewirken.',
  en: 'The process would have ended; only a step may do that.',
};

/** Where processes would stand, as the beginning of a walk in the new definition: its start proves nothing of them. */
function walkFrom(chart: Chart, arrived: ReadonlyMap<Arrival, readonly string[]>) {
  const compact = new CompactChart(chart);
  const begin = new Map<string, Arrival>();
  const placed = new Map<Arrival, string>();
  for (const [old, states] of arrived) {
    const leaves = compact.leavesOf(states);
    const key = leaves.join();
    placed.set(old, key);
    if (!begin.has(key)) begin.set(key, { no: begin.size, leaves, isDone: false, from: undefined, by: '' });
  }
  const behind = walk(chart, compact, { begin: [...begin.values()] });
  const known = new Map(behind.arrivals.map((arrival) => [arrival.leaves.join(), arrival]));
  return { behind, placeOf: (old: Arrival) => known.get(placed.get(old) ?? '') };
}

const deadEnds = ({ arrivals, moves, compact }: Walk): Fault[] =>
  arrivals
    .filter((here) => !here.isDone && moves[here.no]!.every(({ to }) => to === here))
    .map((here) => {
      const at = `states.${compact.states(here.leaves).join(' + ')}`;
      return shownBy(at, here, 'Sackgasse im neuen Ablauf', 'Dead end in the new definition');
    });

/**
 * What a step comes after must have been taken, on whatever way a process came to where the plan takes it up. Steps that
 * the old definition does not know could not have been taken, so nobody is held to them.
 */
function passedBy(
  { from, to }: Migration,
  past: Walk,
  { behind, placeOf }: ReturnType<typeof walkFrom>,
): Fault[] {
  const known = from.chart.definition.steps;
  const pairs = Object.entries(to.chart.definition.steps).flatMap(([name, { after = [] }]) =>
    after.filter((earlier) => Object.hasOwn(known, earlier)).map((earlier) => ({ name, earlier })),
  );
  return [...Map.groupBy(pairs, ({ earlier }) => earlier)].flatMap(([earlier, later]) => {
    const starts = new Map<Arrival, readonly string[]>();
    const before = waysWithout(past, earlier, [[past.arrivals[0]!, []]]);
    for (const [old, way] of before) {
      const place = placeOf(old);
      if (place && !starts.has(place)) starts.set(place, [...way, CHANGED]);
    }
    const steps = stepsOn(behind, earlier, waysWithout(behind, earlier, starts));
    return later.flatMap(({ name }) => {
      const way = steps.get(name);
      return way ? [passes(name, earlier, way)] : [];
    });
  });
}

/** Where in a way the process changes its definition. */
const CHANGED = '⇒';

const passes = (name: string, earlier: string, way: readonly string[]): Fault => ({
  path: 'states',
  message: {
    de: `Nach der Umstellung (${CHANGED}) ginge ${name} ohne ${earlier}: ${told([...way, name])}.`,
    en: `After the change (${CHANGED}) ${name} could be taken without ${earlier}: ${told([...way, name])}.`,
  },
  walk: [...way, name],
});

const tooMany: Fault = {
  path: 'states',
  message: {
    de: 'Mehr erreichbare Zustandskombinationen, als geprüft werden können.',
    en: 'More reachable configurations than can be checked.',
  },
};
