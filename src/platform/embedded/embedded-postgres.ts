// The PostgreSQL that comes with the product: started with us, shared by our commands, gone with the last of them.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BootFault } from '../words/boot-fault.ts';
import {
  findBinaries,
  homeOf,
  openDataFolder,
  serviceUser,
  type Secrets,
  type User,
} from './embedded-postgres-files.ts';
import { found, roleUrls, type RoleUrls } from './embedded-postgres-roles.ts';

export interface EmbeddedPostgres extends RoleUrls {
  /** What PostgreSQL itself writes; statements and their values never stand in it. */
  readonly logFile: string;
  /** Resolves when PostgreSQL is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Lets go of PostgreSQL. It stops with the last process that holds it; then this resolves after it stopped. */
  readonly close: () => Promise<void>;
}

interface Installation {
  readonly home: string;
  readonly cluster: string;
  /** A named pipe that each process which uses the database holds open for writing; its end stops PostgreSQL. */
  readonly pipe: string;
  readonly logFile: string;
  readonly binaries: string;
  readonly user: User | undefined;
  readonly secrets: Secrets;
  readonly isThrowAway: boolean;
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const patienceMs = 60_000;
const orphanedAfterMs = 2_000;
const lookAgainMs = 20;

/**
 * Starts the database of a data folder, or joins the one that another of our processes runs there.
 * Throws a `BootFault` when the folder or PostgreSQL cannot be used.
 * `isThrowAway` trades durability for speed: for tests.
 */
export async function openEmbeddedPostgres(folder: string, isThrowAway = false): Promise<EmbeddedPostgres> {
  const here = install(folder, isThrowAway);
  const begun = Date.now();
  for (let attempt = 0; Date.now() - begun < patienceMs; attempt++) {
    const running = findPostmaster(here);
    const pipe = running ? hold(here.pipe) : await start(here, attempt);
    const postmaster = running ?? findPostmaster(here);
    if (pipe !== undefined && postmaster?.isReady && (await found(here.secrets, postmaster.port)))
      return held(here, postmaster, pipe);
    if (pipe !== undefined) fs.closeSync(pipe);
    // Running, but no guard reads the pipe: it is just starting or stopping, or its guard was killed.
    else if (running && Date.now() - begun > orphanedAfterMs) signal(running.pid, 'SIGINT');
    await pause(lookAgainMs);
  }
  throw new BootFault(`PostgreSQL does not start; its reasons stand at the end of ${here.logFile}.`);
}

function install(folder: string, isThrowAway: boolean): Installation {
  const user = serviceUser();
  const secrets = openDataFolder(folder, user, isThrowAway);
  const home = homeOf(folder, secrets);
  const binaries = findBinaries(home, user);
  const files = {
    cluster: join(home, 'cluster'),
    pipe: join(home, 'in-use'),
    logFile: join(folder, 'postgres.log'),
  };
  return { home, ...files, binaries, user, secrets, isThrowAway };
}

/** The server that runs on the cluster. A pid that belongs to another program by now is cleared away. */
function findPostmaster({ cluster }: Installation): Postmaster | undefined {
  const file = join(cluster, 'postmaster.pid');
  if (!fs.existsSync(file)) return undefined;
  const [pid, , , port, , , , status] = fs.readFileSync(file, 'utf8').split('\n');
  const command = commandOf(Number(pid));
  if (command === undefined) return undefined; // PostgreSQL itself recovers from the file of a dead one
  if (command.includes(cluster))
    return { pid: Number(pid), port: Number(port), isReady: status?.trim() === 'ready' };
  fs.rmSync(file);
  return undefined;
}

/** A process's command line, or undefined when it is dead. */
function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout || undefined;
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') || undefined; // empty: it has died, and its parent has not asked how
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone meanwhile, which is what was wanted
  }
}

function hold(pipe: string): number | undefined {
  try {
    return fs.openSync(pipe, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  } catch {
    return undefined; // no pipe, or nobody reads it
  }
}

// The guard outlives us: whatever way the last of us ends, SIGKILL included, the pipe ends and PostgreSQL stops fast.
// It opens the pipe before PostgreSQL starts and removes it before it stops, so nobody joins a server that ends.
const guard = `
exec 3<"$1"; own=$1; pipe=$2; shift 2
"$@" 3<&- & server=$!
echo $server > "$own.server"
( read -r nothing <&3; rm -f "$pipe"; kill -INT $server ) & watch=$!
exec 3<&-
wait $server; status=$?
kill $watch 2>/dev/null
exit $status`;

/** Starts PostgreSQL and gives the held pipe, or undefined when it ended: another of us may have been faster. */
async function start(here: Installation, attempt: number): Promise<number | undefined> {
  initialise(here);
  const pipe = `${here.pipe}.${process.pid}`;
  run(here, 'mkfifo', ['-m', '600', pipe]);
  const child = spawnGuard(here, pipe, await freePort(here.home, attempt));
  const writer = await eventually(child, () => hold(pipe));
  // Ours: another of us may have been faster, and what our guard does not watch would end with the other's.
  const ready = await eventually(child, () => {
    const running = findPostmaster(here);
    return (running?.isReady && running.pid === serverOf(pipe)) || undefined;
  });
  fs.rmSync(`${pipe}.server`, { force: true });
  if (ready) fs.renameSync(pipe, here.pipe);
  else fs.rmSync(pipe, { force: true });
  if (ready || writer === undefined) return writer;
  fs.closeSync(writer);
  return undefined;
}

/** The server that a guard has started, as it told beside its pipe. */
function serverOf(pipe: string): number | undefined {
  try {
    return Number(fs.readFileSync(`${pipe}.server`, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function spawnGuard(here: Installation, pipe: string, port: number): ChildProcess {
  const log = fs.openSync(here.logFile, 'a', 0o600);
  const server = [join(here.binaries, 'bin/postgres'), '-D', here.cluster, ...settings(here, port)];
  const child = spawn('sh', ['-c', guard, 'offenes-amt-postgres', pipe, here.pipe, ...server], {
    ...surroundings(here),
    stdio: ['ignore', log, log],
    detached: true, // Ctrl-C reaches the server first, which then lets go of the database
  });
  fs.closeSync(log);
  child.unref();
  return child;
}

function settings({ isThrowAway }: Installation, port: number): string[] {
  const volatile = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200, // several servers, or tests and peers side by side, each with pools of its own
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Errors go to the client, who knows what to show; here their text would carry what people wrote.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    log_statement: 'none',
    log_checkpoints: 'off',
    ...(isThrowAway && volatile),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

// Nothing of our environment reaches PostgreSQL: a PGPORT or a library path in it would change what is started.
// Only a throw-away one shares the clock that its tests run under.
const surroundings = ({ home, user, isThrowAway }: Installation) => ({
  cwd: home,
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...(isThrowAway && shiftedClock()) },
  ...user,
});

const shiftedClock = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name === 'LD_PRELOAD' || name.startsWith('FAKETIME')),
  );

async function eventually<T>(child: ChildProcess, look: () => T | undefined): Promise<T | undefined> {
  for (
    let seen: T | undefined;
    child.exitCode === null && child.signalCode === null;
    await pause(lookAgainMs)
  )
    if ((seen = look()) !== undefined) return seen;
  return undefined;
}

function run(here: Installation, program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...surroundings(here),
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new BootFault(
    `${program} failed: ${error?.message ?? `${stdout}${stderr}`.trim().split('\n').at(-1)}`,
  );
}

/** Makes the cluster beside its place and moves it there, so that an interrupted start leaves nothing half made. */
function initialise(here: Installation): void {
  if (fs.existsSync(here.cluster)) return;
  const draft = `${here.cluster}.${process.pid}`;
  const vault = fs.mkdtempSync(join(tmpdir(), 'offenes-amt-'));
  const passwordFile = join(vault, 'password');
  fs.writeFileSync(passwordFile, here.secrets.superuser, { mode: 0o600 });
  if (here.user) for (const path of [vault, passwordFile]) fs.chownSync(path, here.user.uid, here.user.gid);
  const access = ['-U', 'app', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  // The same order of characters on every platform; people's order is a collation named where it matters.
  const texts = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-locale'];
  const speed = here.isThrowAway ? ['--no-sync'] : [];
  try {
    run(here, join(here.binaries, 'bin/initdb'), [
      '-D',
      draft,
      ...access,
      ...texts,
      ...speed,
      '--no-instructions',
    ]);
    fs.renameSync(draft, here.cluster);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(here.cluster)) throw error; // else another of us was faster
  } finally {
    fs.rmSync(vault, { recursive: true });
  }
}

/** Below the range from which Linux takes ports for outgoing connections; the same folder starts at the same port. */
async function freePort(home: string, attempt: number): Promise<number> {
  const first = createHash('sha256').update(home).digest().readUInt16BE() % 10_000;
  for (let step = attempt; ; step++) {
    const port = 20_000 + ((first + step) % 10_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function held(here: Installation, { pid, port }: Postmaster, pipe: number): EmbeddedPostgres {
  const isAlive = () => commandOf(pid)?.includes(here.cluster) ?? false;
  return {
    ...roleUrls(here.secrets, port),
    logFile: here.logFile,
    ended: waitUntil(() => !isAlive(), 250),
    async close() {
      fs.closeSync(pipe);
      const begun = Date.now();
      const isShared = () => fs.existsSync(here.pipe) && Date.now() - begun > 500;
      await waitUntil(() => !isAlive() || isShared(), lookAgainMs, true);
    },
  };
}

async function waitUntil(isSo: () => boolean, everyMs: number, keepsUsAlive = false): Promise<void> {
  while (!isSo()) await pause(everyMs, undefined, { ref: keepsUsAlive });
}
