// A durable cluster of the bench's own: without fsync the floor would be a figure of no use.
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../src/platform/database/db.ts';
import { openEmbeddedPostgres } from '../src/platform/embedded/embedded-postgres.ts';
import { databaseRights } from '../src/platform/embedded/embedded-postgres-roles.ts';
import { asSuperuser, inDatabase } from '../test/support/cluster.ts';

const folder = fileURLToPath(new URL('../node_modules/.cache/offenes-amt/bench-database', import.meta.url));

/** A migrated database and a connection pool past all rules, for the floor and the peers. */
export async function openBenchDatabase(connections) {
  const postgres = await openEmbeddedPostgres(folder);
  const name = `bench_${process.pid}`;
  await asSuperuser(postgres.superUrl, async (client) => {
    await client.query(`create database ${name} owner oa_owner`);
    await client.query(databaseRights(name));
  });
  const [superUrl, ownerUrl, serverUrl] = [postgres.superUrl, postgres.ownerUrl, postgres.serverUrl].map(
    (url) => inDatabase(url, name),
  );
  await asSuperuser(superUrl, (client) => client.query('create extension btree_gist'));
  await migrate(ownerUrl);
  const pool = new pg.Pool({ connectionString: superUrl, max: connections });
  pool.on('error', () => {}); // told by the query that was under way
  const { rows } = await pool.query(
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')",
  );
  if (rows.some(({ setting }) => setting !== 'on'))
    throw new Error('The bench measures durable commits only');
  return {
    pool,
    superUrl,
    ownerUrl,
    serverUrl,
    async close() {
      await pool.end();
      await asSuperuser(postgres.superUrl, (client) => client.query(`drop database ${name} with (force)`));
      await postgres.close();
    },
  };
}
