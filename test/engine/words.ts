import { factsShown, leavesOf, type Chart, type ChartNode } from '../../src/engine/definition/chart.rules.ts';
import type { FactValue } from '../../src/engine/definition/definition.rules.ts';
import { typeOfOwnFact } from '../../src/engine/definition/own-facts.rules.ts';

/** A fact as a definition uses it, with a value that opens the first guard that asks for it. */
export interface FactWord {
  readonly type: 'int' | 'bool' | 'text';
  readonly opens: FactValue;
}

/** All that a definition expects the rooms above to know: so a list of it can never go stale. */
export interface Words {
  readonly facts: ReadonlyMap<string, FactWord>;
  readonly effects: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

export function wordsOf(chart: Chart): Words {
  const { steps, deadlines, reasons } = chart.definition;
  const doings = [...chart.edges.map(({ transition }) => transition), ...Object.values(steps)];
  const facts = new Map<string, FactWord>();
  const say = (name: string, word: FactWord) => {
    if (typeOfOwnFact(chart, name) === undefined && !facts.has(name)) facts.set(name, word);
  };
  for (const leaf of doings.flatMap(({ guard }) => leavesOf(guard))) {
    if (!('fact' in leaf)) continue;
    const opens = leaf.is ?? leaf.atLeast ?? 0;
    const type = typeof opens === 'number' ? 'int' : typeof opens === 'boolean' ? 'bool' : 'text';
    say(leaf.fact, { type, opens });
  }
  for (const { day } of Object.values(deadlines)) if (day) say(day, { type: 'text', opens: null });
  for (const { de } of Object.values(reasons))
    for (const shown of factsShown(de)) say(shown, { type: 'int', opens: null });
  return {
    facts,
    effects: new Set(doings.flatMap(({ effects = [] }) => effects.map(({ effect }) => effect))),
    functions: new Set([
      ...Object.values(steps).flatMap(({ who }) => who.map((one) => one.function)),
      ...[...chart.nodes.values()].flatMap(tasked),
      ...doings.flatMap(({ notices = [] }) => notices.flatMap(({ to }) => to)),
    ]),
  };
}

const tasked = ({ state: { tasks = [] } }: ChartNode): string[] => tasks.map((task) => task.function);
