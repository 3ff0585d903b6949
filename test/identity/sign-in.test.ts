import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { IdentityModule, Issuers, Persons, SignIn } from '../../src/identity/index.ts';
import {
  Access,
  ClientError,
  Commands,
  Reads,
  systemActor,
  type Actor,
  type Tx,
} from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices, foundTenants } from '../support/services.ts';
import { signIn, testIssuer } from '../support/sign-in.ts';

let database: TestDatabase;
let app: TestingModule;
let signIns: SignIn;
const [ahornau, erlental] = [v7(), v7()];

beforeAll(async () => {
  database = await cloneDatabase();
  await foundTenants(database, { ahornau, erlental });
  app = await bootServices(database.serverUrl, [IdentityModule]);
  for (const tenant of ['ahornau', 'erlental', 'nowhere'])
    app.get(Issuers).trust({ personKeyClaim: 'sub', ...(await testIssuer(tenant)) });
  signIns = app.get(SignIn);
  await inCommand(ahornau, (tx) =>
    app.get(Persons).upsert(tx, [
      { personKey: 'P-1', displayName: 'Ada Ahornblau', mail: 'ada@ahornau.example' },
      { personKey: 'P-2', displayName: 'Bilal Birkengrün' },
    ]),
  );
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

async function inCommand<T>(tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  let result: T;
  const request = { name: 'prepare', commandId: v7(), input: null };
  await app.get(Commands).run(systemActor(tenant), request, async (tx) => {
    tx.permit(true);
    result = await work(tx);
    return null;
  });
  return result!;
}
const actorOf = (token: string | undefined, language = 'de') =>
  signIns.actorOf({ authorization: token && `Bearer ${token}`, 'accept-language': language });
const reasonFor = (headers: Record<string, string | undefined>) =>
  signIns.actorOf(headers).then(
    () => 'let in',
    (error: ClientError) => `${String(error.extensions.code)}: ${error.text.en}`,
  );

test('the first sign-in opens an account, the second finds it', async () => {
  const first = await actorOf(await signIn('P-1'));
  const second = await actorOf(await signIn('P-1'), 'en-GB,en;q=0.9');
  expect(first).toMatchObject({ tenant: ahornau, name: 'Ada Ahornblau', language: 'de' });
  expect(second).toMatchObject({ account: first.account, person: first.person, language: 'en' });
  expect(second).not.toBe(first);
  expect(Object.isFrozen(first)).toBe(true);
});

test('ten simultaneous first sign-ins open one account', async () => {
  const token = await signIn('P-2');
  const actors = await Promise.all(Array.from({ length: 10 }, () => actorOf(token)));
  expect(new Set(actors.map(({ account }) => account)).size).toBe(1);
});

test('higher rooms complete the actor in their order', async () => {
  const seen: string[] = [];
  app
    .get(Access)
    .actorSource(5, async (base) => (seen.push(`5 ${base.name}`), { functionsAt: () => new Set(['HR']) }));
  app
    .get(Access)
    .actorSource(3, async (_base, db) => (seen.push(`3 ${db.actor.person === _base.person}`), { posts: [] }));
  const actor = await actorOf(await signIn('P-1'));
  expect(seen).toEqual(['3 true', '5 Ada Ahornblau']);
  expect([...actor.functionsAt()]).toEqual(['HR']);
});

describe('who cannot be told is not let in, and learns why', () => {
  test.each([
    ['no header', {}, 'Please sign in: an access token is missing (Authorization: Bearer …).'],
    [
      'another scheme',
      { authorization: 'Basic YTpi' },
      'Please sign in: an access token is missing (Authorization: Bearer …).',
    ],
    ['no token', { authorization: 'Bearer not-a-token' }, 'The access token cannot be read.'],
  ])('%s', async (_, headers, reason) => {
    expect(await reasonFor(headers)).toBe(`UNAUTHENTICATED: ${reason}`);
  });

  const foreignKey = generateKeyPair('ES256').then(({ privateKey }) => privateKey);
  test.each([
    [
      'expired',
      () => signIn('P-1', 'ahornau', { expires: Math.floor(Date.now() / 1000) - 60 }),
      /has expired/,
    ],
    ['for another audience', () => signIn('P-1', 'ahornau', { claims: { aud: 'payroll' } }), /claim “aud”/],
    [
      'not yet valid',
      () => signIn('P-1', 'ahornau', { claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }),
      /claim “nbf”/,
    ],
    ['of an unknown issuer', () => signIn('P-1', 'unknown'), /issuer is not known/],
    [
      'signed by somebody else',
      async () => signIn('P-1', 'ahornau', { key: await foreignKey }),
      /signature of the access token/,
    ],
    [
      'signed with a key that is not known here',
      async () =>
        new SignJWT({ iss: 'https://sign-in.example/ahornau', aud: 'offenes-amt', sub: 'P-1' })
          .setProtectedHeader({ alg: 'ES256', kid: 'of-another-server' })
          .setExpirationTime('1h')
          .sign(await foreignKey),
      /signed for another server/,
    ],
    [
      'unsigned',
      async () =>
        new UnsecuredJWT({ iss: 'https://sign-in.example/ahornau', aud: 'offenes-amt', sub: 'P-1' })
          .setExpirationTime('1h')
          .encode(),
      /signature of the access token/,
    ],
    [
      'signed with a shared secret',
      () =>
        new SignJWT({ iss: 'https://sign-in.example/ahornau', aud: 'offenes-amt', sub: 'P-1' })
          .setProtectedHeader({ alg: 'HS256', kid: 'test' })
          .setExpirationTime('1h')
          .sign(new Uint8Array(32)),
      /signature of the access token/,
    ],
    ['for an unknown person', () => signIn('P-404'), /not listed in the register/],
    ['for a person of another administration', () => signIn('P-1', 'erlental'), /not listed in the register/],
    [
      'for an administration that was never set up',
      () => signIn('P-1', 'nowhere'),
      /“nowhere” has not been set up/,
    ],
  ])('a token %s', async (_, make, reason) => {
    const answer = await reasonFor({ authorization: `Bearer ${await make()}` });
    expect(answer).toMatch(/^UNAUTHENTICATED: /);
    expect(answer).toMatch(reason);
  });

  test('a token without the claim that names the person', async () => {
    const issuer = { ...(await testIssuer('ahornau')), personKeyClaim: 'employee' };
    app.get(Issuers).trust({ ...issuer, issuer: 'https://other.example' });
    const token = (claims: object) =>
      signIn('P-1', 'ahornau', { claims: { iss: 'https://other.example', sub: 'x-7', ...claims } });
    expect(await reasonFor({ authorization: `Bearer ${await token({})}` })).toMatch(
      /lacks the claim “employee”/,
    );
    expect((await actorOf(await token({ employee: 'P-1' }))).name).toBe('Ada Ahornblau');
  });
});

describe('keys that are fetched', () => {
  let server: Server;
  let origin: string;
  let answers = true;
  beforeAll(async () => {
    const { jwks } = await testIssuer('ahornau');
    server = createServer((request, response) => {
      if (!answers) return void response.writeHead(503).end();
      const document = { issuer: origin, jwks_uri: `${origin}/keys` };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/keys' ? jwks : document));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    app
      .get(Issuers)
      .trust({ issuer: origin, tenant: 'ahornau', audience: 'offenes-amt', personKeyClaim: 'sub' });
  });
  afterAll(() => void server.close());

  test('are found through the discovery document, also after an outage', async () => {
    const token = await signIn('P-1', 'ahornau', { claims: { iss: origin } });
    answers = false;
    expect(await reasonFor({ authorization: `Bearer ${token}` })).toMatch(/cannot be fetched right now/);
    answers = true;
    expect((await actorOf(token)).name).toBe('Ada Ahornblau');
  });
});

test('a person is brought up to date by key: names change, an address that is not given stays', async () => {
  const [before, after] = await inCommand(ahornau, async (tx) => [
    await app
      .get(Persons)
      .upsert(tx, [{ personKey: 'P-3', displayName: 'Cem Zeder', mail: 'cem@ahornau.example' }]),
    await app.get(Persons).upsert(tx, [
      { personKey: 'P-3', displayName: 'Cem Zedernblau' },
      { personKey: 'P-1', displayName: 'Ada Ahornblau' },
    ]),
  ]);
  expect(after.get('P-3')).toBe(before.get('P-3'));
  const db = await app.get(Reads).db(actorWith(ahornau) as Actor);
  const rows = await db.call(
    'select display_name, mail, version from identity.person where person_key = any($1) order by person_key',
    [['P-1', 'P-3']],
  );
  expect(rows).toEqual([
    { display_name: 'Ada Ahornblau', mail: 'ada@ahornau.example', version: 1 },
    { display_name: 'Cem Zedernblau', mail: 'cem@ahornau.example', version: 2 },
  ]);
  expect(await app.get(Persons).names(db, [after.get('P-3')!, v7()])).toEqual(
    new Map([[after.get('P-3'), 'Cem Zedernblau']]),
  );
});
