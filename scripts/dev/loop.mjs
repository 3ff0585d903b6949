// What npm run dev is made of: this process holds the embedded database, so that it outlives the servers; one server
// runs, and the next one has loaded its packages already. A change costs compiling one file and starting on what is there.
import { fork } from 'node:child_process';
import { watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../ensure.mjs';
import { compile } from './compile.mjs';
import { openEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts';

const database = process.env.DATABASE_URL ? undefined : await openDatabase();
const environment = { ...process.env, ...database?.environment };
let server;
let next;
let isOver = false;
let isStopping = false;
/** Starts and stops follow one another: two changes in a row never leave two servers. */
let turn = Promise.resolve();
let pause;

restart();
for (const folder of ['src', 'migrations'])
  watch(join(root, folder), { recursive: true }, (_, file) => {
    if (!/\.(ts|graphql|html|css|sql)$/.test(file ?? '') || file.endsWith('.test.ts')) return;
    // Editors write a file in several strokes: what comes close together is one change.
    clearTimeout(pause);
    pause = setTimeout(restart, 30);
  });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(signal, () => end());
void database?.ended.then(() =>
  end('The embedded database ended unexpectedly; start again and it recovers.'),
);

/** The database as settings of the servers: to them it is one that was there before. */
async function openDatabase() {
  const folder = resolve(root, process.env.DATA_DIR || '.data');
  const { serverUrl, ownerUrl, superUrl, ended, close } = await openEmbeddedPostgres(folder).catch(fail);
  const urls = { DATABASE_URL: serverUrl, DATABASE_OWNER_URL: ownerUrl, BACKUP_DATABASE_URL: superUrl };
  return { environment: { ...urls, PROFILE: process.env.PROFILE || 'demo' }, ended, close };
}

function fail({ message }) {
  console.error(message);
  process.exit(1);
}

/** A process with the packages loaded, waiting for its turn. It says when its server is open. */
function prepare() {
  const options = { cwd: root, env: environment, execArgv: ['--enable-source-maps'] };
  const child = fork(join(root, 'scripts/dev/server.mjs'), options);
  child.once('message', () => {
    if (!isOver) next ??= prepare();
  });
  child.once('exit', () => {
    if (child === next) next = undefined;
    if (child === server && !isStopping)
      console.error('The server has ended; the next change starts it anew.');
  });
  return child;
}

function restart() {
  turn = turn.then(async () => {
    // What does not compile is said, and the next change tries again; until then the server is what it was.
    if (isOver || !(await compile())) return;
    await stop();
    server = next ?? prepare();
    next = undefined; // Loading the next one would take time from this one.
    server.send('go');
  });
}

async function stop() {
  if (!server || server.exitCode !== null || server.signalCode) return;
  isStopping = true;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
  isStopping = false;
}

function end(fault) {
  if (isOver) return;
  isOver = true;
  if (fault) console.error(fault);
  next?.kill('SIGKILL');
  turn = turn
    .then(stop)
    .then(() => database?.close())
    .then(() => process.exit(fault ? 1 : 0));
}
