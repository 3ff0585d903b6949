import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { v7 } from 'uuid';
import { IdentityModule } from '../../src/identity/index.ts';
import {
  createAdministration,
  Imports,
  Organisation,
  OrganisationModule,
  PlanHooks,
} from '../../src/organisation/index.ts';
import type {
  ImportFormat,
  ImportRefused,
  ImportRequest,
} from '../../src/organisation/import/imports.service.ts';
import { Access, Clock, isRefusal, Reads, type Actor } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices } from '../support/services.ts';

let database: TestDatabase;
let app: TestingModule;
let owner: pg.Client;
let imports: Imports;
let organisation: Organisation;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  app = await bootServices(database.serverUrl, [IdentityModule, OrganisationModule]);
  app.get(Access).policy({ 'organisation.import': (_, actor) => actor.functionsAt().has('HR') });
  imports = app.get(Imports);
  organisation = app.get(Organisation);
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

/** An administration of its own for each story, with somebody of HR in it. */
async function founded(key: string): Promise<Actor> {
  const tenant = await createAdministration(owner, { key, name: `Kreis ${key}` });
  return actorWith(tenant, ['HR']);
}
const upload = async (hr: Actor, format: ImportFormat, lines: readonly string[]) => {
  const file = await imports.upload(
    hr,
    { format, fileName: format, bytes: Buffer.from(lines.join('\n')) },
    true,
  );
  if (isRefusal(file)) throw new Error(file.message.de);
  return file.id;
};
const apply = async (hr: Actor, importIds: readonly string[], over: Partial<ImportRequest> = {}) => {
  const outcome = await imports.apply(hr, { commandId: v7(), importIds, ...over });
  if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
};
const db = (actor: Actor) => app.get(Reads).db(actor);
const shape = async (hr: Actor, at = {}) => {
  const tree = await organisation.tree(await db(hr), at);
  return tree
    .all()
    .map(({ id, code, name, headcount }) => [tree.parent(id)?.code ?? '', code, name, headcount].join(' '));
};
const on = <T>(day: string, work: () => Promise<T>) => app.get(Clock).at(new Date(`${day}T10:00:00Z`), work);

const unitHead = 'code;name;parentCode;level;kind;headcount';
const postHead = 'postNo;unitCode;function;isManagement;status';
const holderHead = 'postNo;personKey;displayName;mail;type;from;to';
const region = [
  unitHead,
  'TOP;Spitze;;L0;SPI;',
  'D1;Dezernat I;TOP;L1;DEZ;',
  'A1;Amt 1;D1;L2;PUB;40',
  'A2;Amt 2;D1;L2;FAC;',
];
const staff = [
  postHead,
  'P1;TOP;Landrätin;ja;',
  'P2;A1;Amtsleitung;ja;',
  'P3;A2;Amtsleitung;ja;vacant',
  'P4;A2;Sachbearbeitung;;',
];
const people = [
  holderHead,
  'P1;k1;Ada Alt;ada@kreis.example;holder;2020-01-01;',
  'P2;k2;Ben Berg;;holder;2021-01-01;',
  'P2;k3;Cem Can;;deputy;2021-01-01;',
];

test('an import is applied once, and again changes nothing', async () => {
  const hr = await founded('once');
  const files = [
    await upload(hr, 'units.csv', region),
    await upload(hr, 'posts.csv', staff),
    await upload(hr, 'holders.csv', people),
  ];
  expect(await apply(hr, files)).toEqual({
    planVersion: 1,
    added: 11,
    changed: 0,
    moved: 0,
    ended: 0,
    unchanged: 0,
    warnings: 2, // no head, and units whose head count nobody stated
  });
  expect(await shape(hr)).toEqual([
    ' TOP Spitze 42', // a superior unit has at least the staff of those below it
    'TOP D1 Dezernat I 41',
    'D1 A1 Amt 1 40',
    'D1 A2 Amt 2 1',
  ]);

  expect(await apply(hr, files)).toMatchObject({
    planVersion: 1,
    added: 0,
    changed: 0,
    ended: 0,
    unchanged: 11,
  });
  const again = await upload(hr, 'units.csv', region);
  expect(await apply(hr, [again])).toMatchObject({ planVersion: 1, unchanged: 4 });
});

test('the dry run tells what the import then does', async () => {
  const hr = await founded('dry');
  await apply(hr, [await upload(hr, 'units.csv', region), await upload(hr, 'posts.csv', staff)]);
  const changed = [
    unitHead,
    'TOP;Spitze;;L0;SPI;',
    'D1;Dezernat I;TOP;L1;DEZ;',
    'A1;Bürgeramt;TOP;L2;PUB;40',
    'A3;Amt 3;D1;L2;FAC;',
  ];
  const files = [
    await upload(hr, 'units.csv', changed),
    await upload(hr, 'posts.csv', [...staff.slice(0, 3), 'P3;A3;Amtsleitung;ja;']),
  ];
  const preview = await imports.preview(hr, { commandId: v7(), importIds: files });
  if (isRefusal(preview)) throw new Error(JSON.stringify(preview));
  expect(
    preview.draft.differences.map(({ change, code, fields }) =>
      [change, code, fields.map(({ field }) => field).join()].join(' '),
    ),
  ).toEqual(['MOVED A1 name,parentCode', 'ADDED A3 ', 'ENDED A2 ', 'MOVED P3 unitCode,status', 'ENDED P4 ']);
  expect((await shape(hr)).length).toBe(4);
  const outcome = await apply(hr, files, { expectedPlanVersion: preview.planVersion });
  expect(outcome).toMatchObject({ planVersion: 2, added: 1, moved: 2, ended: 2 });
  expect(await shape(hr)).toEqual([
    ' TOP Spitze 42',
    'TOP D1 Dezernat I 1',
    'D1 A3 Amt 3 1',
    'TOP A1 Bürgeramt 40',
  ]);

  const late = await imports.apply(hr, {
    commandId: v7(),
    importIds: files,
    expectedPlanVersion: preview.planVersion,
  });
  expect(late).toMatchObject({ __typename: 'ChangedMeanwhile', currentVersion: 2 });
});

test('a fault refuses everything, and names file and line', async () => {
  const hr = await founded('faults');
  const files = [
    await upload(hr, 'units.csv', [...region, 'A9;Amt 9;D9;L2;PUB;']),
    await upload(hr, 'posts.csv', [...staff, 'P5;A1;Leitung;ja;']),
  ];
  const outcome = await imports.apply(hr, { commandId: v7(), importIds: files });
  expect(outcome).toMatchObject({ __typename: 'ImportRefused', faultCount: 2 });
  expect((outcome as ImportRefused).faults).toMatchObject([
    { code: 'UNKNOWN_PARENT', severity: 'FAULT', file: 'units.csv', line: 6, field: 'parentCode' },
    { code: 'TWO_HEADS', file: 'posts.csv', line: 6 },
    { code: 'NO_HEAD', severity: 'WARNING', file: 'units.csv', line: 3 },
    { code: 'NO_HEAD', file: 'units.csv', line: 6 },
  ]);
  expect(await shape(hr)).toEqual([]);
});

test('both axes of time: as it is on a day, and as it stood in the books on a day', async () => {
  const hr = await founded('axes');
  await on('2026-01-10', async () =>
    apply(hr, [await upload(hr, 'units.csv', region)], { validFrom: '2020-01-01' }),
  );
  const renamed = region.map((line) => line.replace('Amt 1', 'Bürgeramt'));
  await on('2026-03-10', async () =>
    apply(hr, [await upload(hr, 'units.csv', renamed)], { validFrom: '2026-02-01' }),
  );
  const nameOn = async (at: object) => (await organisation.tree(await db(hr), at)).byCode('A1')?.name;
  expect(await nameOn({ on: '2026-01-31' })).toBe('Amt 1');
  expect(await nameOn({ on: '2026-02-01' })).toBe('Bürgeramt');
  expect(await nameOn({ asOf: '2026-03-09' })).toBe('Amt 1'); // the new name was not in the books yet
  expect(await nameOn({ on: '2026-03-01', asOf: '2026-03-10' })).toBe('Bürgeramt');
  expect(await nameOn({ asOf: '2026-01-09' })).toBeUndefined();
  expect(await nameOn({ on: '2019-12-31' })).toBeUndefined();
});

test('holders: who is at a post, in which capacity, and what the actor holds', async () => {
  const hr = await founded('holders');
  await apply(hr, [
    await upload(hr, 'units.csv', region),
    await upload(hr, 'posts.csv', staff),
    await upload(hr, 'holders.csv', people),
  ]);
  const reading = await db(hr);
  const posts = await organisation.posts(reading, {});
  const heads = await organisation.headPost(
    reading,
    posts.map(({ unitId }) => unitId),
  );
  expect(
    [...heads.values()].map(({ postNo, holders }) => [postNo, holders.map(({ as }) => as).join()].join(' ')),
  ).toEqual(['P1 HOLDER', 'P2 HOLDER,DEPUTY', 'P3 ']);
  const deputy = posts.find(({ postNo }) => postNo === 'P2')!.holders.find(({ as }) => as === 'DEPUTY')!;
  expect(await organisation.heldPosts(reading, deputy.personId)).toMatchObject([
    { level: 'L2', isManagement: true, as: 'DEPUTY' },
  ]);
  const vacant = await organisation.postPage(reading, {
    unitIds: null,
    vacant: true,
    after: null,
    limit: 10,
  });
  expect(vacant.map(({ postNo }) => postNo)).toEqual(['P3', 'P4']);
});

test('tasks of the distribution of business, and the units a unit came from', async () => {
  const hr = await founded('tasks');
  await on('2026-02-01', async () =>
    apply(hr, [
      await upload(hr, 'units.csv', region),
      await upload(hr, 'posts.csv', staff),
      await upload(hr, 'gvp.csv', [
        'gvpRef;unitCode;task;postNo;deputyPostNo;version',
        'G1;A2;Anträge;P4;P3;2026',
        'G2;A2;Widersprüche;P4;;2026',
      ]),
    ]),
  );
  const merged = [
    `${unitHead};predecessorCodes`,
    'TOP;Spitze;;L0;SPI;;',
    'D1;Dezernat I;TOP;L1;DEZ;;',
    'A9;Neues Amt;D1;L2;PUB;41;A1|A2',
  ];
  const moved = [postHead, 'P1;TOP;Landrätin;ja;', 'P2;A9;Amtsleitung;ja;', 'P4;A9;Sachbearbeitung;;'];
  const tasks = [
    'gvpRef;unitCode;task;postNo;deputyPostNo;version',
    'G1;A9;Anträge;P4;;2027', // an empty cell empties; a column that is not there would not
  ];
  await on('2026-06-01', async () =>
    apply(hr, [
      await upload(hr, 'units.csv', merged),
      await upload(hr, 'posts.csv', moved),
      await upload(hr, 'gvp.csv', tasks),
    ]),
  );
  const reading = await db(hr);
  const unit = (await organisation.tree(reading)).byCode('A9')!.id;
  expect(await organisation.tasks(reading, [unit])).toMatchObject([
    { ref: 'G1', task: 'Anträge', deputyPostId: null, edition: '2027' },
  ]);
  const before = (await organisation.tree(reading, { on: '2026-03-01' })).byCode('A2')!.id;
  const then = await organisation.tasks(reading, [before], { on: '2026-03-01' });
  expect(then.map(({ ref }) => ref)).toEqual(['G1', 'G2']);
  const came = await organisation.lastKnown(reading, await organisation.predecessors(reading, unit));
  expect(new Map(came.map(({ code, validUntil }) => [code, validUntil]))).toEqual(
    new Map([
      ['A1', '2026-06-01'],
      ['A2', '2026-06-01'],
    ]),
  );
});

test('a unit cannot come from one that never was', async () => {
  const hr = await founded('origin');
  const file = await upload(hr, 'units.csv', [`${unitHead};predecessorCodes`, 'TOP;Spitze;;L0;SPI;;A0']);
  expect(await imports.apply(hr, { commandId: v7(), importIds: [file] })).toMatchObject({
    faults: [{ code: 'UNKNOWN_UNIT', line: 2, field: 'predecessorCodes' }],
  });
});

test('the same file applied twice at once is applied once', async () => {
  const hr = await founded('race');
  const file = await upload(hr, 'units.csv', region);
  const outcomes = await Promise.all([apply(hr, [file]), apply(hr, [file]), apply(hr, [file])]);
  expect(outcomes.filter(({ added }) => added === 4)).toHaveLength(1);
  expect(outcomes.filter(({ unchanged }) => unchanged === 4)).toHaveLength(2);
});

test('files are forgotten after thirty days', async () => {
  const hr = await founded('forgotten');
  const file = await on('2026-01-01', () => upload(hr, 'units.csv', region));
  await on('2026-01-31', () => upload(hr, 'units.csv', region));
  expect(await imports.bytes(await db(hr), file)).toBeDefined();
  await on('2026-02-02', () => upload(hr, 'units.csv', region));
  expect(await imports.bytes(await db(hr), file)).toBeUndefined();
});

test('higher rooms object to an import, foretell what follows and follow in the same transaction', async () => {
  const hr = await founded('hooks');
  const seen: string[] = [];
  const hooks = app.get(PlanHooks);
  hooks.check(async (reading, { posts }) =>
    reading.actor.tenant === hr.tenant
      ? posts.ended.map((postId) => ({
          postId,
          message: { de: 'trägt noch zwei Zuständigkeiten', en: 'still bears two' },
        }))
      : [],
  );
  hooks.follower({
    foresee: async (_, { units, after }) => units.added.map((id) => ({ de: after.node(id)!.code, en: '' })),
    follow: async (tx, { units }) => {
      if (tx.actor.tenant === hr.tenant)
        seen.push(
          ...(await organisation.tree(tx))
            .all()
            .filter(({ id }) => units.added.includes(id))
            .map(({ code }) => code),
        );
    },
  });
  await apply(hr, [await upload(hr, 'units.csv', region), await upload(hr, 'posts.csv', staff)]);
  expect(seen).toEqual(['TOP', 'D1', 'A1', 'A2']);
  const fewer = await upload(hr, 'posts.csv', staff.slice(0, 4));
  expect(await imports.apply(hr, { commandId: v7(), importIds: [fewer] })).toMatchObject({
    __typename: 'ImportRefused',
    faults: expect.arrayContaining([
      expect.objectContaining({
        code: 'ACTIVE_ASSIGNMENT',
        message: { de: 'trägt noch zwei Zuständigkeiten', en: 'still bears two' },
      }),
    ]),
  });
  const more = await imports.preview(hr, {
    commandId: v7(),
    importIds: [await upload(hr, 'units.csv', [...region, 'A5;Amt 5;D1;L2;FAC;'])],
  });
  expect(more).toMatchObject({ consequences: [{ de: 'A5' }] });
});

test('whoever is not of HR is refused, and a file of another administration is not found', async () => {
  const hr = await founded('rights');
  const file = await upload(hr, 'units.csv', region);
  const colleague = actorWith(hr.tenant, ['HEAD']);
  expect(await imports.apply(colleague, { commandId: v7(), importIds: [file] })).toMatchObject({
    __typename: 'NotAllowed',
  });
  const stranger = await founded('strangers');
  await expect(imports.apply(stranger, { commandId: v7(), importIds: [file] })).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
  expect(await shape(hr)).toEqual([]);
});

// Real charts are open data of others and not part of this repository; the folder is named by who has them.
const folder = process.env.ORGCHARTS_DIR;
if (!folder) console.info('ORGCHARTS_DIR is not set: no real organisation chart is imported.');
const charts = [
  join(import.meta.dirname, '../support/data/organigramm.json'),
  ...(folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []).map((name) =>
    join(folder!, name),
  ),
];
test.each(charts.map((path) => [basename(path), path]))(
  'the chart %s arrives whole, and again changes nothing',
  async (name, path) => {
    const hr = await founded(`chart-${charts.indexOf(path)}`);
    const text = readFileSync(path, 'utf8');
    const file = await upload(hr, 'organigramm.json', [text]);
    const units = boxes(JSON.parse(text));
    await apply(hr, [file]);
    const tree = await organisation.tree(await db(hr));
    const arrived = tree.all().map(({ code, parentId }) => [code, parentId && tree.node(parentId)!.code]);
    expect(new Map(arrived as [])).toEqual(new Map(units));
    expect(await apply(hr, [file])).toMatchObject({ added: 0, changed: 0, moved: 0, ended: 0 });
    console.info(`${name}: ${units.length} units`);
  },
);

interface Box {
  readonly id?: string;
  readonly uri: { readonly uri: string };
  readonly isMainOrganisation?: boolean;
  readonly departments?: readonly Box[];
  readonly organisations?: readonly Box[];
}

/** Every box of a chart with the box it hangs in; other roots hang below the main organisation. */
function boxes({
  organisations,
}: {
  organisations: readonly Box[];
}): [code: string, parent: string | null][] {
  const code = ({ id, uri }: Box) => id ?? uri.uri.split('/').at(-1)!;
  const top = organisations.find((box) => box.isMainOrganisation)!;
  const below = (box: Box, parent: string | null): [string, string | null][] => [
    [code(box), parent],
    ...[...(box.departments ?? []), ...(box.organisations ?? [])].flatMap((inner) => below(inner, code(box))),
  ];
  return organisations.flatMap((root) => below(root, root === top ? null : code(top)));
}

test('five thousand units with their posts and holders are imported, imported again and all renamed', async () => {
  const hr = await founded('large');
  const units = [unitHead, 'TOP;Spitze;;L0;SPI;'];
  const posts = [postHead];
  const holders = [holderHead];
  for (let d = 0; d < 20; d += 1) {
    units.push(`D${d};Dezernat ${d};TOP;L1;DEZ;`);
    for (let a = 0; a < 250; a += 1) {
      const unit = `D${d}.${a}`;
      units.push(`${unit};Amt ${a};D${d};L2;PUB;25`);
      posts.push(`${unit}-1;${unit};Amtsleitung;ja;`, `${unit}-2;${unit};Sachbearbeitung;nein;`);
      holders.push(
        `${unit}-1;k${unit}-1;Person ${unit};;holder;2020-01-01;`,
        `${unit}-1;k${unit}-2;Vertretung ${unit};;deputy;2020-01-01;`,
      );
    }
  }
  const took: number[] = [];
  const timed = async (expected: object, ...lines: [ImportFormat, string[]][]) => {
    const files: string[] = [];
    for (const [format, text] of lines) files.push(await upload(hr, format, text));
    const start = Date.now();
    expect(await apply(hr, files)).toMatchObject(expected);
    took.push(Date.now() - start);
  };
  await timed({ added: 25_021 }, ['units.csv', units], ['posts.csv', posts], ['holders.csv', holders]);
  await timed(
    { unchanged: 25_021, changed: 0 },
    ['units.csv', units],
    ['posts.csv', posts],
    ['holders.csv', holders],
  );
  await timed({ changed: 5_000, ended: 0 }, [
    'units.csv',
    units.map((line) => line.replace('Amt ', 'Büro ')),
  ]);
  console.info(
    `5,021 units, 10,000 posts, 10,000 holders: first ${took[0]} ms, again ${took[1]} ms, all renamed ${took[2]} ms`,
  );
  expect((await organisation.tree(await db(hr))).all()).toHaveLength(5021);
}, 180_000);
