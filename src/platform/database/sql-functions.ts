// Functions in the database that the server calls (ADR 71): one file each, with the only body there is. What a table, a
// trigger or another function rests on is made by a migration instead.
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = join(import.meta.dirname, '../../../migrations/functions');

export interface SqlFunction {
  /** Schema and name, which no other function of the schema has. */
  readonly name: string;
  /** `create or replace function …` and what belongs to it. */
  readonly text: string;
  /** Stands in the database as the function's comment, and says which text made it. */
  readonly mark: string;
}

/** Reads the marks that functions of a database bear: `name` and `mark`. Any role may. */
export const functionMarks = `
  select p.pronamespace::regnamespace || '.' || p.proname as name, d.description as mark
    from pg_description d join pg_proc p on p.oid = d.objoid
   where d.classoid = 'pg_proc'::regclass and d.description like 'sha256 %'`;

/** The functions of this version, by name. */
export const knownFunctions = (): SqlFunction[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n'); // as git writes it on Windows
      return { name: basename(file, '.sql'), text, mark: `sha256 ${hash('sha256', text)}` };
    });

/** Those of this version that a database with these marks does not have, or has by another text. */
export function staleFunctions(marks: readonly Pick<SqlFunction, 'name' | 'mark'>[]): SqlFunction[] {
  const markOf = new Map(marks.map(({ name, mark }) => [name, mark]));
  return knownFunctions().filter(({ name, mark }) => markOf.get(name) !== mark);
}

/** What makes a function and marks it. A file that leaves a second function of the name behind fails here. */
export const makeFunction = ({ name, text, mark }: SqlFunction): string =>
  `${text}\ncomment on function ${name} is '${mark}';`;
