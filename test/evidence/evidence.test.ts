import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { v7 } from 'uuid';
import { Evidence, type NewEvidence } from '../../src/evidence/index.ts';
import { SignIn } from '../../src/identity/index.ts';
import { createAdministration, Imports, Organisation } from '../../src/organisation/index.ts';
import { Commands, isRefusal, Reads, type Actor } from '../../src/platform/index.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { cluster, cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith } from '../support/services.ts';
import { testIssuer } from '../support/sign-in.ts';

let database: TestDatabase;
let server: TestApp;
let app: TestApp['app'];
let evidence: Evidence;
let tenant: string;
/** Ben heads office A1, Dora office A2. */
let ben: Actor;
let dora: Actor;
let office: string;

const plan = {
  'units.csv': `code;name;parentCode;level;kind;validFrom
TOP;Spitze;;L0;SPI;2020-01-01
D1;Dezernat I;TOP;L1;DEZ;2020-01-01
A1;Amt 1;D1;L2;PUB;2020-01-01
A2;Amt 2;D1;L2;FAC;2020-01-01`,
  'posts.csv': `postNo;unitCode;function;isManagement;validFrom
P1;A1;Amtsleitung;ja;2020-01-01
P2;A2;Amtsleitung;ja;2020-01-01`,
  'holders.csv': `postNo;personKey;displayName;type;from
P1;ben;Ben Berg;holder;2020-01-01
P2;dora;Dora Dahl;holder;2020-01-01`,
} as const;

beforeAll(async () => {
  database = await cloneDatabase();
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  tenant = await createAdministration(owner, { key: 'ahornau', name: 'StädteRegion Ahornau' });
  await owner.end();
  const administrator = new pg.Client(database.superUrl);
  await administrator.connect();
  await administrator.query(`alter database ${database.name} set log_statement = 'all'`);
  await administrator.end();
  server = await bootApp(database, 'ahornau');
  app = server.app;
  evidence = app.get(Evidence, { strict: false });
  const hr = actorWith(tenant, ['HR']);
  const importIds: string[] = [];
  for (const [format, text] of Object.entries(plan)) {
    const upload = { format: format as 'units.csv', fileName: format, bytes: Buffer.from(text) };
    const file = await app.get(Imports, { strict: false }).upload(hr, upload, true);
    importIds.push((file as { id: string }).id);
  }
  expect(await app.get(Imports, { strict: false }).apply(hr, { commandId: v7(), importIds })).toMatchObject({
    added: 8,
  });
  const { issuer } = await testIssuer('ahornau');
  const signIn = app.get(SignIn, { strict: false });
  const person = (personKey: string) =>
    signIn.actorFor({ issuer, tenant: 'ahornau', subject: personKey, personKey }, 'en');
  [ben, dora] = [await person('ben'), await person('dora')];
  office = (await app.get(Organisation, { strict: false }).tree(await app.get(Reads).db(ben))).byCode(
    'A1',
  )!.id;
}, 60_000);
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

const link: NewEvidence = {
  kind: 'LINK',
  evidenceType: 'RULE',
  url: 'https://intranet.ahornau.example/da/17',
  proofOn: '2026-03-01',
  containsNoPersonalData: true,
};
const note = (text: string): NewEvidence => ({
  ...link,
  kind: 'NOTE',
  evidenceType: 'STATEMENT',
  url: null,
  note: text,
});

/** Attaches as a checklist does: within a command that has asked for permission. */
async function attach(...items: NewEvidence[]): Promise<string[]> {
  const request = { name: 'attachEvidence', commandId: v7(), input: null };
  const outcome = await app.get(Commands).run(ben, request, async (tx) => {
    tx.permit(true);
    return evidence.attach(tx, office, items);
  });
  if (isRefusal(outcome)) throw outcome;
  return outcome as string[];
}
const proof = async (id: string) => (await evidence.of(await app.get(Reads).db(ben), [id])).get(id);
const withdraw = (
  actor: Actor,
  evidenceId: string,
  reason: 'MISTAKE' | 'CONTAINS_PERSONAL_DATA' = 'MISTAKE',
) => evidence.withdrawProof(actor, { commandId: v7(), evidenceId, reason });

describe('attaching', () => {
  test('gives the ids in order, and each proof as it was given', async () => {
    const [first, second] = await attach(link, note('  Leitungsrunde vom 1. März  '));
    expect(await proof(first!)).toMatchObject({
      unitId: office,
      url: link.url,
      note: null,
      proofOn: '2026-03-01',
      attachedBy: { id: ben.person, displayName: 'Ben Berg' },
      withdrawal: null,
    });
    expect(await proof(second!)).toMatchObject({
      kind: 'NOTE',
      note: 'Leitungsrunde vom 1. März',
      url: null,
    });
  });

  test('one faulty proof keeps all of them out', async () => {
    const before = await evidence.ofUnit(ben, office, { first: 100 });
    await expect(attach(link, note(''))).rejects.toMatchObject({
      __typename: 'InvalidInput',
      faults: [{ path: 'newEvidence.1.note' }],
    });
    expect((await evidence.ofUnit(ben, office, { first: 100 })).nodes).toHaveLength(before.nodes.length);
  });

  test('what people write stays out of the database’s log, even when that records every statement', async () => {
    await attach(note('Kennwort-der-Probe-7491'));
    const log = readFileSync(cluster().logFile, 'utf8');
    expect(log).toContain('insert into "evidence"."evidence"');
    expect(log).not.toContain('Kennwort-der-Probe-7491');
  });
});

describe('reading a unit’s proofs', () => {
  test('pages from the newest on', async () => {
    await attach(...Array.from({ length: 5 }, (_, i) => note(`Nachweis ${i}`)));
    const first = await evidence.ofUnit(ben, office, { first: 3 });
    const second = await evidence.ofUnit(ben, office, { first: 2, after: first.pageInfo.endCursor });
    expect(first.nodes.map(({ note: text }) => text)).toEqual(['Nachweis 4', 'Nachweis 3', 'Nachweis 2']);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(second.nodes.map(({ note: text }) => text)).toEqual(['Nachweis 1', 'Nachweis 0']);
  });

  test('another office’s head sees none of them', async () => {
    expect((await evidence.ofUnit(dora, office, {})).nodes).toEqual([]);
  });
});

describe('withdrawing', () => {
  test('takes the proof off the list once; its content stays for those who rated on it', async () => {
    const [id] = await attach(note('Doppelt angehängt'));
    expect(await withdraw(ben, id!)).toEqual({ evidenceId: id });
    expect(await proof(id!)).toMatchObject({ note: 'Doppelt angehängt', withdrawal: { reason: 'MISTAKE' } });
    expect((await evidence.ofUnit(ben, office, { first: 100 })).nodes.map((node) => node.id)).not.toContain(
      id,
    );
    expect(await withdraw(ben, id!)).toMatchObject({ __typename: 'NotPossibleNow', state: 'WITHDRAWN' });
  });

  test('erases what turned out to be personal', async () => {
    const [id] = await attach(note('Frau M. aus der Buchhaltung'));
    await withdraw(ben, id!, 'CONTAINS_PERSONAL_DATA');
    expect(await proof(id!)).toMatchObject({ note: null, withdrawal: { reason: 'CONTAINS_PERSONAL_DATA' } });
  });

  test('is for the unit’s own people, and for proofs that are there', async () => {
    const [id] = await attach(link);
    expect(await withdraw(dora, id!)).toMatchObject({ __typename: 'NotAllowed' });
    await expect(withdraw(ben, v7())).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    expect(await proof(id!)).toMatchObject({ withdrawal: null });
  });

  test('is the only change the database lets through', async () => {
    const [id] = await attach(link);
    const server = new pg.Client(database.serverUrl);
    await server.connect();
    await server.query(`select set_config('app.tenant', $1, false)`, [tenant]);
    await expect(
      server.query(`update evidence.evidence set url = 'https://other.example' where id = $1`, [id]),
    ).rejects.toMatchObject({ code: '23514' });
    await expect(
      server.query(`update evidence.evidence set proof_on = '2020-01-01' where id = $1`, [id]),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(server.query(`delete from evidence.evidence where id = $1`, [id])).rejects.toMatchObject({
      code: '42501',
    });
    await server.end();
  });
});

describe('through the door', () => {
  test('the head is told at which post they are', async () => {
    const { me } = await server.see(
      'ben',
      '{ me { functions posts { as post { postNo function unit { code } } } } }',
    );
    expect(me.posts).toEqual([
      { as: 'HOLDER', post: { postNo: 'P1', function: 'Amtsleitung', unit: { code: 'A1' } } },
    ]);
    expect(me.functions).toContain('HEAD');
  });

  const list = `query ($unitId: ID!) { evidence(unitId: $unitId, first: 1) {
    nodes { kind evidenceType url proofOn attachedBy { displayName } withdrawal { reason } } pageInfo { hasNextPage } } }`;

  test('the head reads the unit’s proofs and withdraws one; for others the list is empty and the verb closed', async () => {
    const [id] = await attach(link);
    const shown = await server.see('ben', list, { unitId: office });
    expect(shown['evidence']).toEqual({
      nodes: [
        {
          kind: 'LINK',
          evidenceType: 'RULE',
          url: link.url,
          proofOn: '2026-03-01',
          attachedBy: { displayName: 'Ben Berg' },
          withdrawal: null,
        },
      ],
      pageInfo: { hasNextPage: true },
    });
    expect((await server.see('dora', list, { unitId: office }))['evidence'].nodes).toEqual([]);
    const input = { evidenceId: id, reason: 'CONTAINS_PERSONAL_DATA' };
    expect(await server.act('dora', 'withdrawProof', input)).toMatchObject({ __typename: 'NotAllowed' });
    const done = await server.does('ben', 'withdrawProof', input, 'evidence { url withdrawal { reason } }');
    expect(done['evidence']).toEqual({ url: null, withdrawal: { reason: 'CONTAINS_PERSONAL_DATA' } });
    expect(await server.act('ben', 'withdrawProof', input)).toMatchObject({
      __typename: 'NotPossibleNow',
      state: 'WITHDRAWN',
    });
  });

  test.each([
    ['an id that is none', { evidenceId: '17', reason: 'MISTAKE' }, 'BAD_INPUT'],
    ['an unknown id', { evidenceId: v7(), reason: 'MISTAKE' }, 'NOT_FOUND'],
    ['an unknown reason', { evidenceId: v7(), reason: 'BORED' }, 'BAD_INPUT'],
  ])('%s', async (_, input, code) => {
    const mutation = 'mutation ($input: WithdrawProofInput!) { withdrawProof(input: $input) { __typename } }';
    const answer = await server.ask('ben', mutation, { input: { commandId: v7(), ...input } });
    expect(answer.errors?.[0]?.extensions.code).toBe(code);
  });
});
