// One job for each event, done by a worker in the same process. A client hands its next job in when its last one is done
// or fewer than \`ahead\` of its jobs wait; the rate counts completed transitions, and the drain at a slice's end.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { PgBoss } from 'pg-boss';

const ahead = 8;

/** A bounded backlog: \`hand\` sends a job, \`done\` is called by the worker. */
function backlog(send, clients, ids) {
  let waiting = 0;
  let wake = () => {};
  return {
    done: () => {
      waiting -= 1;
      wake();
    },
    variant: {
      once: async (client, i) => {
        while (waiting >= clients * ahead) await new Promise((resolve) => (wake = chained(wake, resolve)));
        waiting += 1;
        await send(ids[(client + i * clients) % ids.length]);
      },
      drain: async () => {
        while (waiting > 0) await new Promise((resolve) => (wake = chained(wake, resolve)));
      },
    },
  };
}
const chained = (one, other) => () => (one(), other());

export async function pgBossVariant({ superUrl }, ids, event, clients) {
  const boss = new PgBoss({
    ...{ connectionString: superUrl, schema: 'boss', max: clients, useListenNotify: true },
    ...{ supervise: false, schedule: false },
  });
  boss.on('error', (error) => console.error(error.message));
  await boss.start();
  await boss.createQueue('event', { notify: true });
  const { variant, done } = backlog((id) => boss.send('event', { id }), clients, ids);
  const options = { batchSize: clients, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 };
  await boss.work('event', options, async (jobs) => {
    await Promise.all(jobs.map(({ data }) => event(data.id)));
    jobs.forEach(done);
  });
  return { ...variant, close: () => boss.stop({ graceful: false, close: true }) };
}

export async function graphileVariant({ superUrl }, ids, event, clients) {
  const pool = new pg.Pool({ connectionString: superUrl, max: clients + 4 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const utils = await makeWorkerUtils({ pgPool: pool });
  await utils.migrate();
  const { variant, done } = backlog((id) => utils.addJob('event', { id }), clients, ids);
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  const runner = await run({
    ...{
      pgPool: pool,
      concurrency: clients,
      pollInterval: 500,
      noHandleSignals: true,
    },
    logger: new Logger(() => (level, message) => quiet[level]?.(message)),
    taskList: {
      event: async ({ id }) => {
        await event(id);
        done();
      },
    },
  });
  return {
    ...variant,
    close: async () => {
      await runner.stop();
      await utils.release();
      await pool.end();
    },
  };
}
