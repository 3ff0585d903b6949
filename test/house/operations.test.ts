import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readyMade } from '../../src/demo/explorer/explorer-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const schema = buildSchema(readFileSync(`${root}schema.graphql`, 'utf8'));
const operations = await readyMade();

test('every kind of user has ready-made operations, each with a name of its own within the role', () => {
  const roles = [...new Set(operations.map(({ role }) => role))].sort();
  expect(roles).toEqual(['auditor', 'centre', 'department-head', 'hr', 'leadership']);
  const page = readFileSync(`${root}src/demo/explorer/explorer.html`, 'utf8');
  for (const role of roles) expect(page).toContain(`<option value="${role}" data-word="${role}">`);
  const names = operations.map(({ role, query }) => `${role} ${/(?:query|mutation) (\w+)/.exec(query)?.[1]}`);
  expect(new Set(names).size).toBe(operations.length);
});

describe('each fits the schema and says in both languages what it is for', () => {
  test.each(operations.map(({ role, query }) => [role, /(?:query|mutation) (\w+)/.exec(query)?.[1], query]))(
    '%s: %s',
    (_role, _name, query) => {
      expect(query).toMatch(/^# .+\n# .+\n(query|mutation) /);
      const document = parse(query!);
      expect(document.definitions).toHaveLength(1);
      expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
    },
  );
});

test('the variables the explorer fills are those the operations ask for', () => {
  const script = readFileSync(`${root}src/demo/explorer/ask.js`, 'utf8');
  const required = operations.flatMap(({ query }) =>
    [...query.matchAll(/\$(\w+): \w+!(?! =)/g)].map(([, name]) => name!),
  );
  for (const name of new Set(required)) expect(script).toMatch(new RegExp(`^    ${name}[:,]`, 'm'));
});

test('nothing else lies among them', () => {
  expect(readdirSync(`${root}data/operations`).filter((name) => !name.endsWith('.graphql'))).toEqual([]);
});
