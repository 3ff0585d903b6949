import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import { faultsOf } from '../../src/engine/publish/definition-check.rules.ts';
import { plants } from './definition-faults.ts';
import { canonical, readDefinition, type Fault } from '../../src/engine/definition/definition-file.rules.ts';
import { isTriggered } from './explore.ts';
import { holdsAsFarAs } from '../../src/engine/definition/guard.rules.ts';
import { known, legalDefinition, type Tree } from './legal-definitions.ts';
import { Machine, type Position } from '../../src/engine/machine/machine.rules.ts';
import { IN, isIn } from '../../src/engine/definition/own-facts.rules.ts';
import { CompactChart } from '../../src/engine/machine/compact-chart.rules.ts';
import { placesAsked, positionOf, walk } from '../../src/engine/machine/walk.rules.ts';

/** Another one each time; a run that failed is repeated with its own: `SEED=… npm test -- publish-properties`. */
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const definitions = fc.noShrink(legalDefinition);

const faults = (definition: Tree): Fault[] => {
  const read = readDefinition(JSON.stringify(definition));
  return 'faults' in read ? read.faults : faultsOf(read.definition, known);
};
const chartOf = (definition: Tree): Chart => {
  const read = readDefinition(JSON.stringify(definition));
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return new Chart(read.definition);
};

describe(`random definitions (seed ${seed})`, () => {
  test('that are right are accepted, and 1,000 random walks through each never stand still', () => {
    fc.assert(
      fc.property(definitions, fc.infiniteStream(fc.nat()), (definition, numbers) => {
        expect(faults(definition)).toEqual([]);
        const roam = new Roaming(new Machine(chartOf(definition)));
        for (let n = 0; n < 1000; n += 1) roam.walk(30, () => numbers.next().value!);
      }),
      { numRuns: 40, seed },
    );
  });

  test('are walked in small numbers as by XState', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const chart = chartOf(definition);
        const [compact, machine] = [new CompactChart(chart), new Machine(chart)];
        const { arrivals } = walk(chart, compact);
        const every = Math.ceil(arrivals.length / 40);
        for (const here of arrivals.filter(({ isDone, no }) => !isDone && no % every === 0))
          for (const edge of chart.edges.filter(({ event }) => !event.startsWith('$'))) {
            const step = compact.take(here.leaves, edge, ({ transition }) => !transition.guard);
            const moved = machine.step(positionOf(here, compact), edge.event, new Set([edge.id]));
            const taken = moved?.taken.includes(edge) ? moved : undefined;
            expect(step && positionOf(step, compact)).toEqual(taken?.position);
          }
      }),
      { numRuns: 20, seed },
    );
  });

  test('with one fault are refused, whatever the fault', () => {
    const caught: Record<string, { of: number; refused: number }> = {};
    const picks = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(
        definitions,
        fc.constantFrom(...Object.keys(plants)),
        picks,
        (definition, kind, numbers) => {
          const spoilt = structuredClone(definition);
          const pick = (from: readonly string[]) => from[numbers.next().value! % from.length]!;
          if (plants[kind]!(spoilt, pick) === false) return;
          const count = (caught[kind] ??= { of: 0, refused: 0 });
          count.of += 1;
          if (faults(spoilt).length > 0) count.refused += 1;
        },
      ),
      { numRuns: 700, seed },
    );
    const table = Object.entries(caught).map(([kind, { of, refused }]) => `${refused}/${of} ${kind}`);
    process.stdout.write(`faults refused (seed ${seed}):\n  ${table.sort().join('\n  ')}\n`);
    expect(Object.keys(caught).length).toBeGreaterThanOrEqual(12);
    const missed = Object.entries(caught).filter(([, { of, refused }]) => refused < 0.95 * of);
    expect(missed).toEqual([]);
  });
});

/** Walks by XState alone, guards falling as they like; what leads on from a place is worked out once. */
class Roaming {
  readonly #machine: Machine;
  readonly #next = new Map<string, Position[]>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  walk(steps: number, random: () => number): void {
    let here = this.#machine.start().position;
    for (let n = 0; n < steps && here.s === 'active'; n += 1) {
      const next = this.#from(here);
      if (next.length === 0) throw new Error(`stands still at ${canonical(here)}`);
      here = next[random() % next.length]!;
    }
  }

  #from(here: Position): Position[] {
    const key = canonical(here);
    let next = this.#next.get(key);
    if (!next) this.#next.set(key, (next = this.#found(here)));
    return next;
  }

  #found(here: Position): Position[] {
    const { chart } = this.#machine;
    const states = this.#machine.statesOf(here);
    const steps = chart.steps(states).filter((step) => isTriggered(this.#machine, states, step));
    return steps.flatMap((step) => {
      const open = chart.candidates(states, step).filter(({ transition: { guard } }) => {
        const asked = guard ? placesAsked(guard) : [];
        const facts = new Map(asked.map((fact) => [fact, isIn(states, fact.slice(IN.length))]));
        return holdsAsFarAs(facts, guard) !== false;
      });
      return open.flatMap(({ id }) => this.#machine.step(here, step, new Set([id]))?.position ?? []);
    });
  }
}
