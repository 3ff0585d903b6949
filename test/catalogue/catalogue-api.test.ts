import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { foundAdministration } from '../../src/founding.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

// Wanda and Vera work at the integration centre, Kemal at the HR office, Ben nowhere in particular.
let database: TestDatabase;
let server: TestApp;
const file = readFileSync(new URL('../../data/catalogues/administration.yaml', import.meta.url), 'utf8');
const versioned = (version: string, text = file) => text.replace('version: 1.0.0', `version: ${version}`);

beforeAll(async () => {
  database = await cloneDatabase();
  server = await bootApp(database, 'ahornau');
  const person = (key: string, ...functions: string[]) => ({ key, name: `${key} Probe`, functions });
  await foundAdministration(server.app, database.ownerUrl, { key: 'ahornau', name: 'StädteRegion Ahornau' }, [
    person('Wanda', 'OPENING_COORD'),
    person('Vera', 'OPENING_COORD'),
    person('Kemal', 'HR'),
    person('Ben'),
  ]);
}, 60_000);
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

const report =
  'edition { id version status revision } report { outcome criteriaCount added changed removed gaps { path message } }';
const importing = async (key: string, text: string, dryRun = false) =>
  server.act(
    key,
    'importEdition',
    { importId: await server.upload('Wanda', 'catalogue.yaml', text), dryRun },
    report,
  );

describe('the integration centre publishes an edition', () => {
  test('dry run, draft, a second person publishes; everybody then reads it, in their language', async () => {
    const dry = await importing('Wanda', versioned('1.1.0'), true);
    expect(dry).toMatchObject({
      edition: null,
      report: { outcome: 'NEW', criteriaCount: 54, added: [], changed: [], gaps: [] },
    });
    const { edition } = await importing('Wanda', versioned('1.1.0'));
    expect(edition).toMatchObject({ version: '1.1.0', status: 'DRAFT', revision: 1 });

    const input = { editionId: edition.id, expectedRevision: edition.revision };
    expect(await server.act('Wanda', 'publishEdition', input)).toMatchObject({
      __typename: 'PublisherMustBeAnother',
    });
    const published = await server.does(
      'Vera',
      'publishEdition',
      input,
      'edition { status publishedAt gaps { path } }',
    );
    expect(published['edition']).toMatchObject({ status: 'PUBLISHED', gaps: [] });

    const query = `query ($id: ID!) { edition(id: $id) { title scale { level label proof } fields { code title }
      criteria(field: "STE") { code title description indicator evidence core weight levels unitKinds fieldOfAction { code } } } }`;
    const [german, english] = await Promise.all(
      (['de', 'en'] as const).map((language) => server.ask('Ben', query, { id: edition.id }, language)),
    );
    expect(german!.data!['edition'].criteria[0]).toMatchObject({
      code: 'STE-01',
      title: 'Benannte Zuständigkeit',
      core: true,
    });
    expect(english!.data!['edition'].criteria[0]).toMatchObject({
      title: 'Named competence',
      evidence: 'extract of the distribution of business, assignment record',
    });
    expect(english!.data!['edition'].scale[4]).toEqual({
      level: 4,
      label: 'anchored',
      proof: 'changed rule or process, confirmed by a third party',
    });
  });

  test('drafts and their gaps are the centre’s alone', async () => {
    const { edition } = await importing(
      'Wanda',
      versioned('1.2.0', file.replace(', en: "Leadership mandate"', '')),
    );
    const query = `query ($id: ID!) { edition(id: $id) { version gaps { path message } } }`;
    expect((await server.see('Vera', query, { id: edition.id }))['edition'].gaps).toEqual([
      { path: 'criteria[0].title', message: 'LEI-01: „title“ fehlt auf Englisch.' },
    ]);
    expect((await server.see('Ben', query, { id: edition.id }))['edition']).toBeNull();
    const listed = `{ catalogues { key editions { version } } }`;
    const versions = async (key: string) =>
      (await server.see(key, listed))['catalogues'].find(
        (catalogue: { key: string }) => catalogue.key === 'administration',
      ).editions;
    expect(await versions('Vera')).toEqual([
      { version: '1.2.0' },
      { version: '1.1.0' },
      { version: '1.0.0' },
    ]);
    expect(await versions('Ben')).toEqual([{ version: '1.1.0' }, { version: '1.0.0' }]);
  });

  test('what is asked of the HR office follows from its level, kind and tag', async () => {
    const { catalogues } = await server.see('Ben', `{ catalogues { key editions { id version } } }`);
    const { id } = catalogues.find(({ key }: { key: string }) => key === 'administration').editions.at(-1);
    const query = `query ($id: ID!, $tags: [String!]!) { criteriaFor(editionId: $id, level: L2, kind: "QUE", tags: $tags) { coreCount weight criteria { code } } }`;
    const { criteriaFor } = await server.see('Ben', query, { id, tags: ['HR'] });
    expect({ ...criteriaFor, criteria: criteriaFor.criteria.length }).toEqual({
      coreCount: 10,
      weight: 73,
      criteria: 32,
    });
  });
});

describe('what is refused', () => {
  test('people without the function, though signed in', async () => {
    expect(await importing('Kemal', versioned('9.0.0'))).toMatchObject({ __typename: 'NotAllowed' });
    const input = { editionId: v7(), expectedRevision: 1 };
    expect(await server.act('Ben', 'publishEdition', input)).toMatchObject({ __typename: 'NotAllowed' });
  });

  test('a faulty file, with line and column', async () => {
    const importId = await server.upload('Wanda', 'catalogue.yaml', file.replace('weight: 3', 'weight: 7'));
    const query = `mutation ($input: ImportEditionInput!) { importEdition(input: $input) { ... on EditionFileFaulty { message faults { line column path message } } } }`;
    const { importEdition } = await server.see('Wanda', query, { input: { commandId: v7(), importId } });
    expect(importEdition.faults).toEqual([
      {
        line: 27,
        column: 5,
        path: 'criteria[0].weight',
        message: '„weight“ passt nicht. Erwartet: eine ganze Zahl von 1 bis 3.',
      },
    ]);
  });

  test('ids that are unknown or none, another commandId’s input, and a stale revision', async () => {
    const code = async (mutation: string, type: string, input: object) =>
      (
        await server.ask(
          'Wanda',
          `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`,
          { input: { commandId: v7(), ...input } },
        )
      ).errors?.[0]?.extensions.code;
    expect(await code('importEdition', 'ImportEditionInput', { importId: v7() })).toBe('NOT_FOUND');
    expect(await code('importEdition', 'ImportEditionInput', { importId: 'none' })).toBe('BAD_INPUT');
    expect(
      await code('publishEdition', 'PublishEditionInput', { editionId: v7(), expectedRevision: 1 }),
    ).toBe('NOT_FOUND');

    const { edition } = await importing('Wanda', versioned('2.0.0'));
    const stale = { editionId: edition.id, expectedRevision: 9 };
    expect(await server.act('Vera', 'publishEdition', stale)).toMatchObject({
      __typename: 'ChangedMeanwhile',
    });
    const commandId = v7();
    const once = { commandId, editionId: edition.id, expectedRevision: 1 };
    for (const _ of [1, 2])
      expect(await server.act('Vera', 'publishEdition', once)).toMatchObject({
        __typename: 'PublishEditionSuccess',
      });
    expect(await server.act('Vera', 'publishEdition', { ...once, expectedRevision: 2 })).toMatchObject({
      __typename: 'CommandIdReused',
    });
    expect(await server.act('Vera', 'publishEdition', { ...once, commandId: v7() })).toMatchObject({
      __typename: 'NotPossibleNow',
      state: 'PUBLISHED',
    });
  });
});

describe('at the door', () => {
  const post = (headers: Record<string, string>, query = '{ __schema { queryType { name } } }') =>
    server.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      payload: { query },
    });

  test('an anonymous request ends before execution, even a question about the schema', async () => {
    const answer = await post({ 'accept-language': 'en' });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({
      errors: [
        {
          message: 'Please sign in: an access token is missing (Authorization: Bearer …).',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
    expect(answer.json()).not.toHaveProperty('data');
  });

  test('the signed-in person is told who they are and what they hold', async () => {
    expect(
      await server.see('Wanda', '{ me { person { displayName } language functions functionNames } }'),
    ).toEqual({
      me: {
        person: { displayName: 'Wanda Probe' },
        language: 'DE',
        functions: ['OPENING_COORD'],
        functionNames: ['Öffnungskoordination'],
      },
    });
  });
});
