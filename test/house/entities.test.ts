import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { entities } from '../../src/entities.ts';
import { ormOptions } from '../../src/platform/database/db.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let owner: pg.Client;
let orm: MikroORM;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = new pg.Client(database.superUrl);
  await owner.connect();
  orm = await MikroORM.init(ormOptions(database.serverUrl, entities));
});
afterAll(async () => {
  await orm?.close(true);
  await owner?.end();
  await database?.drop();
});

interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  required: boolean;
}
const normal = (type: string) =>
  type
    .toLowerCase()
    .replace(/\(\d+\)/, '')
    .replace('timestamp with time zone', 'timestamptz')
    .replace(/^(int4|int)$/, 'integer')
    .replace(/^varchar$|^character varying$/, 'text');

// The ORM's own diff cannot read composite keys, policies and grants; this compares what entities rest on.
test('every entity’s columns are those of its table: name, type, nullability, none forgotten', async () => {
  const { rows } = await owner.query<Column>(
    `select n.nspname || '.' || c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
       not a.attnotnull as nullable, a.attnotnull and not a.atthasdef as required
     from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
     join pg_namespace n on n.oid = c.relnamespace where a.attnum > 0 and not a.attisdropped`,
  );
  const columns = new Map(rows.map((row) => [`${row.table}.${row.name}`, row]));
  const faults: string[] = [];
  const known = new Set<string>();
  for (const meta of orm.getMetadata().getAll().values()) {
    if (meta.abstract || meta.embeddable || meta.virtual) continue;
    const table = `${meta.schema}.${meta.tableName}`;
    for (const property of Object.values(meta.properties)) {
      if (property.persist === false || ['1:m', 'm:n'].includes(property.kind)) continue;
      property.fieldNames.forEach((name, i) => {
        const path = `${table}.${name}`;
        known.add(path);
        const column = columns.get(path);
        if (!column) return faults.push(`${path} is not in the database`);
        const type = normal(property.columnTypes[i]!);
        if (type !== normal(column.type)) faults.push(`${path} is ${column.type}, the entity says ${type}`);
        if (Boolean(property.nullable) !== column.nullable)
          faults.push(`${path} nullable: ${column.nullable}`);
      });
    }
    for (const column of rows)
      if (column.table === table && column.required && !known.has(`${table}.${column.name}`))
        faults.push(`${table}.${column.name} must have a value the entity does not know`);
  }
  expect(known.size).toBeGreaterThan(10);
  expect(faults).toEqual([]);
});
