// From settings to a database that is there, ours and of this version; every fault is one sentence.
import pg from 'pg';
import { BootFault } from '../words/boot-fault.ts';
import type { DatabaseUrls, Settings } from '../config.ts';
import { migrate } from '../database/db.ts';
import { appliedMigrations, knownMigrations, missingMigrations } from '../database/schema-version.ts';
import { functionMarks, staleFunctions } from '../database/sql-functions.ts';
import { checkForeignDatabase, connect } from './foreign-database.ts';
import { patiently } from './patience.ts';

export interface OpenDatabase {
  readonly urls: DatabaseUrls;
  /** Resolves when the embedded database is gone without our doing; never for a foreign one. */
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts or finds the database, brings its schema up where an owner's address is known, and checks it. */
export async function openDatabase(settings: Settings): Promise<OpenDatabase> {
  const database = settings.foreignDatabase
    ? { urls: settings.foreignDatabase, ended: new Promise<void>(() => {}), close: async () => {} }
    : await openEmbedded(settings);
  const { ownerUrl, serverUrl } = database.urls;
  const waitMs = settings.foreignDatabase ? settings.databaseWaitMs : 0;
  const bringUp = async () => {
    if (settings.foreignDatabase) await checkForeignDatabase(settings.foreignDatabase, waitMs);
    if (ownerUrl) await migrateAlone(ownerUrl, settings);
    await checkVersion(serverUrl, settings);
  };
  try {
    // A migration is one transaction, so after a cut all of it may be done once more.
    await patiently(waitMs, bringUp, (why) =>
      console.log(`The connection to the database was cut during the start (${why}); trying again.`),
    );
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openEmbedded(settings: Settings): Promise<OpenDatabase> {
  // Loaded here alone: a server on a PostgreSQL of its own has no use for it, nor its packages.
  const { openEmbeddedPostgres } = await import('../embedded/embedded-postgres.ts');
  const { serverUrl, ownerUrl, superUrl, ended, close } = await openEmbeddedPostgres(settings.dataDir);
  return { urls: { serverUrl, ownerUrl, listenUrl: undefined, backupUrl: superUrl }, ended, close };
}

/** Several servers may start on one database at once: one migrates, the others wait and find it done. */
async function migrateAlone(ownerUrl: string, settings: Settings): Promise<void> {
  const lock = await connect(ownerUrl, 'DATABASE_OWNER_URL');
  try {
    await lock.query('select pg_advisory_lock(20261124)');
    const applied = await appliedMigrations(lock);
    refuseUnknown(applied, settings);
    if (missingMigrations(applied).length > 0 || (await otherFunctions(lock)).length > 0)
      await migrate(ownerUrl);
  } finally {
    await lock.end();
  }
}

async function checkVersion(serverUrl: string, settings: Settings): Promise<void> {
  const client = await connect(serverUrl, 'DATABASE_URL');
  try {
    const applied = await readVersion(client);
    refuseUnknown(applied, settings);
    const state = stateOf(applied, await otherFunctions(client));
    if (state)
      throw new BootFault(
        `The database ${state}; set DATABASE_OWNER_URL once so that it can be brought up to date.`,
      );
  } finally {
    await client.end();
  }
}

async function readVersion(client: pg.Client): Promise<string[]> {
  try {
    return await appliedMigrations(client);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new BootFault('The role of DATABASE_URL may not read our schema; make it a member of oa_server.');
  }
}

async function otherFunctions(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; mark: string }>(functionMarks);
  return staleFunctions(rows).map(({ name }) => name);
}

/** What keeps the server from working on the database, if anything does. */
function stateOf(applied: readonly string[], functions: readonly string[]): string | undefined {
  if (applied.length === 0) return 'has no schema yet';
  const [missing] = missingMigrations(applied);
  if (missing) return `has an older schema (${missing} is missing)`;
  return functions.length > 0 ? `has other functions than this version (${functions[0]})` : undefined;
}

/**
 * Refuses a database whose migrations are not ours: a newer one, and one that was founded before the baseline (ADR 71).
 * @throws BootFault
 */
function refuseUnknown(applied: readonly string[], settings: Settings): void {
  const known = knownMigrations();
  const unknown = applied.find((name) => !known.includes(name));
  if (!unknown) return;
  throw new BootFault(
    unknown < known[0]!
      ? foundedEarlier(settings)
      : `The database has a newer schema (${unknown}) than this version knows; start the newer version.`,
  );
}

/** Nothing of it is deleted by itself: it may hold what somebody wants to keep. */
const foundedEarlier = ({ foreignDatabase, dataDir }: Settings): string =>
  foreignDatabase
    ? 'The database was founded by a trial version from before the first release and cannot be brought up to this one; take out with that version what is to be kept, and set DATABASE_URL to an empty database.'
    : `The database in ${dataDir} was founded by a trial version from before the first release and cannot be brought up to this one; npm run reset deletes it, and the next start founds the administration anew.`;
