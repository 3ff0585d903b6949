import { defineConfig, MikroORM, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { fileURLToPath } from 'node:url';
import { BoundDriver } from './bound-driver.ts';
import { functionMarks, makeFunction, staleFunctions, type SqlFunction } from './sql-functions.ts';

const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** How every connection of the server is made. The server's role owns nothing; entities are listed, never globbed. */
export function ormOptions(serverUrl: string, entities: Options['entities']): Options {
  return defineConfig({
    driver: BoundDriver,
    clientUrl: serverUrl,
    entities: entities ?? [],
    discovery: { warnWhenNoEntities: false },
    driverOptions: { application_name: 'offenes-amt' },
    pool: { min: 0, max: 12 },
    sessionContext: 'transaction',
    allowGlobalContext: false,
    timezone: 'UTC',
    logger: () => {}, // statements are the database's to log, which knows them without their values
  });
}

/**
 * Brings the schema up to this version as its owner, all or nothing: migrations, then the functions that changed.
 * Returns the names of what was applied.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const orm = await MikroORM.init({
    clientUrl: ownerUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    logger: () => {},
    migrations: {
      path: migrationsFolder,
      pathTs: migrationsFolder,
      glob: 'Migration*.ts',
      emit: 'ts',
      snapshot: false,
      tableName: 'platform.migration',
      allOrNothing: true,
    },
  });
  try {
    const migrator = orm.migrator as unknown as Migrator;
    return await orm.em.fork().transactional(async (em) => {
      const migrations = await migrator.up({ transaction: em.getTransactionContext()! });
      const functions = staleFunctions(await em.execute<SqlFunction[]>(functionMarks));
      for (const changed of functions) await em.execute(makeFunction(changed));
      return [...migrations, ...functions].map(({ name }) => name);
    });
  } finally {
    await orm.close(true);
  }
}
