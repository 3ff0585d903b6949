import { databaseRights } from '../../src/platform/embedded/embedded-postgres-roles.ts';
import { asSuperuser, inDatabase, type Cluster } from './cluster.ts';

/** A database of one test file's own. */
export interface TestDatabase {
  /** Sees and changes everything; what tests use to look past the rules. */
  readonly superUrl: string;
  readonly ownerUrl: string;
  readonly serverUrl: string;
  readonly name: string;
  readonly drop: () => Promise<void>;
}

/** The run's cluster, as Jest's set-up told it. */
export function cluster(): Cluster {
  return JSON.parse(process.env.OFFENES_AMT_TEST_CLUSTER!) as Cluster;
}

/** A copy of a database; by default of a migrated one without any content, in about 40 ms. Drop it at the end. */
export const cloneDatabase = (of = cluster().template): Promise<TestDatabase> =>
  make(`template ${of} strategy file_copy`);

/** A database that was never migrated, as a fresh installation finds it. */
export const emptyDatabase = (): Promise<TestDatabase> => make('');

let made = 0;

async function make(from: string): Promise<TestDatabase> {
  const { superUrl, ownerUrl, serverUrl } = cluster();
  // The set-up ran in our parent, or in ourselves when Jest runs in band: either lives as long as the run.
  const name = `test_${process.env.OFFENES_AMT_TEST_RUN}_${process.pid}_${Date.now().toString(36)}_${++made}`;
  await asSuperuser(superUrl, async (client) => {
    await client.query(`create database ${name} owner oa_owner ${from}`);
    await client.query(databaseRights(name));
  });
  if (!from)
    await asSuperuser(inDatabase(superUrl, name), (client) => client.query('create extension btree_gist'));
  return {
    name,
    superUrl: inDatabase(superUrl, name),
    ownerUrl: inDatabase(ownerUrl, name),
    serverUrl: inDatabase(serverUrl, name),
    drop: () =>
      asSuperuser(
        superUrl,
        async (client) => void (await client.query(`drop database if exists ${name} with (force)`)),
      ),
  };
}
