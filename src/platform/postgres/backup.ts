// A whole installation as lines, and back. The embedded PostgreSQL brings no pg_dump, and row-level security binds
// even the owner: so a role that reads past it copies every row as PostgreSQL's own text, which loses nothing.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { BootFault } from '../words/boot-fault.ts';
import { appliedMigrations } from '../database/schema-version.ts';

/** What a table holds; equal digests mean equal content. */
export interface TableContent {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over its lines, each ended by a line feed, in the order of their bytes. */
  readonly sha256: string;
}

interface Table {
  /** Schema and name, quoted where needed. */
  readonly name: string;
  readonly columns: readonly string[];
}

interface Sequence {
  readonly name: string;
  readonly last: string | null;
}

interface Head {
  readonly format: string;
  readonly schema: readonly string[];
  readonly sequences: readonly Sequence[];
}

const format = 'offenes-amt-backup/1';
const batchRows = 1000;

// The text of times, numbers and bytes hangs on these.
const sameTexts = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local row_security = off;`;

const listTables = `
  select format('%I.%I', n.nspname, c.relname) as name,
    array_agg(quote_ident(a.attname) order by a.attnum) filter (where a.attgenerated = '') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and n.nspname !~ '^pg_|^information_schema$' and c.oid <> to_regclass('platform.migration')
  group by n.nspname, c.relname order by 1`;
const listSequences = `
  select format('%I.%I', schemaname, sequencename) as name, last_value::text as last
  from pg_sequences where schemaname !~ '^pg_|^information_schema$' order by 1`;

/** Gives the installation line by line, as it stood at one moment, and tells of each table that is done. */
export async function* dump(client: pg.Client, tell: (done: TableContent) => void): AsyncGenerator<string> {
  await client.query(`begin isolation level repeatable read read only; ${sameTexts}`);
  const { rows: sequences } = await client.query<Sequence>(listSequences);
  const head: Head = { format, schema: await appliedMigrations(client), sequences };
  yield JSON.stringify(head);
  const { rows: tables } = await client.query<Table>(listTables);
  for (const { name } of tables) {
    yield JSON.stringify({ begin: name });
    const content = contentOf(name);
    for await (const lines of linesOf(client, name)) {
      content.add(lines);
      for (const line of lines) yield JSON.stringify(line);
    }
    tell(content.sum());
    yield JSON.stringify(content.sum());
  }
  yield JSON.stringify({ tables: tables.length });
  await client.query('commit');
}

async function* linesOf(client: pg.Client, table: string): AsyncGenerator<string[]> {
  // Ordered by the line itself, so that the order hangs on neither keys nor the server's collation.
  await client.query(
    `declare lines cursor for select t::text as line from ${table} t order by t::text collate "C"`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${batchRows} from lines`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await client.query('close lines');
}

function contentOf(table: string) {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add(lines: readonly string[]): void {
      for (const line of lines) hash.update(line).update('\n');
      rows += lines.length;
    },
    sum: (): TableContent => ({ table, rows, sha256: hash.copy().digest('hex') }),
  };
}

/**
 * Fills an empty installation of the same version from the lines of `dump`, all or nothing, and proves it by
 * reading everything again. Throws a `BootFault` that names the table where the lines are damaged.
 */
export async function restore(
  client: pg.Client,
  lines: AsyncIterator<string>,
  tell: (done: TableContent) => void,
): Promise<void> {
  const head = parse<Head>(await next(lines, 'its head'), 'its head');
  refuseOtherVersion(head, await appliedMigrations(client));
  const { rows: tables } = await client.query<Table>(listTables);
  // Rows come in any order and as they were written: no triggers, no foreign keys; the snapshot was consistent.
  await client.query(`begin; ${sameTexts} set local session_replication_role = replica`);
  try {
    await refuseFilled(client);
    await client.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
    const contents: TableContent[] = [];
    for (const table of tables) contents.push(await fill(client, table, lines));
    if (parse<{ tables: number }>(await next(lines, 'its end'), 'its end').tables !== tables.length)
      throw damaged('its end');
    for (const { name, last } of head.sequences)
      if (last) await client.query('select setval($1, $2)', [name, last]);
    for (const content of contents) await prove(client, content, tell);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function refuseOtherVersion(head: Head, ours: readonly string[]): void {
  if (head.format !== format)
    throw new BootFault('This file is no backup of Offenes Amt; nothing was restored.');
  const missing = ours.find((name) => !head.schema.includes(name));
  const unknown = head.schema.find((name) => !ours.includes(name));
  if (missing)
    throw new BootFault(`The backup is of an older version (before ${missing}); restore it with that one.`);
  if (unknown)
    throw new BootFault(`The backup is of a newer version (${unknown}); restore it with that one.`);
}

async function refuseFilled(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from platform.tenant limit 1');
  if (rowCount === 0) return;
  throw new BootFault(
    'This installation is not empty, and a restore never overwrites; set DATA_DIR to a new folder.',
  );
}

async function fill(
  client: pg.Client,
  { name, columns }: Table,
  lines: AsyncIterator<string>,
): Promise<TableContent> {
  if (parse<{ begin: string }>(await next(lines, name), name).begin !== name) throw damaged(name);
  const content = contentOf(name);
  const insert = `insert into ${name} (${columns.join(', ')}) overriding system value
    select ${columns.join(', ')} from unnest($1::${name}[])`;
  for (let batch: string[] = []; ; batch = []) {
    let line: unknown;
    while (batch.length < batchRows && typeof (line = parse(await next(lines, name), name)) === 'string')
      batch.push(line);
    content.add(batch);
    await client.query(insert, [batch]).catch(() => Promise.reject(damaged(name)));
    if (typeof line === 'string') continue;
    if (!isSame(line as TableContent, content.sum())) throw damaged(name);
    return content.sum();
  }
}

async function prove(
  client: pg.Client,
  wanted: TableContent,
  tell: (done: TableContent) => void,
): Promise<void> {
  const content = contentOf(wanted.table);
  for await (const lines of linesOf(client, wanted.table)) content.add(lines);
  if (!isSame(wanted, content.sum()))
    throw new BootFault(
      `The table ${wanted.table} came out differently than it was saved; nothing was restored.`,
    );
  tell(wanted);
}

const isSame = (one: TableContent, other: TableContent): boolean =>
  one.table === other.table && one.rows === other.rows && one.sha256 === other.sha256;

const damaged = (place: string) => new BootFault(`The backup is damaged at ${place}; nothing was restored.`);

async function next(lines: AsyncIterator<string>, place: string): Promise<string> {
  const step = await lines.next().catch(() => undefined);
  if (!step || step.done) throw damaged(place);
  return step.value;
}

function parse<T>(line: string, place: string): T {
  try {
    return JSON.parse(line) as T;
  } catch {
    throw damaged(place);
  }
}
