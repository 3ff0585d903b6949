import type { Text } from '../../platform/bare.ts';
import type { Chart } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import type { MigrationPlan } from './migration-plan.rules.ts';
import type { Migration } from './migration.rules.ts';
import { CompactChart } from '../machine/compact-chart.rules.ts';
import { shownBy, told, walk, wayTo } from '../machine/walk.rules.ts';

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
 * which its machine loads as it is, is no end, and has no dead end behind it.
 */
export function prove(migration: Migration): Proof {
  const faults = migration.faults();
  if (faults.length > 0) return { configurations: 0, faults };
  const { chart } = migration.from;
  const compact = new CompactChart(chart);
  const { arrivals, isWhole } = walk(chart, compact);
  if (!isWhole) return { configurations: 0, faults: [tooMany] };
  const running = arrivals.filter(({ isDone }) => !isDone);
  const arrived: (readonly string[])[] = [];
  for (const arrival of running) {
    const states = compact.states(arrival.leaves);
    const placed = migration.place(states);
    const wrong = 'faults' in placed ? placed.faults : placed.position.s === 'done' ? [ends] : [];
    faults.push(...wrong.map((message) => shown(states, wayTo(arrival), message)));
    if ('states' in placed) arrived.push(placed.states);
  }
  if (faults.length === 0) faults.push(...deadEndsBehind(migration.to.chart, arrived));
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

/** The new definition was proved from its own start; a plan may set processes down where no step ever led. */
function deadEndsBehind(chart: Chart, arrived: readonly (readonly string[])[]): Fault[] {
  const compact = new CompactChart(chart);
  const leaves = new Map(arrived.map((states) => compact.leavesOf(states)).map((one) => [one.join(), one]));
  const begin = [...leaves.values()].map((one, no) => ({
    no,
    leaves: one,
    isDone: false,
    from: undefined,
    by: '',
  }));
  const { arrivals, moves, isWhole } = walk(chart, compact, { begin });
  if (!isWhole) return [tooMany];
  return arrivals
    .filter((here) => !here.isDone && moves[here.no]!.every(({ to }) => to === here))
    .map((here) => {
      const at = `states.${compact.states(here.leaves).join(' + ')}`;
      return shownBy(at, here, 'Sackgasse im neuen Ablauf', 'Dead end in the new definition');
    });
}

export const tooMany: Fault = {
  path: 'states',
  message: {
    de: 'Mehr erreichbare Zustandskombinationen, als geprüft werden können.',
    en: 'More reachable configurations than can be checked.',
  },
};
