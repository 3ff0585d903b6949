import { leavesOf, type Chart, type Edge } from '../definition/chart.rules.ts';
import type { Fault } from '../definition/definition-file.rules.ts';
import type { Guard } from '../definition/definition.rules.ts';
import { told, wayTo, type Arrival, type Walk } from '../machine/walk.rules.ts';

interface AutomaticMove {
  readonly edge: Edge;
  readonly to: Arrival;
}

/**
 * Automatic steps that can follow each other for ever: the engine takes them at once, one after the other, so nobody
 * could ever stop them. A circle whose conditions contradict each other is none.
 */
export function automaticLoops(chart: Chart, walk: Walk): Fault[] {
  const { steps } = chart.definition;
  const automatic = (from: Arrival): AutomaticMove[] =>
    walk.moves[from.no]!.flatMap(({ step, edge, to }) =>
      edge && steps[step]?.automatic ? [{ edge, to }] : [],
    );
  const found = new Map<Edge, Fault>();
  for (const from of walk.arrivals)
    for (const move of automatic(from)) {
      if (found.has(move.edge)) continue;
      const circle = circleBack(from, move, automatic);
      if (circle && canAllHold(circle)) found.set(move.edge, loop(from, circle));
    }
  return [...found.values()];
}

/** The shortest way of automatic steps from a move back to where it began. */
function circleBack(
  begin: Arrival,
  first: AutomaticMove,
  automatic: (from: Arrival) => readonly AutomaticMove[],
): Edge[] | undefined {
  const ways = new Map([[first.to, [first.edge]]]);
  for (const [here, way] of ways) {
    if (here === begin) return way;
    for (const { edge, to } of automatic(here)) if (!ways.has(to)) ways.set(to, [...way, edge]);
  }
  return undefined;
}

const loop = (from: Arrival, circle: readonly Edge[]): Fault => {
  const steps = circle.map(({ event }) => event);
  return {
    path: circle[0]!.place,
    message: {
      de: `Selbsttätige Schritte folgen einander ohne Ende: ${told(steps)}.`,
      en: `Automatic steps follow each other for ever: ${told(steps)}.`,
    },
    walk: [...wayTo(from), ...steps],
  };
};

type FactLeaf = Extract<ReturnType<typeof leavesOf>[number], { fact: string }>;

/** Whether no two conditions of the circle exclude each other, and none counts how often it was gone. */
function canAllHold(circle: readonly Edge[]): boolean {
  const leaves = circle.flatMap(({ transition }) => necessary(transition.guard));
  const counts = leaves.some(({ fact, is, atMost, below }) =>
    fact.startsWith('taken.') ? (is ?? atMost ?? below) !== undefined : false,
  );
  return !counts && !leaves.some((one, i) => leaves.slice(i + 1).some((other) => excludes(one, other)));
}

/** The conditions without which the guard cannot hold. */
function necessary(guard: Guard | undefined): FactLeaf[] {
  if (!guard) return [];
  if ('all' in guard) return guard.all.flatMap(necessary);
  return 'fact' in guard ? [guard] : [];
}

function excludes(one: FactLeaf, other: FactLeaf): boolean {
  if (one.fact !== other.fact) return false;
  if (one.is !== undefined && other.is !== undefined) return one.is !== other.is;
  if (one.is !== undefined && other.isNot !== undefined) return one.is === other.isNot;
  if (one.isNot !== undefined && other.is !== undefined) return one.isNot === other.is;
  return Math.max(lowest(one), lowest(other)) > Math.min(highest(one), highest(other));
}

// Facts with an order are whole numbers.
function lowest({ is, atLeast, above }: FactLeaf): number {
  if (typeof is === 'number') return is;
  return atLeast ?? (above === undefined ? -Infinity : above + 1);
}
function highest({ is, atMost, below }: FactLeaf): number {
  if (typeof is === 'number') return is;
  return atMost ?? (below === undefined ? Infinity : below - 1);
}
