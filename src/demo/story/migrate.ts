import { setTimeout } from 'node:timers/promises';
import { Definitions } from '../../engine/index.ts';
import { Reads, systemActor } from '../../platform/index.ts';
import type { Story } from './story.ts';
import type { Teller } from './teller.ts';

/** The centre changes running processes to another version of their definition: planned, tried, then run by a second person. */
export async function migrate(
  teller: Teller,
  { from, to, proposedBy, runBy }: Story['migrations'][number],
  at: Date,
): Promise<void> {
  const known = await teller.get(Definitions).list(await teller.get(Reads).db(systemActor(teller.tenant)));
  const version = (n: number) => known.find(({ key, version: one }) => key === 'opening' && one === n)!.id;
  const input = { fromDefinitionId: version(from), toDefinitionId: version(to) };
  const { plan } = await teller.send(proposedBy, at, 'proposeMigration', input, 'plan { id }');
  const tried = await teller.ask(runBy, at, 'query ($id: ID!) { tryMigration(planId: $id) { able } }', {
    id: plan.id,
  });
  const { able: expectedCount } = tried['tryMigration'];
  const { run } = await teller.send(
    runBy,
    at,
    'runMigration',
    { planId: plan.id, expectedCount },
    'run { id }',
  );
  const source = 'query ($id: ID!) { bulkRun(id: $id) { finishedAt } }';
  for (;;) {
    const { bulkRun } = await teller.ask(runBy, at, source, { id: run.id });
    if (bulkRun.finishedAt) return;
    await setTimeout(200);
  }
}
