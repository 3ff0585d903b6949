import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { MigrationCommands } from '../../src/engine/migration/migration-commands.service.ts';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import { identityOf } from '../../src/engine/definition/definition-file.rules.ts';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { Machine } from '../../src/engine/machine/machine.rules.ts';
import { shippedPlanSchema } from '../../src/engine/plan/migration-plan.rules.ts';
import { isRefusal, type Refusal } from '../../src/platform/index.ts';
import { begins, keep, shippedDefinitions, walkOne } from './golden.ts';
import { person, type Stage } from './support.ts';
import { Walker } from './walker.ts';

/** Far enough that a task is open and a deadline runs. */
const fewSteps = 4;

interface Opening {
  readonly id: string;
  readonly definition: Definition;
  readonly machine: Machine;
}

/** The definitions of the plan that ships, and the plan itself. */
export function openings() {
  const shipped = new Map(shippedDefinitions());
  const opening = (name: string): Opening => {
    const definition = shipped.get(name)!;
    return { id: identityOf(definition).id, definition, machine: new Machine(new Chart(definition)) };
  };
  const [from, to] = [opening('opening-1'), opening('opening-2')];
  const file = join(import.meta.dirname, '../../data/migrations/opening-1-to-2.json');
  const { states, begin, deadlines, tasks } = shippedPlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { from, to, plan: { from: from.id, to: to.id, states, begin, deadlines, tasks } };
}

/** Two processes change from opening 1 to 2 on their way, and the second goes back. */
export async function recordMigration(stage: Stage): Promise<void> {
  const { from, to } = openings();
  const [proposer, runner] = [person(stage, 'OPENING_COORD'), person(stage, 'OPENING_COORD')];
  const commands = stage.module.get(MigrationCommands);
  const between = { fromDefinitionId: from.id, toDefinitionId: to.id };
  const { planId } = done(await commands.proposeMigration(proposer, { commandId: v7(), ...between }));
  const walkers = [new Walker(stage, from.machine, begins), new Walker(stage, from.machine, begins)];
  for (const walker of walkers) {
    await walker.start(from.id);
    await walkOn(walker);
    const about = { planId, filter: { processIds: [walker.processId] }, expectedCount: 1 };
    let runId = '';
    await walker.relocate(to.machine, async () => {
      ({ runId } = done(await commands.runMigration(runner, { commandId: v7(), ...about })));
    });
    if (walker === walkers[1])
      await walker.relocate(from.machine, async () =>
        done(await commands.undoMigration(proposer, { commandId: v7(), runId })),
      );
    await walkOn(walker);
  }
  await keep(stage, 'migration-', walkers);
}

/** A process goes over to another unit and round on its way, and works on there. */
export async function recordHandOver(stage: Stage): Promise<void> {
  const { to } = openings();
  const walker = new Walker(stage, to.machine, begins);
  await walker.start(to.id);
  await walkOn(walker);
  await walker.relocate(to.machine, () =>
    stage.run(person(stage, 'OPENING_COORD'), async (tx) => {
      await stage.engine.handOver(tx, [walker.processId], { scopeId: v7(), seriesId: v7() });
      return {};
    }),
  );
  await walkOn(walker);
  await keep(stage, 'hand-over-', [walker]);
}

const walkOn = (walker: Walker) =>
  walkOne(walker, new Set(walker.chart.edges.filter(({ event }) => !event.startsWith('$'))), fewSteps);

function done<T>(outcome: T): Exclude<T, Refusal> {
  if (isRefusal(outcome)) throw new Error(outcome.message.en);
  return outcome as Exclude<T, Refusal>;
}
