import type { Edge } from '../../src/engine/definition/chart.rules.ts';
import type { Machine, Position } from '../../src/engine/machine/machine.rules.ts';
import { CompactChart } from '../../src/engine/machine/compact-chart.rules.ts';
import { positionOf, triggersOf, walk, wayTo } from '../../src/engine/machine/walk.rules.ts';

/** A configuration that some sequence of steps reaches, with a shortest such sequence. */
interface Reached {
  readonly position: Position;
  readonly states: readonly string[];
  readonly path: readonly string[];
}

export interface Exploration {
  readonly reached: readonly Reached[];
  readonly taken: ReadonlySet<Edge>;
  /** How often some step led from one configuration to another. */
  readonly moves: number;
}

/** Every configuration the whole can reach, from its start or from these positions, for whoever must look at each. */
export function explore(machine: Machine, from?: readonly Position[]): Exploration {
  const { chart } = machine;
  const compact = new CompactChart(chart);
  const begin = from?.map((position, no) => ({
    no,
    leaves: compact.leavesOf(machine.statesOf(position)),
    isDone: position.s === 'done',
    from: undefined,
    by: '',
  }));
  const { arrivals, moves, taken } = walk(chart, compact, begin && { begin });
  return {
    reached: arrivals.map((arrival) => ({
      position: positionOf(arrival, compact),
      states: compact.states(arrival.leaves),
      path: wayTo(arrival),
    })),
    taken,
    moves: moves.reduce((sum, from) => sum + from.length, 0),
  };
}

/** A step of people, an automatic step, or one that a running deadline takes. */
export function isTriggered({ chart }: Machine, states: readonly string[], step: string): boolean {
  const by = triggersOf(chart).get(step);
  return !by || chart.active(states).some(({ state }) => state.deadlines?.some((name) => by.has(name)));
}
