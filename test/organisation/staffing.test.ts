import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { v7 } from 'uuid';
import { IdentityModule } from '../../src/identity/index.ts';
import {
  createAdministration,
  Imports,
  Organisation,
  OrganisationModule,
} from '../../src/organisation/index.ts';
import { Staffing } from '../../src/organisation/staffing/staffing.service.ts';
import { Access, isRefusal, Reads, type Actor } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices } from '../support/services.ts';

let database: TestDatabase;
let app: TestingModule;
let owner: pg.Client;
let staffing: Staffing;
let hr: Actor;
let founded = 0;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  app = await bootServices(database.serverUrl, [IdentityModule, OrganisationModule]);
  app.get(Access).policy({ 'organisation.import': (_, actor) => actor.functionsAt().has('HR') });
  staffing = app.get(Staffing);
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const files = {
  'units.csv':
    'code;name;parentCode;level;kind;validFrom\nTOP;Spitze;;L0;SPI;2020-01-01\nD1;Dezernat I;TOP;L1;DEZ;2020-01-01\nD2;Dezernat II;TOP;L1;DEZ;2020-01-01\nA1;Amt 1;D1;L2;PUB;2020-01-01\nA2;Amt 2;D1;L2;FAC;2020-01-01',
  'posts.csv':
    'postNo;unitCode;function;isManagement;validFrom\nP1;TOP;Landrat;ja;2020-01-01\nP2;A1;Amtsleitung;ja;2020-01-01',
  'holders.csv':
    'postNo;personKey;displayName;type;from\nP1;k1;Ada Alt;holder;2020-01-01\nP2;k2;Ben Berg;holder;2020-01-01\nP2;k3;Cem Can;deputy;2020-01-01',
} as const;

beforeEach(async () => {
  hr = actorWith(await createAdministration(owner, { key: `kreis-${(founded += 1)}`, name: 'Kreis' }), [
    'HR',
  ]);
  const imports = app.get(Imports);
  const importIds: string[] = [];
  for (const [format, text] of Object.entries(files)) {
    const file = await imports.upload(
      hr,
      { format: format as 'units.csv', fileName: format, bytes: Buffer.from(text) },
      true,
    );
    if (!isRefusal(file)) importIds.push((file as { id: string }).id);
  }
  expect(await imports.apply(hr, { commandId: v7(), importIds })).toMatchObject({ added: 10 });
});

const organisation = () => app.get(Organisation);
const db = () => app.get(Reads).db(hr);
const tree = async (on?: string) => organisation().tree(await db(), { on });
const unit = async (code: string) => (await tree()).byCode(code)!.id;
const post = async (postNo: string, on?: string) =>
  (await organisation().posts(await db(), { on })).find((one) => one.postNo === postNo)!;
const atPost = async (postNo: string, on?: string) =>
  (await post(postNo, on)).holders.map(({ personId, as, from }) => ({ personId, as, from }));
const command = () => ({ commandId: v7() });

test('a unit moves on a day, with all below it, and stays the same unit', async () => {
  const id = await unit('A1');
  expect(
    await staffing.moveUnit(hr, { ...command(), unitId: id, underId: await unit('D2'), from: '2027-01-01' }),
  ).toBe(id);
  expect((await tree('2026-12-31')).parent(id)?.code).toBe('D1');
  expect((await tree('2027-01-01')).parent(id)?.code).toBe('D2');
});

test('a unit cannot move below itself, nor end while something hangs on it', async () => {
  const [d1, a1] = [await unit('D1'), await unit('A1')];
  const below = await staffing.moveUnit(hr, { ...command(), unitId: d1, underId: a1 });
  expect(below).toMatchObject({ __typename: 'InvalidInput' });
  const held = await staffing.endUnit(hr, { ...command(), unitId: a1 });
  expect(held).toMatchObject({
    __typename: 'InvalidInput',
    faults: [{ message: { de: expect.stringContaining('P2') } }],
  });
  const free = await unit('A2');
  expect(await staffing.endUnit(hr, { ...command(), unitId: free, from: '2027-01-01' })).toBe(free);
  expect((await tree('2026-12-31')).node(free)?.validUntil).toBe('2027-01-01');
  expect((await tree('2027-01-01')).node(free)).toBeUndefined();
});

test('head counts are stated for many units at once, all or none', async () => {
  const [a1, a2] = [await unit('A1'), await unit('A2')];
  const headcounts = [
    { unitId: a1, headcount: 9 },
    { unitId: a2, headcount: 4 },
  ];
  expect(await staffing.stateHeadcounts(hr, { ...command(), headcounts })).toBe(a1);
  const stated = (id: string) => tree().then((today) => today.node(id));
  expect(await stated(a1)).toMatchObject({ headcount: 9, isHeadcountStated: true });
  expect(await stated(a2)).toMatchObject({ headcount: 4, isHeadcountStated: true });
  const wrong = [
    { unitId: a1, headcount: 10 },
    { unitId: a2, headcount: -1 },
  ];
  expect(await staffing.stateHeadcounts(hr, { ...command(), headcounts: wrong })).toMatchObject({
    __typename: 'InvalidInput',
  });
  expect(await stated(a1)).toMatchObject({ headcount: 9 });
});

test('what is planned for later stays when something is put right today', async () => {
  const id = await unit('A1');
  await staffing.classifyUnit(hr, { ...command(), unitId: id, name: 'Bürgeramt', from: '2099-01-01' });
  await staffing.classifyUnit(hr, { ...command(), unitId: id, kind: 'FAC', headcount: 12 });
  expect((await tree()).node(id)).toMatchObject({ name: 'Amt 1', kind: 'FAC', headcount: 12 });
  expect((await tree('2099-01-01')).node(id)).toMatchObject({ name: 'Bürgeramt', kind: 'PUB' });
});

test('an unknown kind is refused, and a unit of another administration not found', async () => {
  const id = await unit('A1');
  expect(await staffing.classifyUnit(hr, { ...command(), unitId: id, kind: 'XYZ' })).toMatchObject({
    __typename: 'InvalidInput',
  });
  const stranger = actorWith(await createAdministration(owner, { key: 'fremd', name: 'Fremd' }), ['HR']);
  await expect(staffing.endUnit(stranger, { ...command(), unitId: id })).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
});

test('whoever is appointed follows the one before; the deputy becomes the head', async () => {
  const { id, holders } = await post('P2');
  const [ben, cem] = [
    holders.find(({ as }) => as === 'HOLDER')!.personId,
    holders.find(({ as }) => as === 'DEPUTY')!.personId,
  ];
  expect(
    await staffing.appointHolder(hr, {
      ...command(),
      postId: id,
      personId: cem,
      as: 'HOLDER',
      from: '2027-01-01',
    }),
  ).toBe(id);
  expect(await atPost('P2', '2026-12-31')).toEqual([
    { personId: ben, as: 'HOLDER', from: '2020-01-01' },
    { personId: cem, as: 'DEPUTY', from: '2020-01-01' },
  ]);
  expect(await atPost('P2', '2027-01-01')).toEqual([{ personId: cem, as: 'HOLDER', from: '2027-01-01' }]);
});

test('what does not fit is refused before it is written', async () => {
  const unitId = await unit('A1');
  const { id: postId, holders } = await post('P2');
  const personId = holders[0]!.personId;
  const refusals = [
    await staffing.classifyUnit(hr, { ...command(), unitId, headcount: -1 }),
    await staffing.classifyUnit(hr, { ...command(), unitId, name: ' ' }),
    await staffing.classifyUnit(hr, {
      ...command(),
      unitId,
      tags: Array.from({ length: 21 }, (_, n) => `T${n}`),
    }),
    await staffing.classifyUnit(hr, { ...command(), unitId, level: 'L0' }),
    await staffing.appointHolder(hr, {
      ...command(),
      postId,
      personId,
      as: 'HOLDER',
      from: '2027-01-01',
      until: '2027-01-01',
    }),
    await staffing.appointHolder(hr, { ...command(), postId, personId, as: 'HOLDER', from: '2019-01-01' }),
  ];
  expect(refusals.map((one) => (isRefusal(one) ? one.__typename : one))).toEqual(
    refusals.map(() => 'InvalidInput'),
  );
});

test('a post is vacated, by one person or by all, also on the day of the appointment', async () => {
  const { id, holders } = await post('P2');
  const cem = holders.find(({ as }) => as === 'DEPUTY')!.personId;
  await staffing.vacatePost(hr, { ...command(), postId: id, personId: cem });
  expect((await atPost('P2')).map(({ as }) => as)).toEqual(['HOLDER']);
  await staffing.appointHolder(hr, { ...command(), postId: id, personId: cem, as: 'INTERIM' });
  await staffing.vacatePost(hr, { ...command(), postId: id });
  expect(await atPost('P2')).toEqual([]);
  expect((await atPost('P2', '2026-01-01')).map(({ as }) => as)).toEqual(['HOLDER', 'DEPUTY']);
});

test('only HR does this', async () => {
  const colleague = actorWith(hr.tenant, ['HEAD']);
  expect(await staffing.vacatePost(colleague, { ...command(), postId: (await post('P2')).id })).toMatchObject(
    { __typename: 'NotAllowed' },
  );
});

test('two moves at once follow one another: neither is lost, no ring is made', async () => {
  const [d1, d2] = [await unit('D1'), await unit('D2')];
  const outcomes = await Promise.all([
    staffing.moveUnit(hr, { ...command(), unitId: d1, underId: d2 }),
    staffing.moveUnit(hr, { ...command(), unitId: d2, underId: d1 }),
  ]);
  expect(outcomes.filter((one) => typeof one === 'string')).toHaveLength(1);
  expect(outcomes.filter(isRefusal)).toMatchObject([{ __typename: 'InvalidInput' }]);
});
