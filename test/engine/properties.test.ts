import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import { canonical, identityOf, readDefinition } from '../../src/engine/definition/definition-file.rules.ts';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { Verifier } from '../../src/engine/index.ts';
import { Machine, type Position } from '../../src/engine/machine/machine.rules.ts';
import { isRefusal } from '../../src/platform/index.ts';
import { legalDefinition } from './legal-definitions.ts';
import { setStage, type Stage } from './support.ts';
import { rowsOf, Walker } from './walker.ts';

const folder = new URL('../../data/processes/', import.meta.url);
const definitions = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const read = readDefinition(readFileSync(new URL(file, folder)));
    if ('faults' in read) throw new Error(`${file}: ${JSON.stringify(read.faults)}`);
    return [`${read.definition.key} v${read.definition.version}`, read.definition] as const;
  });

/** PROPERTY_SEED repeats a run whose seed a failure printed; PROPERTY_RUNS makes it longer. */
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const times = Number(process.env['PROPERTY_RUNS'] ?? 1);
const parameters = (numRuns: number) => ({ seed, numRuns: numRuns * times, endOnFailure: true });
/** With the default size arrays stay short, and short walks stay near the start. */
const walkOf = (length: number) =>
  fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 6 })), {
    minLength: 10,
    maxLength: length,
    size: 'max',
  });

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
};

/** One walk: a step of the place or any other, with some of its transitions open. */
function walkInMemory(chart: Chart, choices: readonly (readonly [number, number])[]): void {
  const machine = new Machine(chart);
  const other = new Machine(chart);
  const steps = Object.keys(chart.definition.steps);
  let here: Position = machine.start().position;
  for (const [pick, share] of choices) {
    const possible = chart.steps(machine.statesOf(here));
    const from = pick % 5 === 0 || possible.length === 0 ? steps : possible;
    const step = from[pick % from.length]!;
    const edges = chart.candidates(machine.statesOf(here), step);
    const open = new Set(edges.filter(({ id }) => (id * 7 + pick) % share === 0).map(({ id }) => id));
    const read = frozen(JSON.parse(JSON.stringify(here)) as Position);
    const moved = machine.step(frozen(here), step, open);
    expect(other.step(read, step, open)).toEqual(moved);
    expect(machine.stepAsXStateDoes(read, step, open)).toEqual(moved);
    if (moved) here = moved.position;
  }
}

describe('a stored and read position steps as the one in hand, and as XState’s public function steps', () => {
  test.each(definitions)('in %s', (_name, definition) => {
    const chart = new Chart(definition);
    fc.assert(
      fc.property(walkOf(120), (choices) => walkInMemory(chart, choices)),
      parameters(40),
    );
  });

  test('in random definitions', () => {
    fc.assert(
      fc.property(legalDefinition, walkOf(60), (definition, choices) =>
        walkInMemory(new Chart(definition as Definition), choices),
      ),
      parameters(60),
    );
  });
});

describe('on the database', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  const clocksOfRows = async (processId: string): Promise<string[]> =>
    (
      await stage.superuser.query<{ name: string }>(
        `select name from engine.deadline where process_id = $1 and not name like '$%' order by name`,
        [processId],
      )
    ).rows.map(({ name }) => name);

  test.each(definitions)(
    '%s: a refused step changes no row, a repeated one nothing again, and the deadlines are those of the states',
    async (_name, definition) => {
      const { id } = identityOf(definition);
      const machine = new Machine(new Chart(definition));
      await fc.assert(
        fc.asyncProperty(walkOf(60), async (choices) => {
          const walker = new Walker(stage, machine, new Date('2026-03-02T09:00:00Z'));
          await walker.start(id);
          for (const [pick, share] of choices) {
            const edges = walker.edges().filter(({ target }) => target?.kind !== 'final' || pick % 30 === 0);
            if (edges.length === 0) break;
            const attempt = { edge: edges[pick % edges.length]!, holds: share > 1 };
            const before = await rowsOf(stage, walker.processId);
            const outcome = await walker.try(attempt);
            const after = await rowsOf(stage, walker.processId);
            if (isRefusal(outcome)) expect(after).toBe(before);
            else expect(canonical(await walker.again())).toBe(canonical(outcome));
            expect(await rowsOf(stage, walker.processId)).toBe(after);
            const { chart } = machine;
            const borne = chart.active(walker.states).flatMap(({ state }) => state.deadlines ?? []);
            expect(await clocksOfRows(walker.processId)).toEqual([...new Set(borne)].toSorted());
            walker.wait(pick % 20);
          }
        }),
        parameters(5),
      );
    },
  );

  test('and every row is what its log leads to', async () => {
    const { processes, differences } = await stage.module.get(Verifier).run();
    expect(differences).toEqual([]);
    expect(processes).toBeGreaterThanOrEqual(5 * definitions.length);
  });
});
