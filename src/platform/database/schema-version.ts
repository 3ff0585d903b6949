import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** The migrations of this version, oldest first. */
export const knownMigrations = (): string[] =>
  readdirSync(join(import.meta.dirname, '../../../migrations'))
    .filter((file) => /^Migration.*\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();

/** The migrations that a database has had, oldest first; none when it was never migrated. */
export async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: there } = await client.query(
    "select to_regclass('platform.migration') is not null as is_there",
  );
  if (!there[0].is_there) return [];
  const { rows } = await client.query<{ name: string }>('select name from platform.migration order by name');
  return rows.map(({ name }) => name);
}

/** The migrations of this version that a database has not had, oldest first. */
export const missingMigrations = (applied: readonly string[]): string[] =>
  knownMigrations().filter((name) => !applied.includes(name));
