import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { v7 } from 'uuid';
import { foundAdministration } from '../../src/founding.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { inDays } from '../support/days.ts';
import { signIn } from '../support/sign-in.ts';

let database: TestDatabase;
let server: TestApp;
const chart = readFileSync(new URL('../support/data/organigramm.json', import.meta.url));

beforeAll(async () => {
  database = await cloneDatabase();
  server = await bootApp(database, 'lindental');
  await foundAdministration(server.app, database.ownerUrl, { key: 'lindental', name: 'Kreis Lindental' }, [
    { key: 'hr', name: 'Hanna Heckenrot', functions: ['HR'] },
    { key: 'clerk', name: 'Clemens Kiefer', functions: [] },
  ]);
}, 60_000);
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

const preview = (importIds: readonly string[], over = {}) =>
  server.act(
    'hr',
    'previewImport',
    { importIds, ...over },
    `planVersion validFrom consequences
    counts { added changed moved ended unchanged warnings }
    differences(first: 100) { totalCount nodes { subject change code name from fields { field before after } } }
    units(first: 100) { nodes { code level kind { code } tags headcount parent { code } } }
    warnings { code file line column field message }`,
  );
const refused = async (importIds: readonly string[], over = {}) => {
  const { data } = await server.ask(
    'hr',
    `mutation ($input: ApplyImportInput!) { applyImport(input: $input) {
    __typename ... on ImportRefused { message faultCount faults { code severity file line column field message } } } }`,
    { input: { commandId: v7(), importIds, ...over } },
  );
  return data!.applyImport;
};
const unitOf = async (code: string) =>
  (
    await server.see(
      'hr',
      `query ($code: String) { units(code: $code) { nodes { id name level headcount
    kind { code label } parent { code } area { name unit { code } } ancestors { name } children { code }
    headPost { id postNo function holders { person { id displayName } as from } } } } }`,
      { code },
    )
  ).units.nodes[0];

const drawing = JSON.parse(chart.toString()) as Box;
interface Box {
  readonly id?: string;
  readonly name?: string;
  readonly organisations?: readonly Box[];
}
const codeOf = (name: string, box = drawing): string =>
  box.name === name ? box.id! : (box.organisations ?? []).map((inner) => codeOf(name, inner)).join('');

test('HR looks at a chart, corrects what the rule proposed, and applies it', async () => {
  const file = await server.upload('hr', 'organigramm.json', chart);
  const shown = await preview([file]);
  expect(shown).toMatchObject({
    __typename: 'PreviewImportSuccess',
    planVersion: 0,
    counts: { added: 84, ended: 0 },
  });
  expect(shown.units.nodes).toHaveLength(30);
  const building = codeOf('Bauaufsichtsamt');
  expect(shown.units.nodes.find(({ code }: { code: string }) => code === building)).toMatchObject({
    level: 'L2',
    kind: { code: 'PUB' },
    headcount: 2,
  });
  const corrections = [
    { code: building, headcount: 31, tags: ['BAU'] },
    { code: codeOf('Vermessungs- und Katasteramt'), kind: 'PUB' },
  ];
  const applied = await server.does(
    'hr',
    'applyImport',
    { importIds: [file], corrections, expectedPlanVersion: shown.planVersion },
    'planVersion counts { added }',
  );
  expect(applied).toMatchObject({ planVersion: 1, counts: { added: 84 } });

  expect(await unitOf(building)).toMatchObject({
    name: 'Bauaufsichtsamt',
    headcount: 31,
    kind: { label: 'Fachamt mit Publikumsverkehr' },
    parent: { code: codeOf('Dezernat III – Bauen und Umwelt') },
    area: { name: 'Dezernat III – Bauen und Umwelt' },
    headPost: { function: 'Amtsleitung', holders: [] },
  });
  expect((await unitOf(codeOf('Werkstatt A'))).ancestors).toHaveLength(7);
  expect(await unitOf(codeOf('Kreisverwaltung Lindental'))).toMatchObject({
    level: 'L0',
    area: null,
    headPost: { holders: [{ person: { displayName: 'Marit Mohnwiese' } }] },
  });
});

test('the same chart again changes nothing, not even what HR had put right', async () => {
  const shown = await preview([await server.upload('hr', 'organigramm.json', chart)]);
  expect(shown).toMatchObject({
    counts: { added: 0, changed: 0, moved: 0, ended: 0, unchanged: 84 },
    differences: { totalCount: 0 },
  });
});

test('a later chart moves and ends units; the dry run tells each', async () => {
  const later = JSON.parse(chart.toString()) as {
    organisations: { organisations: { organisations: { organisations: object[] }[] }[] }[];
  };
  const [first, second] = later.organisations[0]!.organisations[0]!.organisations as [
    { organisations: object[] },
    { organisations: object[] },
  ];
  second.organisations.push(first.organisations.pop()!); // Digitalisierung moves to Dezernat II
  first.organisations.pop(); // Kämmerei ends
  const shown = await preview([await server.upload('hr', 'organigramm.json', JSON.stringify(later))], {
    validFrom: inDays(30),
  });
  expect(
    shown.differences.nodes.filter(({ subject }: { subject: string }) => subject === 'UNIT'),
  ).toMatchObject([
    {
      change: 'MOVED',
      name: 'Amt für Digitalisierung',
      from: inDays(30),
      fields: [{ field: 'parentCode' }],
    },
    { change: 'ENDED', name: 'Kämmerei', from: inDays(30) },
  ]);
});

test('the persons come with a second file, and HR goes on by hand', async () => {
  const posts = (
    await server.see('hr', '{ posts(first: 100) { nodes { id postNo isManagement unit { name } } } }')
  ).posts.nodes as { id: string; postNo: string; isManagement: boolean; unit: { name: string } }[];
  const heads = posts.filter(({ isManagement }) => isManagement);
  const rows = heads.map(
    ({ postNo }, index) =>
      `${postNo};k${index};Person ${index};k${index}@lindental.example;holder;2020-01-01;`,
  );
  const file = await server.upload(
    'hr',
    'holders.csv',
    ['postNo;personKey;displayName;mail;type;from;to', ...rows].join('\n'),
  );
  expect(
    await server.does('hr', 'applyImport', { importIds: [file] }, 'counts { added ended }'),
  ).toMatchObject({ counts: { added: heads.length, ended: 2 } });

  const youth = await unitOf(codeOf('Jugendamt'));
  const person = youth.headPost.holders[0].person.id;
  const health = await unitOf(codeOf('Sozialamt'));
  await server.does('hr', 'appointHolder', { postId: health.headPost.id, personId: person, as: 'INTERIM' });
  expect((await unitOf(codeOf('Sozialamt'))).headPost.holders.map(({ as }: { as: string }) => as)).toEqual([
    'INTERIM',
    'HOLDER',
  ]);
  await server.does('hr', 'vacatePost', { postId: health.headPost.id });
  expect((await unitOf(codeOf('Sozialamt'))).headPost.holders).toEqual([]);
  const held = await server.see(
    'hr',
    `query ($id: ID!) { whoHeld(postId: $id, validOn: "2026-01-01") { person { displayName } as } }`,
    { id: health.headPost.id },
  );
  expect(held.whoHeld).toHaveLength(1);
});

test('faults name file, line and column, in the asker’s language, and nothing is written', async () => {
  const text = 'code;name;parentCode;level;kind\nA1;Amt;D9;L2;PUB\nA2;Amt;A3;L2;XYZ\nA3;Amt;A2;L2;PUB';
  const outcome = await refused([await server.upload('hr', 'units.csv', text)], { missing: 'KEEP' });
  expect(outcome).toMatchObject({ __typename: 'ImportRefused', faultCount: 3 });
  expect(
    outcome.faults.map(({ code, file, line, field }: Record<string, unknown>) =>
      [code, file, line, field].join(' '),
    ),
  ).toEqual([
    'UNKNOWN_KIND units.csv 3 kind',
    'UNKNOWN_PARENT units.csv 2 parentCode',
    'CYCLE units.csv 3 parentCode',
    'NO_HEAD units.csv  ',
    'NO_HEAD units.csv 2 code',
    'NO_HEAD units.csv 3 code',
    'NO_HEAD units.csv 4 code',
  ]);
  expect(outcome.faults[1].message).toContain('D9');
  expect(await unitOf('A1')).toBeUndefined();
});

test('the administration has its own kinds of unit, and its files may use them', async () => {
  const text = 'code;name;parentCode;level;kind\nMUS;Museum;;L2;MUS';
  const file = await server.upload('hr', 'units.csv', text);
  expect((await refused([file], { missing: 'KEEP' })).faults).toMatchObject([
    { code: 'UNKNOWN_KIND' },
    {},
    {},
  ]);
  const kind = { code: 'MUS', labelDe: 'Museum', labelEn: 'Museum' };
  const { unitKinds } = await server.does('hr', 'defineUnitKind', kind, 'unitKinds { code label }');
  expect(unitKinds).toHaveLength(17);
  expect((await refused([file], { missing: 'KEEP' })).__typename).toBe('ApplyImportSuccess');
  expect(await server.act('hr', 'defineUnitKind', { ...kind, code: 'Museum' })).toMatchObject({
    __typename: 'InvalidInput',
  });
});

describe('every mutation', () => {
  const id = v7();
  const inputs: [string, object][] = [
    ['previewImport', { importIds: [id] }],
    ['applyImport', { importIds: [id] }],
    ['moveUnit', { unitId: id, underId: id }],
    ['classifyUnit', { unitId: id, headcount: 3 }],
    ['endUnit', { unitId: id }],
    ['appointHolder', { postId: id, personId: id }],
    ['vacatePost', { postId: id }],
    ['defineUnitKind', { code: 'NEU', labelDe: 'Neu', labelEn: 'New' }],
  ];
  const named = ([mutation]: [string, object]) => `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const send = (who: string, mutation: [string, object], more: object = { commandId: v7() }) =>
    server.ask(
      who,
      `mutation ($input: ${named(mutation)}!) { ${mutation[0]}(input: $input) { __typename } }`,
      { input: { ...mutation[1], ...more } },
    );
  const code = ({ errors }: { errors?: readonly { extensions: { code: string } }[] }) =>
    errors?.[0]?.extensions.code;

  test.each(inputs)('%s refuses whoever is not of HR', async (...mutation) => {
    expect((await send('clerk', mutation)).data).toEqual({ [mutation[0]]: { __typename: 'NotAllowed' } });
  });
  test.each(inputs)('%s refuses what is no id, an unknown field and NUL', async (...mutation) => {
    expect(code(await send('hr', mutation, { commandId: 'zzz' }))).toBe('BAD_INPUT');
    expect(code(await send('hr', mutation, { commandId: v7(), tenantId: v7() }))).toBe('BAD_INPUT');
  });
  test.each(inputs.slice(0, -1))('%s of something unknown is not found', async (...mutation) => {
    expect(code(await send('hr', mutation))).toBe('NOT_FOUND');
  });

  test('a repeated commandId gives the first answer, with another input none', async () => {
    const commandId = v7();
    const kind = { commandId, code: 'ALT', labelDe: 'Alt', labelEn: 'Old' };
    expect((await server.act('hr', 'defineUnitKind', kind)).__typename).toBe('DefineUnitKindSuccess');
    expect((await server.act('hr', 'defineUnitKind', kind)).__typename).toBe('DefineUnitKindSuccess');
    expect((await server.act('hr', 'defineUnitKind', { ...kind, labelDe: 'Neu' })).__typename).toBe(
      'CommandIdReused',
    );
  });

  test.each(['a\u0000b', '\ud800', 'x'.repeat(201)])('text %j is refused', async (name) => {
    const { id: unitId } = await unitOf(codeOf('Jugendamt'));
    expect(code(await send('hr', ['classifyUnit', { unitId, name }]))).toBe('BAD_INPUT');
  });
});

describe('files from a hostile hand are refused as a whole, and the process does not grow', () => {
  const head = 'code;name;parentCode;level;kind\n';
  test.each<[string, string, () => Buffer]>([
    ['BROKEN_FILE', 'organigramm.json', () => Buffer.from('{"document": ')],
    ['TOO_DEEP', 'organigramm.json', () => Buffer.from('['.repeat(4_000_000))],
    ['TOO_LARGE', 'organigramm.json', () => Buffer.from('['.repeat(19_000_000))],
    ['MAGIC_NAME', 'organigramm.json', () => Buffer.from('{"__proto__": {"polluted": true}}')],
    ['NOT_A_CHART', 'organigramm.json', () => Buffer.from('{"constructor_": 1}')],
    ['MAGIC_NAME', 'units.csv', () => Buffer.from(`${head}__proto__;x;;L0;SPI`)],
    ['TOO_MANY_FIELDS', 'units.csv', () => Buffer.from(';'.repeat(19_000_000))],
    ['UNCLOSED_QUOTE', 'units.csv', () => Buffer.from(head + '"'.repeat(19_000_000))],
    ['TOO_LARGE', 'units.csv', () => Buffer.from(head + '\n'.repeat(19_000_000))],
    ['DUPLICATE', 'units.csv', () => Buffer.from(`${head}A;x;;L0;SPI\nA;y;;L0;SPI`)],
    ['WRONG_ENCODING', 'units.csv', () => Buffer.from(`${head}A;\x81;;L0;SPI`, 'latin1')],
  ])(
    '%s in %s',
    async (code, format, make) => {
      const outcome = await refused([await server.upload('hr', format, make())]);
      expect(outcome.faults.map((fault: { code: string }) => fault.code)).toContain(code);
    },
    30_000,
  );
});

describe('the upload', () => {
  let origin: string;
  beforeAll(async () => {
    await server.app.listen(0, '127.0.0.1');
    origin = `http://127.0.0.1:${(server.app.getHttpServer().address() as AddressInfo).port}`;
  });
  const send = async (
    who: string | null,
    query: string,
    body: string | Buffer,
    type = 'application/octet-stream',
  ) => {
    const headers = {
      'content-type': type,
      ...(who && { authorization: `Bearer ${await signIn(who, 'lindental')}` }),
    };
    const answer = await fetch(`${origin}/imports?${query}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('gives back what it kept', async () => {
    expect(await send('hr', 'format=units.csv&name=Plan 2026/27.csv', 'abc')).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        format: 'units.csv',
        fileName: 'Plan 2026_27.csv',
        size: 3,
        digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
    });
    expect((await send('hr', 'format=units.csv', 'abc', 'text/csv')).status).toBe(201);
  });

  test.each([
    ['nobody', null, 'format=units.csv', 'abc', 401],
    ['somebody not of HR', 'clerk', 'format=units.csv', 'abc', 403],
    ['a format that is none', 'hr', 'format=units.xlsx', 'abc', 400],
    ['an empty file', 'hr', 'format=units.csv', '', 400],
  ])('refuses %s', async (_, who, query, body, status) =>
    expect((await send(who, query, body)).status).toBe(status),
  );

  test('refuses a hundred megabytes, told beforehand or not, and does not grow by fifty', async () => {
    const token = await signIn('hr', 'lindental');
    const block = Buffer.alloc(64 * 1024, 'x');
    const stream = (length?: number) =>
      new Promise<number | string>((resolve) => {
        const headers = {
          authorization: `Bearer ${token}`,
          'content-type': 'application/octet-stream',
          ...(length && { 'content-length': length }),
        };
        const sent = request(`${origin}/imports?format=units.csv`, { method: 'POST', headers }, (answer) =>
          resolve(answer.statusCode!),
        );
        sent.on('error', (error) => resolve(error.message));
        Readable.from(Array.from({ length: 1600 }, () => block)).pipe(sent);
      });
    const before = process.memoryUsage().rss;
    expect(await stream(1600 * block.length)).toBe(413);
    expect(await stream()).toBe(413);
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(50);
  }, 30_000);
});
