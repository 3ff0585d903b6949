import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { v7 } from 'uuid';
import { applicableCriteria, Catalogue, CatalogueModule, Editions } from '../../src/catalogue/index.ts';
import { IdentityModule, Persons } from '../../src/identity/index.ts';
import { createTenant } from '../../src/founding.ts';
import { Commands, Reads, systemActor, type Actor, type Tx } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices } from '../support/services.ts';

let database: TestDatabase;
let app: TestingModule;
let editions: Editions;
let wanda: Actor;
let vera: Actor;
let hanna: Actor;
let ahornau: string;
let erlental: string;
const file = readFileSync(new URL('../../data/catalogues/administration.yaml', import.meta.url), 'utf8');
const versioned = (version: string, text = file) =>
  Buffer.from(text.replace('version: 1.0.0', `version: ${version}`));

beforeAll(async () => {
  database = await cloneDatabase();
  const found = (key: string) => createTenant(database.ownerUrl, { key, name: `Verwaltung ${key}` });
  [ahornau, erlental] = [await found('ahornau'), await found('erlental')];
  app = await bootServices(database.serverUrl, [IdentityModule, CatalogueModule]);
  editions = app.get(Editions);
  const ids = await inCommand((tx) =>
    app.get(Persons).upsert(
      tx,
      ['Wanda', 'Vera', 'Hanna'].map((name) => ({ personKey: name, displayName: name })),
    ),
  );
  const person = (name: string, functions: string[]) =>
    actorWith(ahornau, functions, { person: ids.get(name)!, name });
  [wanda, vera, hanna] = [
    person('Wanda', ['OPENING_COORD']),
    person('Vera', ['OPENING_COORD']),
    person('Hanna', ['HR']),
  ];
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

async function inCommand<T>(work: (tx: Tx) => Promise<T>, tenant = ahornau): Promise<T> {
  let result: T;
  const request = { name: 'prepare', commandId: v7(), input: null };
  await app.get(Commands).run(systemActor(tenant), request, async (tx) => {
    tx.permit(true);
    result = await work(tx);
    return null;
  });
  return result!;
}
/** A receipt or a refusal: each test says which it expects. */
interface Outcome {
  readonly editionId: string;
  readonly report: { readonly outcome: string; readonly gaps: readonly { readonly path: string }[] };
}
const importing = (actor: Actor, bytes: Uint8Array, over = {}) =>
  editions.importEdition(actor, {
    commandId: v7(),
    bytes,
    dryRun: false,
    ...over,
  }) as Promise<unknown> as Promise<Outcome>;
const publishing = (actor: Actor, editionId: string, expectedRevision = 1) =>
  editions.publishEdition(actor, {
    commandId: v7(),
    editionId,
    expectedRevision,
  }) as Promise<unknown> as Promise<Outcome>;
const edition = async (id: string, actor = wanda) =>
  app.get(Catalogue).edition(await app.get(Reads).db(actor), id);
const rows = async (sql: string) => (await app.get(Reads).db(wanda)).call<{ n: number }>(sql);

describe('from file to draft', () => {
  test('a dry run says what would happen and writes nothing', async () => {
    const { editionId, report } = await importing(wanda, versioned('0.1.0'), { dryRun: true });
    expect(editionId).toBeNull();
    expect(report).toMatchObject({
      key: 'administration',
      outcome: 'NEW',
      criteriaCount: 54,
      coreCount: 13,
      gaps: [],
    });
    expect(await rows('select count(*) as n from catalogue.edition')).toEqual([{ n: 0 }]);
  });

  test('a draft is what the file says, and the same file again changes nothing', async () => {
    const first = await importing(wanda, versioned('0.2.0'));
    const draft = await edition(first.editionId);
    expect(draft).toMatchObject({ key: 'administration', version: '0.2.0', status: 'DRAFT', revision: 1 });
    expect(draft!.fields.map(({ code }) => code).join(' ')).toBe('LEI STE PGE PEN ZUG KOM ADR BET DAT RES');
    expect(draft!.criteria).toHaveLength(54);
    expect(draft!.criteria[0]).toMatchObject({
      code: 'LEI-01',
      field: 'LEI',
      core: true,
      weight: 3,
      levels: ['L0', 'L1', 'L2'],
    });
    expect(draft!.criteria[0]!.fieldOfAction.title.en).toBe('Leadership and strategy');
    expect(applicableCriteria(draft!, { level: 'L2', kind: 'QUE', tags: ['HR'] })).toHaveLength(32);
    const again = await importing(vera, versioned('0.2.0', `# read once more\n${file}`));
    expect(again).toMatchObject({ editionId: first.editionId, report: { outcome: 'UNCHANGED' } });
    expect(await edition(first.editionId)).toMatchObject({ revision: 1, importedBy: wanda.person });
  });

  test('an edition in German only is published, and shown in German to whoever asks in English', async () => {
    const german = file
      .replace('languages: [de, en]', 'languages: [de]')
      .replace(/, en: (?:"[^"]*"|[^},]+)|^ +en: .*\n/gm, '');
    const { editionId, report } = await importing(wanda, versioned('0.2.5', german));
    expect(report.gaps).toEqual([]);
    await publishing(vera, editionId);
    const published = await edition(editionId);
    expect(published).toMatchObject({ status: 'PUBLISHED', languages: ['de'] });
    expect(published!.fields[0]!.title.en).toBe('Leitung und Strategie');
  });

  test('what its source calls a criterion is kept, and the same file changes nothing', async () => {
    const named = versioned(
      '0.2.6',
      file.replace('    core: true', '    core: true\n    reference: CAF 1.2'),
    );
    const { editionId } = await importing(wanda, named);
    expect((await edition(editionId))!.criteria.slice(0, 2).map(({ reference }) => reference)).toEqual([
      'CAF 1.2',
      null,
    ]);
    expect(await importing(wanda, named)).toMatchObject({ report: { outcome: 'UNCHANGED' } });
  });

  test('another content replaces the draft of the same version, under the same id', async () => {
    const { editionId } = await importing(wanda, versioned('0.3.0'));
    const without = file.replace(/ {2}- id: RES-05[\s\S]*$/, '');
    const replaced = await importing(vera, versioned('0.3.0', without));
    expect(replaced).toMatchObject({ editionId, report: { outcome: 'DRAFT_REPLACED', criteriaCount: 53 } });
    const draft = await edition(editionId);
    expect(draft).toMatchObject({ revision: 2, importedBy: vera.person });
    expect(draft!.criteria).toHaveLength(53);
  });

  test('a faulty file is refused as a whole, with the places', async () => {
    const refused = await importing(wanda, versioned('0.4.0', file.replace('weight: 3', 'weight: 4')));
    expect(refused).toMatchObject({
      __typename: 'EditionFileFaulty',
      faults: [{ line: 27, path: 'criteria[0].weight' }],
    });
    expect(await rows(`select count(*) as n from catalogue.edition where version = '0.4.0'`)).toEqual([
      { n: 0 },
    ]);
  });

  test('ten simultaneous imports of one file make one edition', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => importing(wanda, versioned('0.5.0'))),
    );
    expect(outcomes.filter(({ report }) => report.outcome === 'NEW')).toHaveLength(1);
    expect(new Set(outcomes.map(({ editionId }) => editionId)).size).toBe(1);
  });

  test('who is not of the integration centre may not, not even as a dry run', async () => {
    expect(await importing(hanna, versioned('0.6.0'), { dryRun: true })).toMatchObject({
      __typename: 'NotAllowed',
    });
  });
});

describe('from draft to published', () => {
  test('four eyes: whoever read it in cannot publish it, a second person can, once', async () => {
    const { editionId } = await importing(wanda, versioned('1.0.0'));
    expect(await publishing(wanda, editionId)).toMatchObject({ __typename: 'PublisherMustBeAnother' });
    expect(await publishing(hanna, editionId)).toMatchObject({ __typename: 'NotAllowed' });
    expect(await publishing(vera, editionId, 7)).toMatchObject({
      __typename: 'ChangedMeanwhile',
      currentVersion: 1,
    });
    expect(await publishing(vera, editionId)).toEqual({ editionId });
    expect(await edition(editionId)).toMatchObject({ status: 'PUBLISHED' });
    expect(await publishing(vera, editionId, 2)).toMatchObject({
      __typename: 'NotPossibleNow',
      state: 'PUBLISHED',
    });
  });

  test('a draft that lacks something is not published, and each gap is named', async () => {
    const text = file.replace(', en: "Leadership mandate"', '').replace('de: "keiner", ', '');
    const { editionId, report } = await importing(wanda, versioned('1.1.0', text));
    expect(report.gaps.map(({ path }: { path: string }) => path)).toEqual([
      'scale[0].proof',
      'criteria[0].title',
    ]);
    const refused = await publishing(vera, editionId);
    expect(refused).toMatchObject({ __typename: 'EditionIncomplete', gaps: report.gaps });
  });

  test('other content for a published version is refused; as a higher version it shows its difference', async () => {
    const other = file.replace('weight: 3', 'weight: 2').replaceAll('LEI-06', 'LEI-07');
    expect(await importing(wanda, versioned('1.0.0', other))).toMatchObject({
      __typename: 'EditionAlreadyPublished',
      edition: { version: '1.0.0', status: 'PUBLISHED' },
    });
    const { report } = await importing(wanda, versioned('1.2.0', other), { dryRun: true });
    expect(report).toMatchObject({
      comparedWith: '1.0.0',
      added: ['LEI-07'],
      changed: ['LEI-01'],
      removed: ['LEI-06'],
    });
  });

  test('the database itself holds a published edition against every change', async () => {
    const [{ id }] = (await rows(`select id from catalogue.edition where status = 'PUBLISHED'`)) as never as [
      { id: string },
    ];
    const server = new pg.Client(database.serverUrl);
    await server.connect();
    await server.query(`select set_config('app.tenant', $1, false)`, [ahornau]);
    for (const statement of [
      `update catalogue.edition set title = '{}' where id = '${id}'`,
      `update catalogue.edition set status = 'DRAFT', published_at = null where id = '${id}'`,
      `update catalogue.criterion set weight = 1 where edition_id = '${id}'`,
      `delete from catalogue.criterion where edition_id = '${id}'`,
      `insert into catalogue.field (id, edition_id, position, code, title) values ('${v7()}', '${id}', 99, 'NEU', '{}')`,
    ])
      await expect(server.query(statement)).rejects.toMatchObject({ code: '23514' });
    await expect(server.query(`delete from catalogue.edition where id = '${id}'`)).rejects.toMatchObject({
      code: '42501',
    });
    await server.end();
  });
});

test('the shipped catalogues arrive published, once, in each administration of its own', async () => {
  for (const _ of [1, 2]) await inCommand((tx) => editions.loadShippedCatalogues(tx), erlental);
  const there = actorWith(erlental, ['OPENING_COORD']);
  const db = await app.get(Reads).db(there);
  const catalogues = await app.get(Catalogue).catalogues(db, false);
  expect(catalogues.map(({ key, editionIds }) => [key, editionIds.length])).toEqual([
    ['administration', 1],
    ['case-management', 1],
    ['education', 1],
  ]);
  const newest = await app.get(Catalogue).newest(db, 'education');
  expect(newest).toMatchObject({ status: 'PUBLISHED', importedBy: null });
  expect(await edition(newest!.id, wanda)).toBeUndefined();
});

test('editions are listed by number, not by letters; drafts only where wished', async () => {
  await importing(wanda, versioned('0.10.0'));
  const db = await app.get(Reads).db(wanda);
  const listed = async (drafts: boolean) => {
    const [catalogue] = await app.get(Catalogue).catalogues(db, drafts);
    return Promise.all(
      catalogue!.editionIds.map(async (id) => (await app.get(Catalogue).edition(db, id))!.version),
    );
  };
  expect(await listed(true)).toEqual([
    '1.1.0',
    '1.0.0',
    '0.10.0',
    '0.5.0',
    '0.3.0',
    '0.2.6',
    '0.2.5',
    '0.2.0',
  ]);
  expect(await listed(false)).toEqual(['1.0.0', '0.2.5']);
});
