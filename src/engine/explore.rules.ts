import { leavesOf, type ChartNode, type Edge } from './chart.rules.ts';
import { canonical, type Fault } from './definition-file.rules.ts';
import { holdsAsFarAs } from './guard.rules.ts';
import type { Machine, Moved, Position } from './machine.rules.ts';
import { IN, isIn } from './own-facts.rules.ts';

/** A configuration that some sequence of steps reaches, with the shortest such sequence. */
export interface Reached {
  readonly position: Position;
  readonly states: readonly string[];
  readonly path: readonly string[];
}

export interface Exploration {
  readonly reached: readonly Reached[];
  readonly taken: ReadonlySet<Edge>;
  /** How often some step led from one configuration to another. */
  readonly moves: number;
  readonly faults: readonly Fault[];
}

const maxReached = 20_000;
const mapped = <K, V>(map: Map<K, V[]>, key: K): V[] => map.get(key) ?? map.set(key, []).get(key)!;

/**
 * Walks every reachable configuration. Guards are symbolic: each may hold or not. Deadlines are edges: what only they
 * trigger is tried only while one of them runs. `without` leaves out a step, to see what can be reached past it.
 */
export function explore(machine: Machine, without?: string): Exploration {
  const first = machine.start();
  const begin = { position: first.position, states: first.states, path: [] };
  const reached = new Map<string, Reached>([[canonical(first.position), begin]]);
  const queue: Reached[] = [begin];
  const cameFrom = new Map<string, string[]>();
  const taken = new Set<Edge>();
  const faults: Fault[] = [];
  let moves = 0;
  const atEnd: string[] = [];

  for (let here = queue.shift(); here; here = queue.shift()) {
    const from = canonical(here.position);
    if (here.position.s === 'done') {
      atEnd.push(from);
      continue;
    }
    let goesOn = false;
    for (const [step, moved] of movesFrom(machine, here, without, faults)) {
      moves += 1;
      moved.taken.forEach((edge) => taken.add(edge));
      const to = canonical(moved.position);
      goesOn ||= to !== from;
      mapped(cameFrom, to).push(from);
      if (reached.has(to)) continue;
      const next = { position: moved.position, states: moved.states, path: [...here.path, step] };
      reached.set(to, next);
      queue.push(next);
    }
    if (!goesOn && !without) faults.push(deadEnd(here));
    if (reached.size > maxReached) {
      faults.push({ path: '$.states', message: tooMany });
      break;
    }
  }
  if (!without) faults.push(...traps(reached, cameFrom, atEnd));
  return { reached: [...reached.values()], taken, moves, faults };
}

const tooMany = {
  de: `Mehr als ${maxReached} erreichbare Zustandskombinationen.`,
  en: `More than ${maxReached} reachable configurations.`,
};

function* movesFrom(
  machine: Machine,
  here: Reached,
  without: string | undefined,
  faults: Fault[],
): Generator<[string, Moved]> {
  for (const step of machine.chart.steps(here.states)) {
    if (step === without || !isTriggered(machine, here.states, step)) continue;
    const { open, sure } = openAt(machine, here.states, step);
    for (const edge of open) {
      try {
        const moved = machine.step(here.position, step, new Set([...sure, edge.id]));
        if (moved?.taken.includes(edge)) yield [step, moved];
      } catch (error) {
        faults.push({
          path: edge.place,
          message: restless([...here.path, step], error),
        });
      }
    }
  }
}

/** Guards are symbolic but for `in.*`: where the process stands is known here, so some are shut and some surely open. */
function openAt({ chart }: Machine, states: readonly string[], step: string) {
  const edges = chart.candidates(states, step);
  const asked = edges.flatMap(({ transition }) => leavesOf(transition.guard));
  const places = asked.flatMap((leaf) => ('fact' in leaf && leaf.fact.startsWith(IN) ? leaf.fact : []));
  const facts = new Map(places.map((fact) => [fact, isIn(states, fact.slice(IN.length))]));
  const holds = new Map(edges.map((edge) => [edge, holdsAsFarAs(facts, edge.transition.guard)]));
  return {
    open: edges.filter((edge) => holds.get(edge) !== false),
    sure: edges.filter((edge) => edge.transition.guard && holds.get(edge)).map(({ id }) => id),
  };
}

/** A step of people, an automatic step, or one that a running deadline takes. */
export function isTriggered({ chart }: Machine, states: readonly string[], name: string): boolean {
  const { steps, deadlines, chains } = chart.definition;
  const step = steps[name];
  if (!step || step.automatic || step.who.some((who) => who.function !== 'SYS')) return true;
  return chart.active(states).some(({ state }) =>
    state.deadlines?.some((running) => {
      const { onDue, chain } = deadlines[running]!;
      return onDue === name || (chain && chains[chain]!.some((link) => link.step === name));
    }),
  );
}

const way = (path: readonly string[]) => (path.length > 0 ? path.join(' → ') : '–');
const at = (here: Reached) => `$.states.${here.states[0]!.split('.').join('.states.')}`;

const restless = (path: readonly string[], error: unknown) => ({
  de: `Kommt nicht zur Ruhe (${way(path)}): ${(error as Error).message}`,
  en: `Does not come to rest (${way(path)}): ${(error as Error).message}`,
});

const deadEnd = (here: Reached): Fault => ({
  path: at(here),
  message: {
    de: `Sackgasse: Von hier führt nichts weiter (${way(here.path)}).`,
    en: `Dead end: nothing leads on from here (${way(here.path)}).`,
  },
});

/** Configurations that can move for ever but never end; without any end the definition means to run for ever. */
function traps(reached: Map<string, Reached>, cameFrom: Map<string, string[]>, atEnd: string[]): Fault[] {
  const canEnd = new Set(atEnd);
  for (const key of canEnd) for (const before of cameFrom.get(key) ?? []) canEnd.add(before);
  if (atEnd.length === 0) return [];
  return [...reached]
    .filter(([key]) => !canEnd.has(key))
    .slice(0, 10)
    .map(([, here]) => ({
      path: at(here),
      message: {
        de: `Falle: Von hier ist kein Ende erreichbar (${way(here.path)}).`,
        en: `Trap: no end can be reached from here (${way(here.path)}).`,
      },
    }));
}

/** What only walking shows; call it when the names are right. */
export function faultsOfWalk(machine: Machine): Fault[] {
  const { chart } = machine;
  try {
    machine.start();
  } catch (error) {
    return [{ path: '$.initial', message: restless([], error) }];
  }
  const whole = explore(machine);
  if (whole.reached.length > maxReached) return [...whole.faults];
  const reachedNodes = new Set(whole.reached.flatMap(({ states }) => chart.active(states)));
  const faults = [...whole.faults];
  for (const node of chart.nodes.values())
    if (!reachedNodes.has(node))
      faults.push({ path: node.place, message: { de: 'Unerreichbarer Zustand.', en: 'Unreachable state.' } });
  for (const edge of chart.edges)
    if (!whole.taken.has(edge) && reachedNodes.has(edge.from))
      faults.push({
        path: edge.place,
        message: { de: 'Dieser Übergang wird nie genommen.', en: 'This transition is never taken.' },
      });
  for (const node of reachedNodes) if (isStuck(machine, node)) faults.push(stuck(node));
  return [...faults, ...bypasses(machine)];
}

/** A leaf that nothing inside its own region ever leaves: the other regions' moves would hide it. */
function isStuck({ chart }: Machine, leaf: ChartNode): boolean {
  if (leaf.kind !== 'atomic') return false;
  for (let node: ChartNode | undefined = leaf; node; node = node.parent) {
    if (node.kind === 'parallel') return true;
    if (chart.edgesOf(node).some(({ target }) => target && target !== leaf)) return false;
  }
  return false;
}

const stuck = (node: ChartNode): Fault => ({
  path: node.place,
  message: {
    de: 'Sackgasse in ihrem Bereich: Nichts verlässt diesen Zustand.',
    en: 'Dead end in its region: nothing leaves this state.',
  },
});

/** A step that says it comes after others must be unreachable without each of them. */
function bypasses(machine: Machine): Fault[] {
  const { steps } = machine.chart.definition;
  const later = new Map<string, string[]>();
  for (const [name, { after = [] }] of Object.entries(steps))
    for (const earlier of after) mapped(later, earlier).push(name);
  return [...later].flatMap(([earlier, names]) => {
    const past = explore(machine, earlier);
    return names.flatMap((name) => bypass(machine, past, name, earlier) ?? []);
  });
}

function bypass(machine: Machine, past: Exploration, name: string, earlier: string): Fault | undefined {
  const where = past.reached.find(({ states }) => machine.chart.steps(states).includes(name));
  if (!where) return undefined;
  return {
    path: `$.steps.${name}.after`,
    message: {
      de: `Ist ohne ${earlier} erreichbar: ${way(where.path)}.`,
      en: `Can be reached without ${earlier}: ${way(where.path)}.`,
    },
  };
}
