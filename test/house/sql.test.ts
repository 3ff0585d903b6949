import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// SQL stands in files of its own kind, so that whoever asks what the database is asked finds it by name. The platform's
// database and postgres corners are the exception: talking to PostgreSQL is what they are for.
const src = fileURLToPath(new URL('../../src/', import.meta.url));
const statement =
  /[`'"]\s*(select (\w|\$|\*|\()|insert into |update \w+\.|delete from |with \w+ as |lock table |set local )/i;
const mayTalk =
  /\.sql\.ts$|\.test\.ts$|^platform\/(database|postgres|embedded)\/|^platform\/words\/zone\.ts$|^demo\//;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !mayTalk.test(file),
);

test.each([
  ['const one = `select id from engine.process`', true],
  ["call('update audit.opening set x = 1')", true],
  ["{ en: 'Select one of them.' }", false],
])('%s: %s', (line, isSql) => {
  expect(statement.test(line) && !/\ben: /.test(line)).toBe(isSql);
});

test('no file but those of the kind *.sql.ts holds SQL', () => {
  const strays = files.flatMap((file) =>
    readFileSync(src + file, 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        statement.test(line) && !/\b(en|message): /.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
      ),
  );
  expect(strays).toEqual([]);
});

// Parts of the ORM's raw fragments are written into the statement, where every log shows them (ADR 70).
test('no file uses the ORM’s raw fragments', () => {
  const fragment = /import \{[^}]*\b(raw|sql)\b[^}]*\} from '@mikro-orm/;
  expect(fragment.test("import { p, raw } from '@mikro-orm/core'")).toBe(true);
  const all = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(all.filter((file) => fragment.test(readFileSync(src + file, 'utf8')))).toEqual([]);
});
