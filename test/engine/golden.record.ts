import { afterAll, beforeAll, test } from '@jest/globals';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import { Machine } from '../../src/engine/machine/machine.rules.ts';
import { recordHandOver, recordMigration } from './golden-migration.ts';
import { record, shippedDefinitions } from './golden.ts';
import { setStage, type Stage } from './support.ts';

// Run by `npm run golden` alone: its name is none of a test.
let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

test.each(shippedDefinitions())('%s is recorded', (_name, definition) =>
  record(stage, definition, new Machine(new Chart(definition))),
);

test('a migration is recorded', () => recordMigration(stage));

test('a hand-over is recorded', () => recordHandOver(stage));
