// 5,000 processes go over to the next version of their definition, as the centre would send them: a proved plan, a run in
// batches with an outcome for each process; against the time it took to start the same 5,000.
import { v7 } from 'uuid';
import { definition } from './definition.mjs';
import { timed } from './measure.mjs';

const { isRefusal } = await import('../dist/platform/index.js');
const { MigrationCommands } = await import('../dist/engine/migration/migration-commands.service.js');
const { BulkRuns } = await import('../dist/engine/bulk/bulk-runs.service.js');

const many = 5000;
const patienceMs = 600_000;

const expected = (answer) => {
  if (isRefusal(answer)) throw new Error(JSON.stringify(answer));
  return answer;
};

/** Publishes another version and gives seconds to migrate ÷ seconds to start. */
export async function migrates({ get, actor, tenant, definitions, definitionId, run, start, pool }, version) {
  const bulk = get(MigrationCommands);
  const other = Object.freeze({ ...actor, account: v7(), person: v7() });
  const toDefinitionId = await run(async (tx) => {
    tx.permit(true);
    return expected(await definitions.publish(tx, JSON.stringify({ ...definition, version })));
  });
  const proposal = { commandId: v7(), fromDefinitionId: definitionId, toDefinitionId };
  const { planId } = expected(await bulk.proposeMigration(actor, proposal));
  const seriesId = v7();
  const started = await timed(() => start(many, seriesId));
  const migrated = await timed(async () => {
    const input = { commandId: v7(), planId, filter: { seriesId }, expectedCount: many };
    const { runId } = expected(await bulk.runMigration(other, input));
    await get(BulkRuns).carryFor(patienceMs, tenant, runId);
  });
  const { rows } = await pool.query(
    'select count(*)::int as n from engine.process where series_id = $1 and definition_id = $2',
    [seriesId, toDefinitionId],
  );
  if (rows[0].n !== many) throw new Error(`${rows[0].n} of ${many} came over`);
  return { started, migrated, ratio: migrated / started };
}
