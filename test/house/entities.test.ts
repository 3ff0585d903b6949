import { MikroORM, type EntityMetadata } from '@mikro-orm/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { catalogueEntities } from '../../src/catalogue/index.ts';
import { ormOptions } from '../../src/platform/db.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

// Migrations are plain SQL, so the ORM's own diff is not asked; this holds the entities to the tables (ADR 0002).
interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
}

let database: TestDatabase;
let orm: MikroORM;

const tableColumns = `select table_schema || '.' || table_name as table, column_name as name,
    format_type(a.atttypid, null) as type, is_nullable = 'YES' as nullable, column_default is not null as "hasDefault"
  from information_schema.columns c join pg_attribute a
    on a.attrelid = format('%I.%I', table_schema, table_name)::regclass and a.attname = column_name
  where table_schema || '.' || table_name = any($1)`;

beforeAll(async () => {
  database = await cloneDatabase();
  orm = await MikroORM.init(ormOptions(database.serverUrl, catalogueEntities));
});
afterAll(async () => {
  await orm?.close(true);
  await database?.drop();
});

const entities = () =>
  [...orm.getMetadata().getAll().values()].filter((meta) => !meta.abstract && !meta.embeddable);
const tableOf = (meta: EntityMetadata) => `${meta.schema}.${meta.tableName}`;
const aliases: Record<string, string> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  timestamptz: 'timestamp with time zone',
  varchar: 'text',
};
const plain = (type: string) => {
  const name = type.toLowerCase().replace(/\(\d+\)/, '');
  return aliases[name] ?? name;
};

/** What an entity expects of its columns: [column, type, nullable]. */
function* expected(meta: EntityMetadata): Generator<[string, string, boolean]> {
  for (const prop of meta.props) {
    if (prop.persist === false || prop.kind === '1:m' || prop.kind === 'm:n') continue;
    for (const [i, name] of prop.fieldNames.entries())
      yield [`${tableOf(meta)}.${name}`, plain(prop.columnTypes[i]!), prop.nullable === true];
  }
}

async function columnsNow(): Promise<Map<string, Column>> {
  const client = new pg.Client(database.serverUrl);
  await client.connect();
  const { rows } = await client.query<Column>(tableColumns, [entities().map(tableOf)]);
  await client.end();
  return new Map(rows.map((column) => [`${column.table}.${column.name}`, column]));
}

/** Where entities and tables differ, one line each. */
async function drift(): Promise<string[]> {
  const columns = await columnsNow();
  const all = entities().flatMap((meta) => [...expected(meta)]);
  const known = new Set(all.map(([name]) => name));
  const wrong = all.flatMap(([name, type, nullable]) => {
    const column = columns.get(name);
    if (!column) return [`${name} is no column`];
    const there = `${column.type}${column.nullable ? '?' : ''}`;
    const wanted = `${type}${nullable ? '?' : ''}`;
    return there === wanted ? [] : [`${name} is ${there}, not ${wanted}`];
  });
  const unknown = [...columns].filter(
    ([name, { nullable, hasDefault }]) => !nullable && !hasDefault && !known.has(name),
  );
  return [...wrong, ...unknown.map(([name]) => `${name} must be given, but no entity knows it`)];
}

test('every property of an entity is a column of the same type and nullability, and nothing needed is unknown', async () => {
  expect(entities().length).toBeGreaterThan(3);
  expect(await drift()).toEqual([]);
});

test('a table that was changed past its entity is noticed', async () => {
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  await owner.query(`alter table catalogue.criterion alter weight type integer, alter core drop not null, drop column evidence,
    add column colour text not null`);
  await owner.end();
  expect(await drift()).toEqual([
    'catalogue.criterion.core is boolean?, not boolean',
    'catalogue.criterion.weight is integer, not smallint',
    'catalogue.criterion.evidence is no column',
    'catalogue.criterion.colour must be given, but no entity knows it',
  ]);
});

test('every entity that can change has a version: a foreign or vanished row would be skipped in silence', () => {
  const changed = entities().filter(({ versionProperty }) => versionProperty !== undefined);
  expect(changed.map(({ className }) => className)).toEqual(['EditionRow']);
});
