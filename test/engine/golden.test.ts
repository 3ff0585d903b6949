import { describe, expect, jest, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import { identityOf } from '../../src/engine/definition/definition-file.rules.ts';
import type { Definition, StateNode } from '../../src/engine/definition/definition.rules.ts';
import { Machine } from '../../src/engine/machine/machine.rules.ts';
import type { MigrationPlan } from '../../src/engine/plan/migration-plan.rules.ts';
import { Migration } from '../../src/engine/plan/migration.rules.ts';
import { replay, type Stored } from '../../src/engine/replay/replay.rules.ts';
import { DefinitionLibrary } from '../../src/engine/replay/definition-library.rules.ts';
import { openings } from './golden-migration.ts';
import { goldenFolder, shippedDefinitions, type Golden } from './golden.ts';

/**
 * Histories that were walked once on the real engine, kept as they were: whoever changes the engine, its guards or
 * XState must still read them the same way. `npm run golden` walks anew, for a definition that has changed.
 */
const definitions = shippedDefinitions();

const historiesOf = (name: string): Stored[] =>
  readdirSync(goldenFolder)
    .filter((file) => new RegExp(`^${name}-\\d+\\.json$`).test(file))
    .map((file) => JSON.parse(readFileSync(join(goldenFolder, file), 'utf8')) as Golden)
    .map(({ process: row, payloads, ...rest }) => ({
      ...rest,
      payloads: new Map(payloads),
      process: {
        ...row,
        stageSince: new Date(row.stageSince),
        startedAt: new Date(row.startedAt),
        suspendedAt: row.suspendedAt && new Date(row.suspendedAt),
      },
    }));

const shelfOf = (definition: Definition) =>
  new DefinitionLibrary([{ id: identityOf(definition).id, body: definition }], []);
const differencesOf = (library: DefinitionLibrary, histories: readonly Stored[]) =>
  histories.flatMap((stored) => replay(library, stored, new Map()));

describe.each(definitions)('the golden histories of %s', (name, definition) => {
  const histories = historiesOf(name);

  test('replay to the same rows, hash by hash', () => {
    expect(histories.length).toBeGreaterThan(0);
    expect(differencesOf(shelfOf(definition), histories)).toEqual([]);
  });

  test('take nearly every step there is', () => {
    const taken = new Set(histories.flatMap(({ entries }) => entries.map(({ step }) => step)));
    const missing = Object.keys(definition.steps).filter((step) => !taken.has(step));
    expect({ missing, many: missing.length > Object.keys(definition.steps).length / 10 }).toMatchObject({
      many: false,
    });
  });

  test('differ when XState would enter states in another order, or take another transition', () => {
    const machine = new Machine(new Chart(definition));
    const step = machine.step.bind(machine);
    const changed = jest.spyOn(machine, 'step').mockImplementation((...asked) => {
      const moved = step(...asked);
      return moved && { ...moved, left: moved.entered, entered: moved.left };
    });
    expect(
      differencesOf({ machineOf: () => machine } as unknown as DefinitionLibrary, histories),
    ).not.toEqual([]);
    changed.mockRestore();
    expect(differencesOf({ machineOf: () => machine } as unknown as DefinitionLibrary, histories)).toEqual(
      [],
    );
  });

  test.each<[string, (state: StateNode) => void]>([
    ['where a transition leads', (state) => retarget(state)],
    ['who has a task', (state) => state.tasks?.forEach((task) => (task.function = 'SOMEBODY_ELSE'))],
    ['what a state means', (state) => void (state.tags = undefined)],
    ['what a guard asks', (state) => turnGuards(state)],
  ])('differ when the definition says otherwise %s', (_what, change) => {
    const other = structuredClone(definition);
    const all = (node: StateNode): void => {
      change(node);
      Object.values(node.states ?? {}).forEach(all);
    };
    Object.values(other.states).forEach(all);
    const machine = new Machine(new Chart(other));
    expect(
      differencesOf({ machineOf: () => machine } as unknown as DefinitionLibrary, histories),
    ).not.toEqual([]);
  });
});

describe('the golden histories of a migration', () => {
  const { from, to, plan } = openings();
  const inventory = 'live.course.inventory';
  const histories = historiesOf('migration');
  const definitionsOfPlan = [from, to].map(({ id, definition: body }) => ({ id, body }));
  const library = new DefinitionLibrary(definitionsOfPlan, [plan]);

  test('go there and back and on, and replay to the same rows, hash by hash', () => {
    const turns = histories.map(({ entries }) =>
      entries.map(({ step }) => step).filter((step) => step[0] === '$'),
    );
    expect(turns).toEqual([
      ['$start', '$migrate'],
      ['$start', '$migrate', '$migrateBack'],
    ]);
    for (const { entries } of histories) expect(entries.at(-1)!.step).not.toMatch(/^\$/);
    expect(differencesOf(library, histories)).toEqual([]);
  });

  test.each<[string, Partial<MigrationPlan>]>([
    ['where a region begins', { begin: ['live.objection.none', 'live.participation.requested'] }],
    ['where a state leads', { states: { [`${inventory}.selfAssessment`]: [`${inventory}.consensus`] } }],
  ])('differ when the plan says otherwise %s', (_what, change) => {
    const migration = new Migration(from.machine, to.machine, { ...plan, ...change });
    const other = { machineOf: (id: string) => library.machineOf(id), migrationOf: () => migration };
    expect(differencesOf(other as unknown as DefinitionLibrary, histories)).not.toEqual([]);
  });
});

describe('the golden history of a hand-over', () => {
  const { to } = openings();
  const histories = historiesOf('hand-over');
  const library = new DefinitionLibrary([{ id: to.id, body: to.definition }], []);

  test('goes on at the other place, and replays to the same row, hash by hash', () => {
    const [{ entries }] = histories as [Stored];
    expect(entries.map(({ step }) => step).filter((step) => step[0] === '$')).toEqual([
      '$start',
      '$handOver',
    ]);
    expect(entries.at(-1)!.step).not.toBe('$handOver');
    expect(differencesOf(library, histories)).toEqual([]);
  });

  test('differs when the row stands where it was before', () => {
    const [{ process, entries, ...rest }] = histories as [Stored];
    const { scopeId } = entries[0]!.effects[0] as unknown as { scopeId: string };
    const stayed = { ...rest, entries, process: { ...process, scopeId } };
    expect(differencesOf(library, [stayed])).toEqual([
      expect.objectContaining({ what: expect.stringContaining('another place') }),
    ]);
  });
});

/** Every transition to a sibling stays where it is. */
function retarget(state: StateNode): void {
  for (const transitions of Object.values(state.on ?? {}))
    for (const transition of transitions) delete transition.target;
}

function turnGuards(state: StateNode): void {
  for (const transitions of Object.values(state.on ?? {}))
    for (const transition of transitions) if (transition.guard) transition.guard = { not: transition.guard };
}
