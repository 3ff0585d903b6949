import { Test, type TestingModule } from '@nestjs/testing';
import type { ModuleMetadata } from '@nestjs/common';
import pg from 'pg';
import { v7 } from 'uuid';
import { entities } from '../../src/entities.ts';
import { PlatformModule, type Actor, type Place } from '../../src/platform/index.ts';
import { Config, readSettings } from '../../src/platform/config.ts';
import type { TestDatabase } from './database.ts';

/**
 * The services of some rooms on a real database, without the GraphQL door. Close it at the end. Some rooms are never
 * the whole product: what modules do and check at boot happens only when a test calls `init()`.
 */
export async function bootServices(
  serverUrl: string,
  imports: NonNullable<ModuleMetadata['imports']>,
): Promise<TestingModule> {
  const platform = PlatformModule.with({ config: configFor(serverUrl), entities });
  return Test.createTestingModule({ imports: [platform, ...imports] }).compile();
}

/** An actor as the doors would make one; `functions` says what is held where. */
export function actorWith(
  tenant: string,
  functions: readonly string[] | ((place?: Place) => Iterable<string>) = [],
  over: Partial<Actor> = {},
): Actor {
  const functionsAt = typeof functions === 'function' ? functions : () => functions;
  return Object.freeze({
    tenant,
    account: v7(),
    person: v7(),
    name: 'Probe Probst',
    language: 'de' as const,
    posts: [],
    functionsAt: (place?: Place) => new Set(functionsAt(place)),
    ...over,
  });
}

// Not the folder of whoever develops here: it may belong to another user.
const testData = 'node_modules/.cache/offenes-amt/test-data';

// Tests ask as fast as they can, and some people in them ask for many.
const unbraked = { PROFILE: 'demo', DATA_DIR: testData, QUERY_BUDGET: '1000000000' };

/** The settings of a demo installation on the given database. */
export function configFor(serverUrl: string, environment: Record<string, string> = {}): Config {
  const database = { serverUrl, ownerUrl: undefined, listenUrl: undefined, backupUrl: undefined };
  return new Config(readSettings({ ...unbraked, ...environment }), database);
}

/** Founds administrations (key → id) as their owner does, with nothing in them yet. */
export async function foundTenants(database: TestDatabase, tenants: Record<string, string>): Promise<void> {
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  for (const [key, id] of Object.entries(tenants))
    await owner.query('insert into platform.tenant (id, key, name) values ($1, $2, $3)', [
      id,
      key,
      `Verwaltung ${key}`,
    ]);
  await owner.end();
}
