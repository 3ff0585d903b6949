// npm run backup [file], npm run restore file.
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pipeline as connectStreams } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';
import { dump, restore as fill, type TableContent } from './backup.ts';
import { BootFault } from '../words/boot-fault.ts';
import type { Config } from '../config.ts';
import { connect } from './foreign-database.ts';

/** Writes the whole installation, as it stands at one moment, to one file. Runs beside the server. */
export async function backup(_open: unknown, config: Config, [name]: readonly string[]): Promise<number> {
  const file = resolve(
    name ?? `offenes-amt-${new Date().toISOString().slice(0, 16).replace(':', '')}.backup.gz`,
  );
  if (existsSync(file)) throw new BootFault(`${file} exists, and a backup never overwrites.`);
  const tables: TableContent[] = [];
  await asReader(config, (client) =>
    writeWhole(
      file,
      dump(client, (table) => tables.push(table)),
    ),
  );
  say(`Saved to ${file}`, tables);
  return 0;
}

/** Fills an empty installation from such a file. */
export async function restore(_open: unknown, config: Config, [name]: readonly string[]): Promise<number> {
  if (!name) throw new BootFault('Name the file: npm run restore -- <file>.');
  const file = resolve(name);
  if (!existsSync(file)) throw new BootFault(`There is no file ${file}.`);
  const tables: TableContent[] = [];
  await asReader(config, (client) => fill(client, linesIn(file), (table) => tables.push(table)));
  say(`Restored from ${file}`, tables);
  return 0;
}

function say(what: string, tables: readonly TableContent[]): void {
  for (const { table, rows, sha256 } of tables) if (rows > 0) console.log(`${sha256}  ${table}  ${rows}`);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`${what}: ${tables.length} tables, ${rows} rows.`);
}

async function asReader(config: Config, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const { backupUrl } = config.database;
  if (!backupUrl)
    throw new BootFault('Set BACKUP_DATABASE_URL to a role that reads past row-level security.');
  const client = await connect(backupUrl, 'BACKUP_DATABASE_URL');
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** A file that stands there whole or not at all, readable for its owner alone. */
async function writeWhole(file: string, lines: AsyncIterable<string>): Promise<void> {
  const draft = `${file}.part`;
  try {
    await pipeline(lines, inChunks, createGzip(), createWriteStream(draft, { flags: 'w', mode: 0o600 }));
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    if ((error as NodeJS.ErrnoException).syscall)
      throw new BootFault(`${file} cannot be written: ${(error as Error).message}.`);
    throw error;
  }
}

// Compressing line by line takes three times as long.
async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function* linesIn(file: string): AsyncGenerator<string> {
  const text = createGunzip();
  connectStreams(createReadStream(file), text, () => {}); // its error ends the loop below
  let rest = '';
  for await (const chunk of text.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
