import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { dump, restore, type TableContent } from '../../src/platform/postgres/backup.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const made: TestDatabase[] = [];
const clients: pg.Client[] = [];

async function installation(): Promise<pg.Client> {
  const database = await cloneDatabase();
  made.push(database);
  const client = new pg.Client(database.superUrl);
  clients.push(client);
  await client.connect();
  return client;
}

async function saved(client: pg.Client): Promise<{ lines: string[]; contents: TableContent[] }> {
  const contents: TableContent[] = [];
  const lines: string[] = [];
  for await (const line of dump(client, (content) => contents.push(content))) lines.push(line);
  return { lines, contents };
}

async function* from(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const texts = [
  '',
  'O\'Brien \\ "x" (a,b) {c}',
  'Zeile 1\nZeile 2\r\n\ttab',
  'ÄÖÜß 漢字 🙂',
  'NULL',
  '\\N',
  'x'.repeat(9000),
];

async function fillWith(client: pg.Client): Promise<void> {
  await client.query(`insert into platform.tenant (id, key, name) values
    ('0190a000-0000-7000-8000-000000000001', 'one', 'Eins'), ('0190a000-0000-7000-8000-000000000002', 'two', 'Zwei')`);
  // More rows than one batch holds, and texts that tempt every kind of quoting.
  await client.query(
    `insert into platform.command (tenant_id, command_id, account_id, name, payload_digest, answer, at)
     select '0190a000-0000-7000-8000-000000000001', gen_random_uuid(), gen_random_uuid(), 'probe', repeat('0', 64),
       case when n % 7 = 0 then null else jsonb_build_object('text', ($1::text[])[n % 7], 'number', n / 3.0) end,
       '2026-11-24 10:00:00.123456+01'::timestamptz + n * interval '1 second'
     from generate_series(1, 2500) n`,
    [texts],
  );
}

let source: pg.Client;
let original: Awaited<ReturnType<typeof saved>>;
beforeAll(async () => {
  source = await installation();
  await fillWith(source);
  original = await saved(source);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await Promise.all(made.map((database) => database.drop()));
});

describe('an installation moves', () => {
  test('with equal content in every table', async () => {
    const target = await installation();
    const proved: TableContent[] = [];
    await restore(target, from(original.lines), (content) => proved.push(content));
    expect(proved).toEqual(original.contents);
    expect(proved).toContainEqual(expect.objectContaining({ table: 'platform.command', rows: 2500 }));
    expect(await saved(target)).toEqual(original);
  });

  test('as it stood at one moment, whatever is written meanwhile', async () => {
    const lines: string[] = [];
    const writer = new pg.Client(made[0]!.superUrl);
    await writer.connect();
    for await (const line of dump(source, () => {})) {
      if (lines.length === 1)
        await writer.query(`insert into platform.tenant (id, key, name)
        values ('0190a000-0000-7000-8000-000000000003', 'three', 'Drei')`);
      lines.push(line);
    }
    await writer.query("delete from platform.tenant where key = 'three'");
    await writer.end();
    expect(lines).toEqual(original.lines);
  });
});

describe('a restore is refused as a whole', () => {
  const at = (text: string) => original.lines.findIndex((line) => line.includes(text));
  const changed = (place: number, text: string) => original.lines.with(place, text);
  const damages: [string, () => string[], string][] = [
    [
      'a changed letter',
      () => changed(at('Eins'), original.lines[at('Eins')]!.replace('Eins', 'Eine')),
      'platform.tenant',
    ],
    ['a missing row', () => original.lines.toSpliced(at('Eins'), 1), 'platform.tenant'],
    ['a row that is none', () => changed(at('Eins'), '"(1,2"'), 'platform.tenant'],
    ['a line that is no JSON', () => changed(at('probe'), '"(cut'), 'platform.command'],
    ['an end too soon', () => original.lines.slice(0, at('probe') + 5), 'platform.command'],
    ['a table too few', () => original.lines.with(-1, '{"tables":3}'), 'its end'],
    ['a missing end', () => original.lines.slice(0, -1), 'its end'],
    ['an empty file', () => [], 'its head'],
  ];
  test.each(damages)('for %s', async (_name, lines, place) => {
    const target = await installation();
    const untouched = await saved(target);
    await expect(restore(target, from(lines()), () => {})).rejects.toThrow(
      `The backup is damaged at ${place}; nothing was restored.`,
    );
    expect(await saved(target)).toEqual(untouched);
  });

  test('into an installation that is not empty', async () => {
    await expect(restore(source, from(original.lines), () => {})).rejects.toThrow('is not empty');
    expect(await saved(source)).toEqual(original);
  });

  interface Head {
    format: string;
    schema: string[];
  }
  const others: [string, (head: Head) => Partial<Head>, string][] = [
    ['of an older version', ({ schema }) => ({ schema: schema.slice(1) }), 'is of an older version'],
    [
      'of a newer version',
      ({ schema }) => ({ schema: [...schema, 'Migration209901010000'] }),
      'is of a newer version',
    ],
    ['of something else', () => ({ format: 'zip' }), 'is no backup of Offenes Amt'],
  ];
  test.each(others)('from a file %s', async (_name, change, sentence) => {
    const head = JSON.parse(original.lines[0]!) as Head;
    const lines = changed(0, JSON.stringify({ ...head, ...change(head) }));
    await expect(restore(await installation(), from(lines), () => {})).rejects.toThrow(sentence);
  });
});
