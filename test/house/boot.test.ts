import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.ts';
import { Access, type FieldRule } from '../../src/platform/index.ts';
import { FieldPolicy } from '../../src/responsibility/functions/field-policy.service.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { configFor } from '../support/services.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database?.drop());

/** Boots the whole server with another policy in the place of the registered one. */
async function boot(policy: ((access: Access) => void) | undefined): Promise<void> {
  const module = await Test.createTestingModule({ imports: [AppModule.with(configFor(database.serverUrl))] })
    .overrideProvider(FieldPolicy)
    .useFactory({ factory: (access: Access) => policy?.(access) ?? {}, inject: [Access] })
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
    logger: false,
  });
  try {
    await app.init();
  } finally {
    await app.close();
  }
}

describe('the server does not start', () => {
  test('without a policy', async () => {
    await expect(boot(undefined)).rejects.toThrow('No policy is registered');
  });

  test('with a field whose action no rule knows, and names the field', async () => {
    const knowsMe: Record<string, FieldRule> = { 'me.read': () => true };
    await expect(boot((access) => access.policy(knowsMe))).rejects.toThrow(
      /Fields without an access rule: .*Query\.rounds \(no rule 'round\.read'\)/,
    );
  });
});

test('without somebody to authenticate requests nothing is answered', () => {
  expect(() => new Access().authenticate({})).toThrow('Nobody is registered');
});
