// The demo and the embedded database are guests (ADR 75): the production profile serves from a tree without them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  optionalDependencies: Record<string, string>;
};
const guests = ['demo', join('platform', 'embedded')];
let folder: string;
let database: TestDatabase;
let server: ChildProcess;
let origin: string;

/** The server's tree: what is compiled and its packages, but for the guests and what is optional. */
async function plantTree(): Promise<void> {
  const { ensureBuilt } = (await import(join(root, 'scripts/ensure.mjs'))) as {
    ensureBuilt: (node: string) => boolean;
  };
  expect(ensureBuilt(process.execPath)).toBe(true);
  const isGuest = (path: string) => guests.some((guest) => path === join(root, 'dist', guest));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !isGuest(path) });
  for (const name of ['migrations', 'data', 'package.json'])
    symlinkSync(join(root, name), join(folder, name));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.'))) {
    const packages = name.startsWith('@')
      ? readdirSync(join(root, 'node_modules', name)).map((inScope) => `${name}/${inScope}`)
      : [name];
    if (name.startsWith('@')) mkdirSync(join(modules, name));
    for (const one of packages)
      if (!Object.hasOwn(optionalDependencies, one))
        symlinkSync(join(root, 'node_modules', one), join(modules, one));
  }
}

const environmentFor = (port: number, more: Readonly<Record<string, string>>) => ({
  PROFILE: 'production',
  HOST: '127.0.0.1',
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  ISSUERS: JSON.stringify([{ issuer: 'https://id.example.org', audience: 'offenes-amt', tenant: 'region' }]),
  ...more,
});

function launch(environment: Readonly<Record<string, string>>): { child: ChildProcess; output: string[] } {
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: folder, env: environment });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (line) => output.push(String(line)));
  return { child, output };
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  return port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oa-production-'));
  await plantTree();
  database = await cloneDatabase();
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const { serverUrl, ownerUrl } = database;
  const started = launch(environmentFor(port, { DATABASE_URL: serverUrl, DATABASE_OWNER_URL: ownerUrl }));
  server = started.child;
  await new Promise<void>((resolve, reject) => {
    server.stdout!.on('data', () => started.output.join('').includes('is open at') && resolve());
    server.on('exit', () => reject(new Error(started.output.join(''))));
  });
});
afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('the production profile is ready without demo, embedded database and optional packages', async () => {
  expect((await fetch(`${origin}/ready`)).status).toBe(200);
});

test('and has no door of the demo', async () => {
  for (const path of ['/explorer/', '/oidc/.well-known/openid-configuration', '/demo'])
    expect((await fetch(origin + path)).status).toBe(404);
});
