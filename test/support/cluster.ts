// One throw-away PostgreSQL for each checkout, kept between runs, with a migrated template for each state of
// migrations/. Runs side by side share it. Plain TypeScript that Node runs as it stands: Jest's set-up imports it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/platform/database/db.ts';
import {
  openEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/embedded/embedded-postgres.ts';
import { databaseRights } from '../../src/platform/embedded/embedded-postgres-roles.ts';

const root = join(import.meta.dirname, '../..');
// A run under a shifted clock (npm run test:clock) does not share its database with runs beside it.
const shifted = process.env['FAKETIME'] ? '-shifted' : '';
const folder = join(root, `node_modules/.cache/offenes-amt/test-database${shifted}`);
const keptTemplates = 4;

/** What each test file is told about the run's cluster, through the environment of Jest's workers. */
export interface Cluster {
  readonly superUrl: string;
  readonly ownerUrl: string;
  readonly serverUrl: string;
  readonly logFile: string;
  readonly template: string;
}

export async function openCluster(): Promise<{ cluster: Cluster; close: () => Promise<void> }> {
  const postgres = await openOrRenew();
  const { superUrl, ownerUrl, serverUrl, logFile } = postgres;
  const template = `template_${hashOf(join(root, 'migrations'))}`;
  await asSuperuser(superUrl, async (client) => {
    await hasOurClock(client);
    await dropLeftovers(client);
    await makeTemplate(client, postgres, template);
  });
  return { cluster: { superUrl, ownerUrl, serverUrl, logFile, template }, close: () => postgres.close() };
}

// Without fsync a power cut can spoil the cluster; nothing in it is worth more than the second a new one takes.
async function openOrRenew(): Promise<EmbeddedPostgres> {
  try {
    return await openEmbeddedPostgres(folder, true);
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return openEmbeddedPostgres(folder, true);
  }
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort())
    if (/\.(ts|sql)$/.test(file)) hash.update(file).update(readFileSync(join(path, file)));
  return hash.digest('hex').slice(0, 16);
}

async function makeTemplate(
  client: pg.Client,
  { superUrl, ownerUrl }: EmbeddedPostgres,
  name: string,
): Promise<void> {
  await client.query('select pg_advisory_lock(1)'); // two runs at once make it once
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) {
    const draft = `draft_${process.pid}`;
    await client.query(`create database ${draft} owner oa_owner`);
    await client.query(databaseRights(draft));
    await asSuperuser(inDatabase(superUrl, draft), (inside) => inside.query('create extension btree_gist'));
    await migrate(inDatabase(ownerUrl, draft));
    await client.query(`alter database ${draft} rename to ${name}`);
  }
  await client.query('select pg_advisory_unlock(1)');
}

// A run under a shifted clock beside one under another would share its database, and try nothing.
async function hasOurClock(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ now: Date }>('select now() as now');
  if (Math.abs(rows[0]!.now.getTime() - Date.now()) > 60_000)
    throw new Error('The database runs under another clock; a run of test:clock must have ended first.');
}

// Databases carry the pid of the run that made them, so that those of a killed run are known.
async function dropLeftovers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database order by oid desc',
  );
  const names = rows.map(({ datname }) => datname);
  const left = names.filter((name) => /^(test|draft)_\d+/.test(name) && !isAlive(Number(name.split('_')[1])));
  const old = names.filter((name) => name.startsWith('template_')).slice(keptTemplates);
  for (const name of [...left, ...old]) await client.query(`drop database if exists ${name} with (force)`);
}

function isAlive(pid: number): boolean {
  return process.platform === 'linux' ? existsSync(`/proc/${pid}`) : pidAnswers(pid);
}

function pidAnswers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The same server and role, another database. */
export function inDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

export async function asSuperuser<T>(superUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(superUrl);
  client.on('error', () => {}); // told by the query that was under way
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
