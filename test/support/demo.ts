import { loadDemo } from '../../src/demo/story/load-demo.ts';
import { bootApp, type TestApp } from './app.ts';
import { asSuperuser } from './cluster.ts';
import { cloneDatabase, cluster, type TestDatabase } from './database.ts';

/** The demo administration, loaded once for all test files of a run, and a server on a copy of it. */
export async function bootDemo(): Promise<{ app: TestApp; database: TestDatabase }> {
  const database = await cloneDatabase(await loadedOnce());
  return { database, app: await bootApp(database, 'ahornau') };
}

/** The name of the run's database with the demo; whoever asks first loads it, the others wait. */
async function loadedOnce(): Promise<string> {
  const name = `test_${process.env.OFFENES_AMT_TEST_RUN}_demo`;
  await asSuperuser(cluster().superUrl, async (client) => {
    await client.query('select pg_advisory_lock(2)');
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`alter database ${await load()} rename to ${name}`);
    await client.query('select pg_advisory_unlock(2)');
  });
  return name;
}

async function load(): Promise<string> {
  const database = await cloneDatabase();
  const app = await bootApp(database, 'ahornau');
  await loadDemo(app.app, database.ownerUrl, 'https://sign-in.example/ahornau');
  await app.close();
  return database.name;
}
