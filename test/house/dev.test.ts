// npm run dev in a copy of the house, so that changing it disturbs nobody.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
const house = fs.mkdtempSync(join(tmpdir(), 'offenes-amt-dev-'));
const data = join(house, 'data-folder');
const patienceMs = 60_000;
jest.setTimeout(2 * patienceMs);

const main = join(house, 'src/main.ts');
const text = fs.readFileSync(join(root, 'src/main.ts'), 'utf8');
const greeting = 'Offenes Amt is open at';
/** A change that can be seen from outside. */
const greet = (words: string) => fs.writeFileSync(main, text.replace(greeting, words));

let dev: ChildProcess | undefined;
let printed = '';
let port: string;

beforeAll(async () => {
  fs.chmodSync(house, 0o755); // so that the database's user finds its folder here, too
  for (const name of ['src', 'data', 'migrations', 'scripts', 'package.json', 'package-lock.json'])
    fs.cpSync(join(root, name), join(house, name), { recursive: true });
  for (const name of ['.swcrc', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'])
    fs.cpSync(join(root, name), join(house, name));
  fs.symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = String((server.address() as AddressInfo).port);
  server.close();
});
afterAll(async () => {
  dev?.kill('SIGKILL');
  await until(() => alive().length === 0);
  fs.rmSync(house, { recursive: true });
});

function start(): void {
  printed = '';
  const issuers = '[{"issuer": "https://sso.example", "tenant": "region"}]';
  const env = { PATH: process.env.PATH, DATA_DIR: data, PORT: port, PROFILE: 'production', ISSUERS: issuers };
  dev = spawn(process.execPath, ['scripts/dev.mjs'], { cwd: house, env, stdio: 'pipe' });
  for (const stream of [dev.stdout!, dev.stderr!]) stream.on('data', (more) => (printed += String(more)));
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await isSo()); await pause(30))
    if (Date.now() > end) throw new Error(`did not come about; printed so far:\n${printed}`);
}
const says = (words: string) => until(() => printed.includes(words));
const isOpen = () =>
  fetch(`http://127.0.0.1:${port}/live`).then(
    () => true,
    () => false,
  );

/** The processes of this house: launcher, loop, servers, database. */
function alive(): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const all = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const ours = new Set([String(dev?.pid)]);
  for (const [pid, parent, ...args] of all)
    if (ours.has(parent!) || args.join(' ').includes(house)) ours.add(pid!);
  return all.filter(([pid, , program]) => ours.has(pid!) && program !== 'ps').map((line) => line.join(' '));
}
const pidFile = join(data, 'database/cluster/postmaster.pid');
const postmaster = () => fs.readFileSync(pidFile, 'utf8').split('\n')[0];

test('starts anew after a change, on the same database, and keeps what runs while nothing compiles', async () => {
  start();
  await says(`${greeting} http://127.0.0.1:${port}/graphql`);
  const database = postmaster();
  expect(alive().some((line) => line.includes('postgres'))).toBe(true);

  greet('Once more open at');
  await says('Once more open at');
  expect(postmaster()).toBe(database);

  fs.writeFileSync(main, `${text} }`);
  await says('The server does not compile.');
  expect(await isOpen()).toBe(true);

  greet('Repaired and open at');
  await says('Repaired and open at');
  expect(postmaster()).toBe(database);
});

test('a server that ends leaves the database, and the next change starts one', async () => {
  const database = postmaster();
  greet('Broken when opening at');
  await says('Broken when opening at');
  const servers = alive().filter((line) => line.includes(join(house, 'scripts/dev/server.mjs')));
  for (const line of servers) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
  await says('The server has ended');

  greet('Open after the end at');
  await says('Open after the end at');
  expect(postmaster()).toBe(database);
});

test('Ctrl-C ends everything', async () => {
  dev!.kill('SIGINT');
  const [code] = (await once(dev!, 'exit')) as [number];
  expect(code).toBe(0);
  await until(() => alive().length === 0);
  expect(fs.existsSync(pidFile)).toBe(false);
});

test('kill -9 of the launcher or of what holds the database leaves nothing behind', async () => {
  for (const victim of ['launcher', 'loop'] as const) {
    start();
    await says('Open after the end at');
    const loop = alive().find((line) => line.includes('scripts/dev/loop.mjs'))!;
    const gone = once(dev!, 'exit');
    process.kill(victim === 'launcher' ? dev!.pid! : Number(loop.split(' ')[0]), 'SIGKILL');
    await gone;
    await until(() => alive().length === 0);
  }
});
