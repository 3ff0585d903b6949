import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { createApp } from '../../src/app.ts';
import { DemoModule } from '../../src/demo/index.ts';
import { entities } from '../../src/entities.ts';
import { demoKeys } from '../../src/demo/sign-in/demo-keys.ts';
import { DemoSignIn } from '../../src/demo/sign-in/demo-sign-in.service.ts';
import { token as tokenTool } from '../../src/demo/sign-in/token.tool.ts';
import { Persons, SignIn } from '../../src/identity/index.ts';
import { Access, Commands, PlatformModule, systemActor } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { configFor, foundTenants } from '../support/services.ts';

let database: TestDatabase;
let demo: NestFastifyApplication;
let origin: string;
const dataDir = mkdtempSync(join(tmpdir(), 'offenes-amt-'));
const ahornau = v7();
const opened: NestFastifyApplication[] = [];

async function open(environment: Record<string, string>): Promise<NestFastifyApplication> {
  const port = await freePort();
  const config = configFor(database.serverUrl, { PORT: String(port), DATA_DIR: dataDir, ...environment });
  const platform = PlatformModule.with({ config, entities });
  const module = await Test.createTestingModule({ imports: [platform, DemoModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(port, '127.0.0.1');
  opened.push(app);
  return app;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

beforeAll(async () => {
  database = await cloneDatabase();
  await foundTenants(database, { ahornau });
  demo = await open({});
  origin = demo.get(DemoSignIn).origin;
  const request = { name: 'prepare', commandId: v7(), input: null };
  await demo.get(Commands).run(systemActor(ahornau), request, async (tx) => {
    tx.permit(true);
    const named = {
      'P-0001': 'Ada Ahornblau',
      'P-0022': 'Kemal Kirschrosa',
      'P-0400': 'Mia <script>alert(1)</script>',
    };
    const people = Object.entries(named).map(([personKey, displayName]) => ({ personKey, displayName }));
    await demo.get(Persons).upsert(tx, people);
    return null;
  });
  demo.get(Access).actorSource(1, async ({ name }) => ({
    functionsAt: () =>
      new Set(name.startsWith('Kemal') ? ['HR', 'HEAD'] : name.startsWith('Ada') ? ['LEAD'] : []),
  }));
});
afterAll(async () => {
  for (const app of opened) await app.close();
  await database?.drop();
  rmSync(dataDir, { recursive: true });
});

/** A browser as far as the flow needs one: keeps cookies, follows redirects within the server by hand. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async visit(url: string, init: { method?: string; body?: URLSearchParams } = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value) this.#cookies.set(name!, value);
      else this.#cookies.delete(name!);
    }
    return response;
  }
}

const verifier = 'a-verifier-of-the-length-that-rfc-7636-asks-for';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const authUrl = (over: Record<string, string> = {}) => {
  const query = new URLSearchParams({
    client_id: 'explorer',
    response_type: 'code',
    scope: 'openid api',
    prompt: 'login',
    redirect_uri: `${origin}/explorer`,
    resource: 'urn:offenes-amt:graphql',
    state: 'here',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...over,
  });
  return `${origin}/oidc/auth?${query.toString()}`;
};
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});
const location = (response: Response) => new URL(response.headers.get('location')!, origin);

async function codeFor(browser: Browser, personKey: string): Promise<string> {
  const pick = location(await browser.visit(authUrl()));
  const resume = location(await browser.visit(pick.href, form({ person: personKey })));
  const back = location(await browser.visit(resume.href));
  expect(`${back.origin}${back.pathname}`).toBe(`${origin}/explorer`);
  expect(back.searchParams.get('state')).toBe('here');
  return back.searchParams.get('code') ?? '';
}
const redeem = (code: string, over = {}, from = origin) => {
  const fields = {
    client_id: 'explorer',
    redirect_uri: `${origin}/explorer`,
    code,
    code_verifier: verifier,
    ...over,
  };
  const request = form({ grant_type: 'authorization_code', ...fields });
  return fetch(`${origin}/oidc/token`, { ...request, headers: { origin: from } });
};

describe('in the demo profile', () => {
  test('one picks a person, and the token of the code flow is accepted like any other', async () => {
    const answer = (await (await redeem(await codeFor(new Browser(), 'P-0022'))).json()) as {
      access_token: string;
    };
    expect(decodeJwt(answer.access_token)).toMatchObject({
      iss: `${origin}/oidc`,
      aud: 'offenes-amt',
      sub: 'P-0022',
    });
    const actor = await demo.get(SignIn).actorOf({ authorization: `Bearer ${answer.access_token}` });
    expect(actor).toMatchObject({ tenant: ahornau, name: 'Kemal Kirschrosa' });
  });

  test('the page names everybody by role, says DEMO, and lets nobody write markup', async () => {
    const browser = new Browser();
    const page = await (await browser.visit(location(await browser.visit(authUrl())).href)).text();
    const groups = [...page.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, title]) => title);
    expect(groups).toEqual([
      'Empfohlen für den ersten Blick (2)',
      'Verwaltungsspitze (1)',
      'Personalamt (1)',
      'Weitere Beschäftigte (1)',
    ]);
    expect(page).toMatch(/DEMO: Alle Personen sind erfunden/);
    expect(page).toMatch(/Mia &lt;script&gt;/);
    expect(page).not.toMatch(/<script/);
  });

  test('without PKCE, for another address or for an unknown person there is no code', async () => {
    const error = (response: Response) => location(response).searchParams.get('error');
    expect(error(await new Browser().visit(authUrl({ code_challenge: '', code_challenge_method: '' })))).toBe(
      'invalid_request',
    );
    expect(
      (await new Browser().visit(authUrl({ redirect_uri: 'https://elsewhere.example/explorer' }))).status,
    ).toBe(400);
    expect(
      await (await redeem(await codeFor(new Browser(), 'P-0022'), { code_verifier: `${verifier}x` })).json(),
    ).toMatchObject({ error: 'invalid_grant' });
    const browser = new Browser();
    const pick = location(await browser.visit(authUrl()));
    expect((await browser.visit(pick.href, form({ person: 'P-404' }))).status).toBe(400);
  });

  test('a code works once, and for our own page alone', async () => {
    const code = await codeFor(new Browser(), 'P-0001');
    expect((await redeem(code, {}, 'https://elsewhere.example')).status).toBe(400);
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).status).toBe(400);
  });

  test('a page that was never asked for leads back to the beginning', async () => {
    const answer = await fetch(`${origin}/oidc/pick/made-up`, form({ person: 'P-0001' }));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/bitte neu beginnen/);
  });

  test('the discovery document and the keys fit the tokens', async () => {
    const document = (await (
      await fetch(`${origin}/oidc/.well-known/openid-configuration`)
    ).json()) as Record<string, string>;
    expect(document).toMatchObject({ issuer: `${origin}/oidc`, jwks_uri: `${origin}/oidc/jwks` });
    const { keys } = (await (await fetch(document.jwks_uri!)).json()) as { keys: Record<string, string>[] };
    const token = await demo.get(DemoSignIn).token('P-0001');
    expect(keys).toEqual([expect.objectContaining({ kid: decodeProtectedHeader(token).kid })]);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('the keys lie in the data folder, readable by this user alone, and outlive a restart', async () => {
    const token = await demo.get(DemoSignIn).token('P-0001');
    expect(statSync(join(dataDir, 'demo-sign-in.json')).mode & 0o777).toBe(0o600);
    const again = await open({});
    const other = await again.get(DemoSignIn).token('P-0001');
    expect(decodeProtectedHeader(other).kid).toBe(decodeProtectedHeader(token).kid);
    const authorization = `Bearer ${other}`; // made beside the server, on another port
    expect((await demo.get(SignIn).actorOf({ authorization })).name).toBe('Ada Ahornblau');
    expect(JSON.parse(readFileSync(join(dataDir, 'demo-sign-in.json'), 'utf8'))).toHaveProperty(
      'cookieSecret',
    );
  });

  test('the explorer and all it needs come from our own origin', async () => {
    const page = await fetch(`${origin}/explorer`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    const needed = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].flatMap(([, path]) =>
      path === 'data:,' ? [] : path!,
    );
    expect(needed).toEqual(['/explorer/explorer.css', '/explorer/explorer.js']);
    for (const path of [...needed, '/explorer/operations.json']) {
      expect(path.startsWith('/')).toBe(true);
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 200]);
    }
    const script = await (await fetch(`${origin}/explorer/explorer.js`)).text();
    expect(script).not.toMatch(/(?:^|[;}])import[ {*"]|\bimport\(|https?:\/\/(?:cdn|unpkg|esm)/); // whole as it is
    for (const path of ['/explorer/ask.js', '/explorer/nothing.js', '/explorer/..%2F..%2Fpackage.json'])
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);
  });
});

describe('npm run token', () => {
  const printed = async (app: NestFastifyApplication, ...args: string[]) => {
    const lines: string[] = [];
    const [log, error] = [console.log, console.error];
    console.log = console.error = (line: string) => void lines.push(line);
    const code = await tokenTool(app, args).finally(() => Object.assign(console, { log, error }));
    return { code, line: lines.join('\n') };
  };

  test.each([['P-0022'], ['Kemal Kirschrosa'], ['kemal']])('prints a token for %s', async (who) => {
    const { code, line } = await printed(demo, who);
    expect(code).toBe(0);
    expect((await demo.get(SignIn).actorOf({ authorization: `Bearer ${line}` })).name).toBe(
      'Kemal Kirschrosa',
    );
  });

  /** As people call it: needs the key in the data folder and neither server nor database. */
  const quickly = (folder: string, who: string) => {
    const env = { PATH: process.env.PATH, DATA_DIR: folder };
    const script = join(import.meta.dirname, '../../scripts/token.mjs');
    return spawnSync(process.execPath, [script, who], { env, encoding: 'utf8' }).stdout.trim();
  };

  test.each([['P-0022'], ['Kemal Kirschrosa'], ['kirschrosa']])(
    'makes it by the key alone, too: %s',
    async (who) => {
      await demo.get(DemoSignIn).keys();
      const authorization = `Bearer ${quickly(dataDir, who)}`;
      expect((await demo.get(SignIn).actorOf({ authorization })).name).toBe('Kemal Kirschrosa');
    },
  );

  test('a token of another server is called so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offenes-amt-'));
    await demoKeys(folder);
    const authorization = `Bearer ${quickly(folder, 'P-0022')}`;
    await expect(demo.get(SignIn).actorOf({ authorization })).rejects.toThrow(
      /signed for another server|einen anderen Server/,
    );
    rmSync(folder, { recursive: true });
  });

  test.each([
    [[], /Whose token\?/],
    [['Nobody'], /Nobody in the register/],
    [['a'], /Several fit: Ada Ahornblau \(P-0001\)/],
  ])('says for %j what is wrong', async (args, sentence) => {
    expect(await printed(demo, ...args)).toMatchObject({ code: 1, line: expect.stringMatching(sentence) });
  });
});

test('in the production profile there is no provider, no explorer and no token, and demo tokens are refused', async () => {
  const issuers = JSON.stringify([{ issuer: 'https://sso.example', tenant: 'ahornau' }]);
  const environment = { PROFILE: 'production', ISSUERS: issuers, LOG_LEVEL: 'error' };
  const real = await createApp(configFor(database.serverUrl, environment));
  opened.push(real);
  await real.listen(0, '127.0.0.1');
  const at = await real.getUrl();
  for (const path of [
    '/oidc/.well-known/openid-configuration',
    '/oidc/auth',
    '/oidc/pick/x',
    '/explorer',
    '/explorer/explorer.js',
  ])
    expect([path, (await fetch(at + path)).status]).toEqual([path, 404]);
  expect(() => real.get(DemoSignIn)).toThrow(/does not exist/);
  const authorization = `Bearer ${await demo.get(DemoSignIn).token('P-0001')}`;
  await expect(real.get(SignIn).actorOf({ authorization })).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
});
