import { defineConfig, MikroORM, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { fileURLToPath } from 'node:url';
import { BoundDriver } from './bound-driver.ts';

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

/** Brings the schema up to this version as its owner. Returns the names of the migrations that were applied. */
export async function migrate(ownerUrl: string): Promise<string[]> {
  return withMigrator(ownerUrl, async (migrator) => (await migrator.up()).map(({ name }) => name));
}

async function withMigrator<T>(ownerUrl: string, work: (migrator: Migrator) => Promise<T>): Promise<T> {
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
    return await work(orm.migrator as unknown as Migrator);
  } finally {
    await orm.close(true);
  }
}
