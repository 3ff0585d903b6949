import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'reset-'));
  folder = join(base, 'data');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const reset = (environment: object = {}) => {
  const script = join(import.meta.dirname, '../../scripts/reset.mjs');
  const env = { PATH: process.env.PATH, DATA_DIR: folder, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  return { status, said: stdout + stderr };
};

/** A data folder as a start leaves it; the process of `pid` serves the database. */
function plant(secrets: object, database: string, pid: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets));
  mkdirSync(join(database, 'cluster'), { recursive: true });
  writeFileSync(join(database, 'cluster/postmaster.pid'), `${pid}\n`);
}
const ended = () => spawnSync(process.execPath, ['-e', '']).pid;

test('there may be nothing to delete', () => {
  expect(reset()).toMatchObject({ status: 0, said: expect.stringContaining('nothing to delete') });
});

test.each(['beside the secrets', 'elsewhere'])('deletes the data and a database %s', (where) => {
  const far = join(base, 'offenes-amt-far');
  const database = where === 'elsewhere' ? far : join(folder, 'database');
  plant(where === 'elsewhere' ? { elsewhere: far } : {}, database, ended());
  expect(reset().status).toBe(0);
  expect([existsSync(folder), existsSync(database)]).toEqual([false, false]);
});

test.each(['beside the secrets', 'elsewhere'])('keeps everything while a database %s is served', (where) => {
  const far = join(base, 'offenes-amt-far');
  const database = where === 'elsewhere' ? far : join(folder, 'database');
  plant(where === 'elsewhere' ? { elsewhere: far } : {}, database, process.pid);
  expect(reset()).toMatchObject({ status: 1, said: expect.stringContaining('stop it first') });
  expect([existsSync(folder), existsSync(database)]).toEqual([true, true]);
});

test('keeps a folder that is not ours, also one that the secrets name', () => {
  mkdirSync(folder);
  expect(reset()).toMatchObject({ status: 1, said: expect.stringContaining('was not made by Offenes Amt') });
  const precious = join(base, 'precious');
  plant({ elsewhere: precious }, precious, ended());
  expect(reset()).toMatchObject({ status: 1, said: expect.stringContaining('nothing is deleted') });
  expect(existsSync(precious)).toBe(true);
});

test('keeps what belongs to a database of one’s own', () => {
  plant({}, join(folder, 'database'), ended());
  expect(reset({ DATABASE_URL: 'postgres://db' })).toMatchObject({ status: 1 });
  expect(existsSync(folder)).toBe(true);
});
