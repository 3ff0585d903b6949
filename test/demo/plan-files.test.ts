import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { IdentityModule } from '../../src/identity/index.ts';
import {
  createAdministration,
  Imports,
  Organisation,
  OrganisationModule,
} from '../../src/organisation/index.ts';
import { Access, isRefusal, newId, Reads } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices } from '../support/services.ts';

let database: TestDatabase;
let app: TestingModule;
let hr: ReturnType<typeof actorWith>;

beforeAll(async () => {
  database = await cloneDatabase();
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  const tenant = await createAdministration(owner, { key: 'ahornau', name: 'StädteRegion Ahornau' });
  await owner.end();
  hr = actorWith(tenant, ['HR']);
  app = await bootServices(database.serverUrl, [IdentityModule, OrganisationModule]);
  app.get(Access).policy({ 'organisation.import': (_source, actor) => actor.functionsAt().has('HR') });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const files = {
  'units.csv': 'units.csv',
  'posts.csv': 'posts.csv',
  'holders.csv': 'holders.csv',
  'gvp.csv': 'business-distribution.csv',
};

async function upload(): Promise<string[]> {
  const ids: string[] = [];
  for (const [format, fileName] of Object.entries(files)) {
    const bytes = await readFile(new URL(`../../data/demo/${fileName}`, import.meta.url));
    const file = await app.get(Imports).upload(hr, { format: format as never, fileName, bytes }, true);
    if (isRefusal(file)) throw new Error(file.message.en);
    ids.push(file.id);
  }
  return ids;
}

test('The demo administration is imported without a fault, and a second time without a change', async () => {
  const imports = app.get(Imports);
  const first = await imports.apply(hr, { commandId: newId(), importIds: await upload() });
  expect(first).not.toHaveProperty('faults');
  expect(first).toMatchObject({ changed: 0, ended: 0 });
  const again = await imports.apply(hr, { commandId: newId(), importIds: await upload() });
  expect(again).toMatchObject({ added: 0, changed: 0, ended: 0, moved: 0 });
  const tree = await app.get(Organisation).tree(await app.get(Reads).db(hr));
  expect(tree.subtree(tree.top()!.id)).toHaveLength(150);
  expect(tree.areas().map(({ code }) => code)).toEqual(['D1', 'D2', 'D3', 'D4', 'D5', 'SR']);
});
