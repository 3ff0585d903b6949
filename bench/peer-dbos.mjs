// DBOS Transact: one workflow for each event, with one transaction that does the peer's writes and records its own
// completion. The data source is the least that DBOS's public interface asks for: look for a recorded outcome, BEGIN,
// the writes, the outcome, COMMIT; the checkpoints go when the workflow completes.
import { DBOS } from '@dbos-inc/dbos-sdk';
import * as datasource from '@dbos-inc/dbos-sdk/datasource';
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { v7 } from 'uuid';

const recorded =
  'select output, error from dbos.transaction_completion where workflow_id = $1 and function_num = $2';
const record =
  'insert into dbos.transaction_completion (workflow_id, function_num, output) values ($1, $2, $3)';
const forget = 'delete from dbos.transaction_completion where workflow_id = $1 and function_num >= $2';

class LeastDataSource {
  name = 'bench';
  #pool;
  #client = new AsyncLocalStorage();

  constructor(pool) {
    this.#pool = pool;
  }

  client = () => this.#client.getStore();

  async initialize() {
    const client = await this.#pool.connect();
    await client.query('begin');
    await datasource.migrateDataSourcePG(async (sql) => (await client.query(sql)).rows);
    await client.query('commit');
    client.release();
  }

  async destroy() {}

  async deleteCheckpoints(workflowId, startStep, beforeCommit) {
    if (!beforeCommit)
      return void (await this.#pool.query({ name: 'forget', text: forget, values: [workflowId, startStep] }));
    await this.#inTransaction(async (client) => {
      await client.query({ name: 'forget', text: forget, values: [workflowId, startStep] });
      await beforeCommit();
    });
  }

  async invokeTransactionFunction(_config, target, func, ...args) {
    const key = [DBOS.workflowID, DBOS.stepID];
    const { rows } = await this.#pool.query({ name: 'recorded', text: recorded, values: key });
    if (rows.length > 0) return datasource.replayRecordedStep(rows[0]);
    return this.#inTransaction(async (client) => {
      const result = await this.#client.run(client, () => func.call(target, ...args));
      await client.query({ name: 'record', text: record, values: [...key, 'null'] });
      await datasource.assertStillOwnsWorkflow(key[0]);
      return result;
    });
  }

  async #inTransaction(work) {
    const client = await this.#pool.connect();
    try {
      await client.query({ name: 'begin', text: 'begin' });
      const result = await work(client);
      await client.query({ name: 'commit', text: 'commit' });
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }
}

export async function dbosVariant({ pool, superUrl }, ids, step, clients) {
  const systemPool = new pg.Pool({ connectionString: superUrl, max: clients });
  const source = new LeastDataSource(pool);
  datasource.registerDataSource(source);
  const transaction = datasource.registerTransaction('bench', (id) => step(source.client(), id), {
    name: 'event',
  });
  const workflow = DBOS.registerWorkflow((id) => transaction(id), { name: 'eventWorkflow' });
  DBOS.setConfig({
    ...{ name: 'bench', systemDatabaseUrl: superUrl, systemDatabasePool: systemPool },
    ...{ logLevel: 'error', runAdminServer: false, tracingEnabled: false },
  });
  await DBOS.launch();
  return {
    once: async (client, i) => {
      const handle = await DBOS.startWorkflow(workflow, { workflowID: v7() })(
        ids[(client + i * clients) % ids.length],
      );
      await handle.getResult();
    },
    close: async () => {
      await DBOS.shutdown();
      await systemPool.end().catch(() => {});
    },
  };
}
