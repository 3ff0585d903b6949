import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { Chart } from '../definition/chart.rules.ts';
import { readDefinition } from '../definition/definition-file.rules.ts';
import { Machine } from './machine.rules.ts';
import { CompactChart } from './compact-chart.rules.ts';
import { positionOf, walk } from './walk.rules.ts';

const folder = new URL('../../../data/processes/', import.meta.url);
const charts = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const read = readDefinition(readFileSync(new URL(file, folder)));
    if ('faults' in read) throw new Error(`${file}: ${JSON.stringify(read.faults)}`);
    return [file, new Chart(read.definition)] as const;
  });

describe('a step in small numbers', () => {
  test.each(charts)('is the machine’s, everywhere in %s', (_file, chart) => {
    expect(differences(chart)).toEqual([]);
  });
});

/** So many configurations are looked at, spread over all of them: XState needs its time. */
const looked = 600;

/** Takes every transition that could be open, in numbers and by XState. */
function differences(chart: Chart): string[] {
  const compact = new CompactChart(chart);
  const machine = new Machine(chart);
  const found: string[] = [];
  const { arrivals } = walk(chart, compact);
  const every = Math.ceil(arrivals.length / looked);
  for (const here of arrivals.filter(({ isDone, no }) => !isDone && no % every === 0)) {
    const position = positionOf(here, compact);
    const active = new Set(compact.active(here.leaves));
    for (const edge of chart.edges.filter(({ event, from }) => active.has(from) && !event.startsWith('$'))) {
      const step = compact.take(here.leaves, edge, ({ transition }) => !transition.guard);
      const moved = machine.step(position, edge.event, new Set([edge.id]));
      const said = step && {
        states: compact.states(step.leaves),
        position: positionOf(step, compact),
        taken: step.taken.map(({ id }) => id),
      };
      const known = moved?.taken.includes(edge) && {
        states: moved.states,
        position: moved.position,
        taken: moved.taken.map(({ id }) => id),
      };
      if (JSON.stringify(said) !== JSON.stringify(known || undefined))
        found.push(`${JSON.stringify(position)} ${edge.place}: ${JSON.stringify({ said, known })}`);
    }
  }
  return found.slice(0, 3);
}
