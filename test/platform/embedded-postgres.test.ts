import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/postgres/database.ts';
import { openEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts';
import { BootFault } from '../../src/platform/words/boot-fault.ts';
import { asSuperuser } from '../support/cluster.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const holderScript = join(import.meta.dirname, '../support/hold-postgres.mjs');
const base = fs.mkdtempSync(join(tmpdir(), 'offenes-amt-test-'));
fs.chmodSync(base, 0o755);
const children: ChildProcess[] = [];
let folders = 0;
const newFolder = () => join(base, String(++folders));

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  const homes = Array.from({ length: folders }, (_, i) => homeOf(join(base, String(i + 1))));
  await until(() => homes.every((home) => !fs.existsSync(join(home, 'cluster/postmaster.pid'))));
  for (const folder of [...homes, base]) fs.rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the database; its first line is the address, or the fault. */
async function holder(folder: string, uid?: number): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [holderScript, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    uid,
    gid: uid,
  });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, line };
}

function homeOf(folder: string): string {
  const secrets = join(folder, 'secrets.json');
  const elsewhere = fs.existsSync(secrets) && JSON.parse(fs.readFileSync(secrets, 'utf8')).elsewhere;
  return elsewhere || join(folder, 'database');
}
const pidFile = (folder: string) => join(homeOf(folder), 'cluster/postmaster.pid');
const postmaster = (folder: string) => Number(fs.readFileSync(pidFile(folder), 'utf8').split('\n')[0]);

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo(); await pause(20))
    if (Date.now() > end) throw new Error('did not come about');
}

const answers = async (url: string): Promise<number> =>
  (await asSuperuser(url, (client) => client.query('select 1'))).rowCount!;

describe('the embedded database', () => {
  test('is shared by all who open it and stops with the last', async () => {
    const folder = newFolder();
    const [one, other] = await Promise.all([openEmbeddedPostgres(folder, true), holder(folder)]);
    expect(other.line).toBe(one.superUrl);
    await one.close();
    expect(await answers(other.line)).toBe(1);
    other.child.kill('SIGTERM');
    await one.ended;
    expect(fs.existsSync(pidFile(folder))).toBe(false);
  });

  test('is held by each of several who start it at the same moment', async () => {
    for (const first of [0, 1]) {
      const folder = newFolder();
      await openEmbeddedPostgres(folder, true).then((made) => made.close());
      const holders = await Promise.all([holder(folder), holder(folder)]);
      holders[first]!.child.kill('SIGKILL');
      await once(holders[first]!.child, 'exit');
      await pause(300); // as long as a database takes to stop that nobody holds
      expect(await answers(holders[1 - first]!.line)).toBe(1);
      holders[1 - first]!.child.kill('SIGTERM');
      await until(() => !fs.existsSync(pidFile(folder)));
    }
  });

  test('stops when its process is killed, and starts again', async () => {
    const folder = newFolder();
    const { child } = await holder(folder);
    child.kill('SIGKILL');
    await until(() => !fs.existsSync(pidFile(folder)));
    const again = await openEmbeddedPostgres(folder, true);
    expect(await answers(again.superUrl)).toBe(1);
    await again.close();
  });

  test('is missed at once when it is killed itself, and keeps what was written', async () => {
    const folder = newFolder();
    const first = await openEmbeddedPostgres(folder);
    await asSuperuser(first.superUrl, (client) => client.query('create table kept as select 7 as n'));
    process.kill(postmaster(folder), 'SIGKILL');
    await first.ended;
    const again = await openEmbeddedPostgres(folder);
    const { rows } = await asSuperuser(again.superUrl, (client) => client.query('select n from kept'));
    expect(rows).toEqual([{ n: 7 }]);
    await Promise.all([first.close(), again.close()]);
  });

  test('starts although its pid file names a living stranger', async () => {
    const folder = newFolder();
    await (await openEmbeddedPostgres(folder, true)).close();
    fs.writeFileSync(pidFile(folder), `${process.pid}\n${folder}\n0\n1\n\n\n\nready\n`);
    const again = await openEmbeddedPostgres(folder, true);
    expect(await answers(again.superUrl)).toBe(1);
    await again.close();
  });

  test('writes no statement and no value into its log', async () => {
    const folder = newFolder();
    const { superUrl, logFile, close } = await openEmbeddedPostgres(folder, true);
    await asSuperuser(superUrl, async (client) => {
      await client.query('create table told (what text primary key)');
      const tell = () => client.query('insert into told values ($1)', ['Geheimnis-4711']);
      await tell();
      await expect(tell()).rejects.toThrow('duplicate key');
      await expect(client.query("select 'Geheimnis-4711'::uuid")).rejects.toThrow('invalid input syntax');
      await client.query("do $$ begin raise warning 'Geheimnis-4711'; end $$");
    });
    await close();
    const log = fs.readFileSync(logFile, 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('4711');
  });

  test('founded before the first release is refused with the way out, and stays', async () => {
    const folder = newFolder();
    const settings = readSettings({ DATA_DIR: folder });
    await (await openDatabase(settings)).close();
    const older = await openEmbeddedPostgres(folder);
    await asSuperuser(older.superUrl, (client) =>
      client.query(`update platform.migration set name = replace(name, 'Migration2026', 'Migration2025')`),
    );
    const sentence = `The database in ${folder} was founded by a trial version from before the first release and cannot be brought up to this one; npm run reset deletes it, and the next start founds the administration anew.`;
    await expect(openDatabase(settings)).rejects.toThrow(new BootFault(sentence));
    expect(await answers(older.superUrl)).toBe(1);
    await older.close();
  });

  test('says in one sentence that its folder cannot be used', async () => {
    const file = newFolder();
    fs.writeFileSync(file, '');
    await expect(openEmbeddedPostgres(join(file, 'data'))).rejects.toThrow(
      `The data folder ${file}/data cannot be used (ENOTDIR); set DATA_DIR to one that can.`,
    );
  });
});

// Only root can become another user; as an ordinary user every test above has run as one.
if (isRoot)
  describe('started by root', () => {
    test('it runs as a service user, also where that user may not go', async () => {
      const folder = newFolder();
      fs.mkdirSync(folder, { mode: 0o700 });
      const { superUrl, close } = await openEmbeddedPostgres(folder, true);
      expect(fs.statSync(homeOf(folder)).uid).not.toBe(0);
      expect(homeOf(folder).startsWith(folder)).toBe(false);
      expect(fs.statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
      expect(await answers(superUrl)).toBe(1);
      await close();
    });
  });

const mayRunAsNobody =
  isRoot && spawnSync(process.execPath, [holderScript, ''], { uid: nobody, gid: nobody }).status === 0;
if (isRoot && !mayRunAsNobody)
  console.log('The ordinary user is left out: nobody may not read this checkout.');
if (mayRunAsNobody)
  test('an ordinary user has a database of the same kind, and a closed folder is a sentence', async () => {
    const folder = newFolder();
    fs.mkdirSync(folder);
    fs.chownSync(folder, nobody, nobody);
    const { child, line } = await holder(folder, nobody);
    expect(await answers(line)).toBe(1);
    child.kill('SIGTERM');
    const closed = newFolder();
    fs.mkdirSync(closed, { mode: 0o755 });
    expect((await holder(closed, nobody)).line).toMatch(
      /^BootFault The data folder .* cannot be used \(EACCES\)/,
    );
  });
