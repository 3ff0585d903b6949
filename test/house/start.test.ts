// The product as people start it: the real launcher, the compiled server, its own database, in folders of its own.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asSuperuser } from '../support/cluster.ts';

const root = join(import.meta.dirname, '../..');
const base = fs.mkdtempSync(join(tmpdir(), 'offenes-amt-start-'));
const nobody = 65534;
const running = new Set<ChildProcess>();
const patienceMs = 60_000;
jest.setTimeout(4 * patienceMs);

interface Run {
  readonly child: ChildProcess;
  /** All that was printed so far. */
  printed(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
}

function run(script: string, args: string[], environment: Record<string, string>, uid?: number): Run {
  const issuers = '[{"issuer": "https://sso.example", "tenant": "region"}]';
  const env = { PATH: process.env.PATH, PROFILE: 'production', ISSUERS: issuers, ...environment };
  const options = { cwd: root, env, uid, gid: uid, stdio: 'pipe' as const };
  const child = spawn(process.execPath, [join('scripts', script), ...args], options);
  running.add(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += String(text)));
  const ended = once(child, 'close').then(([code]) => (running.delete(child), code as number));
  return { child, printed: () => printed, ended };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await isSo()); await pause(30))
    if (Date.now() > end) throw new Error('did not come about');
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return String(port);
}

/** Starts a server and waits until it is open. */
async function open(environment: Record<string, string>, uid?: number): Promise<Run> {
  const server = run('start.mjs', [], environment, uid);
  await until(() => server.printed().includes('is open at') || server.child.exitCode !== null);
  expect(server.printed()).toContain(`is open at http://127.0.0.1:${environment.PORT}/graphql`);
  return server;
}

async function answers(port: string): Promise<boolean> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{__typename}"}',
  };
  return fetch(`http://127.0.0.1:${port}/graphql`, request).then(
    async (response) => (await response.text()).includes('UNAUTHENTICATED'),
    () => false,
  );
}

const pidFile = (folder: string) => join(folder, 'database/cluster/postmaster.pid');
const postmaster = (folder: string) => Number(fs.readFileSync(pidFile(folder), 'utf8').split('\n')[0]);
/** The server's process: the launcher's only child. */
const serverOf = ({ child }: Run) =>
  Number(spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' }).stdout);

function superUrl(folder: string): string {
  const { superuser } = JSON.parse(fs.readFileSync(join(folder, 'secrets.json'), 'utf8')) as {
    superuser: string;
  };
  const port = fs.readFileSync(pidFile(folder), 'utf8').split('\n')[3];
  return `postgres://app:${superuser}@127.0.0.1:${port}/offenes_amt`;
}

async function newPlace(uid = process.getuid!()): Promise<{ DATA_DIR: string; PORT: string }> {
  const folder = fs.mkdtempSync(join(base, 'data-'));
  fs.chmodSync(folder, 0o755);
  fs.chownSync(folder, uid, uid);
  return { DATA_DIR: folder, PORT: await freePort() };
}

beforeAll(() => fs.chmodSync(base, 0o755));
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  const folders = fs.readdirSync(base).map((name) => join(base, name));
  await until(() => folders.every((folder) => !fs.existsSync(pidFile(folder))));
  fs.rmSync(base, { recursive: true });
});

describe('npm start', () => {
  test('opens, and stops cleanly on SIGTERM and on Ctrl-C', async () => {
    const place = await newPlace();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = await open(place);
      expect(await answers(place.PORT)).toBe(true);
      server.child.kill(signal);
      expect(await server.ended).toBe(0);
      expect(await answers(place.PORT)).toBe(false);
      expect(fs.existsSync(pidFile(place.DATA_DIR))).toBe(false);
    }
  });

  test('works again after kill -9 of launcher, server or database', async () => {
    const place = await newPlace();
    const launcher = await open(place);
    launcher.child.kill('SIGKILL');
    await until(() => !fs.existsSync(pidFile(place.DATA_DIR)));

    const server = await open(place);
    process.kill(serverOf(server), 'SIGKILL');
    expect(await server.ended).toBe(128 + 9);

    const database = await open(place);
    process.kill(postmaster(place.DATA_DIR), 'SIGKILL');
    expect(await database.ended).toBe(1);
    expect(database.printed()).toContain('The embedded database ended unexpectedly');

    const last = await open(place);
    expect(await answers(place.PORT)).toBe(true);
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);
  });

  test('says in one sentence that the port is in use, and harms nobody', async () => {
    const place = await newPlace();
    const first = await open(place);
    const second = run('start.mjs', [], place);
    expect(await second.ended).toBe(1);
    expect(second.printed()).toBe(
      `Cannot listen at 127.0.0.1:${place.PORT}: it is in use; set PORT or HOST.\n`,
    );
    expect(await answers(place.PORT)).toBe(true);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  test('runs as an ordinary user, too', async () => {
    const mayRun = spawnSync(process.execPath, ['scripts/run.mjs', '--version'], {
      cwd: root,
      uid: nobody,
      gid: nobody,
    });
    if (process.getuid!() !== 0 || mayRun.status !== 0)
      return console.log('Only one user can be tried in this checkout.');
    const place = await newPlace(nobody);
    const server = await open(place, nobody);
    expect(await answers(place.PORT)).toBe(true);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  test.each([
    ['a port', { PORT: 'many' }, 'PORT must be a port from 1 to 65535, but is many.'],
    [
      'a data folder',
      { DATA_DIR: '/dev/null/data' },
      'The data folder /dev/null/data cannot be used (ENOTDIR); set DATA_DIR to one that can.',
    ],
    [
      'a database',
      { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', DATABASE_WAIT_S: '0' },
      'DATABASE_URL: cannot connect to 127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1).',
    ],
  ])('ends with one sentence and exit code 1 for %s that cannot be', async (_name, wrong, sentence) => {
    const server = run('start.mjs', [], { ...(await newPlace()), ...wrong });
    expect(await server.ended).toBe(1);
    expect(server.printed()).toBe(`${sentence}\n`);
  });
});

describe('npm run backup and restore', () => {
  test('move an installation while it is open, proved by equal content', async () => {
    const [old, fresh] = await Promise.all([newPlace(), newPlace()]);
    const file = join(base, 'moved.gz');
    const server = await open(old);
    const found = `insert into platform.tenant (id, key, name) values (gen_random_uuid(), 'region', 'Über "uns"')`;
    await asSuperuser(superUrl(old.DATA_DIR), (client) => client.query(found));
    const backup = run('tool.mjs', ['backup', file], old);
    expect(await backup.ended).toBe(0);
    const again = run('tool.mjs', ['backup', file], old);
    expect([await again.ended, again.printed()]).toEqual([
      1,
      `${file} exists, and a backup never overwrites.\n`,
    ]);
    server.child.kill('SIGTERM');
    await server.ended;

    const restore = run('tool.mjs', ['restore', file], fresh);
    expect([await restore.ended, contents(restore)]).toEqual([0, contents(backup)]);
    expect(contents(backup)).toContainEqual(expect.stringMatching(/  platform\.tenant  1$/));
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);

    fs.writeFileSync(file, fs.readFileSync(file).subarray(0, -200));
    const cut = run('tool.mjs', ['restore', file], await newPlace());
    expect(await cut.ended).toBe(1);
    expect(cut.printed()).toMatch(/^The backup is damaged at [a-z_.]+; nothing was restored\.\n$/);
  });
});

const contents = (tool: Run) =>
  tool
    .printed()
    .split('\n')
    .filter((line) => /^[0-9a-f]{64}  /.test(line));
