import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadDemo } from '../../src/demo/load-demo.ts';
import { readStory } from '../../src/demo/story.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const issuer = 'https://sign-in.example/ahornau';
let database: TestDatabase;
let app: TestApp;
let seconds: number;

beforeAll(async () => {
  database = await cloneDatabase();
  app = await bootApp(database, 'ahornau');
  const began = performance.now();
  await loadDemo(app.app, database.ownerUrl, issuer);
  seconds = (performance.now() - began) / 1000;
}, 300_000);
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

test('every unit of the story is where the story says', async () => {
  console.log(`demo loaded in ${seconds.toFixed(1)} s`);
  const story = await readStory();
  const expected = Object.fromEntries(
    story.rounds.flatMap(({ key, ways }) =>
      ways.flatMap(({ units, reached }) => units.map((code) => [`${key} ${code}`, reached])),
    ),
  );
  expect(Object.keys(expected).length).toBeGreaterThan(100);
});
