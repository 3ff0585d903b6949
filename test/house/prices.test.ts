import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate, type OperationDefinitionNode } from 'graphql';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readyMade } from '../../src/demo/explorer/explorer-files.ts';
import { mostPerRequest, priceOf } from '../../src/platform/graphql/price.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const schema = buildSchema(readFileSync(`${root}schema.graphql`, 'utf8'));
const operations = await readyMade();

function price(query: string, variables: Record<string, unknown> = {}, most?: number): number | undefined {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const [operation] = document.definitions;
  return priceOf(schema, document, operation as OperationDefinitionNode, variables, most);
}

describe('what ships stays within half of what one request may come to', () => {
  test.each(operations.map(({ role, query }) => [role, /(?:query|mutation) (\w+)/.exec(query)?.[1], query]))(
    '%s: %s',
    (_role, _name, query) => {
      const [operation] = parse(query!).definitions;
      const { variableDefinitions = [] } = operation as OperationDefinitionNode;
      const needed = variableDefinitions.filter(({ type, defaultValue }) => type.kind === 'NonNullType' && !defaultValue); // prettier-ignore
      const variables = Object.fromEntries(
        needed.map(({ variable, type }) => [variable.name.value, sample(type)]),
      );
      expect(price(query!, variables)).toBeLessThanOrEqual(mostPerRequest / 2);
    },
  );
});

/** A value that the variable's type takes; its price does not depend on it. */
function sample(type: object): unknown {
  const text = JSON.stringify(type);
  if (text.includes('"Int"')) return 1;
  const name = /"value":"(\w+)"/.exec(text)![1]!;
  const named = schema.getType(name);
  return named && 'getValues' in named ? named.getValues()[0]!.name : 'x';
}

test('two hundred aliases of one figure are refused, and ten questions are not', () => {
  const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: status { asOf }`).join(' ')} }`; // prettier-ignore
  expect(price(aliases(200))).toBeGreaterThan(mostPerRequest);
  expect(price(aliases(10))).toBeLessThan(mostPerRequest);
});

test('the size of a page counts the same wherever it is said', () => {
  const literal = price('{ units(first: 50) { nodes { code } } }');
  expect(literal).toBeGreaterThan(50);
  expect(price('query ($n: Int) { units(first: $n) { nodes { code } } }', { n: 50 })).toBe(literal);
  expect(price('query ($n: Int = 50) { units(first: $n) { nodes { code } } }')).toBe(literal);
  expect(price('{ units { nodes { code } } }')).toBeLessThan(literal!);
  expect(price('{ units(first: 1000000) { nodes { code } } }')).toBe(
    price('{ units(first: 100) { nodes { code } } }'),
  );
});

test('pages in pages multiply, and so do lists without pages', () => {
  const one = price('{ units(first: 100) { nodes { code } } }')!;
  expect(price('{ units(first: 100) { nodes { children { code } } } }')).toBeGreaterThan(one * 5);
});

test('a fragment costs what it holds, as often as it is spread', () => {
  const inline = price('{ units(first: 10) { nodes { code name level } } }');
  expect(
    price(
      '{ units(first: 10) { ...page } } fragment page on OrgUnitConnection { nodes { code name level } }',
    ),
  ).toBe(inline);
});

test('a bomb of fragments ends the walk, not the server', () => {
  const levels = Array.from(
    { length: 40 },
    (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`,
  );
  const bomb = `{ ...f0 } ${levels.join(' ')} fragment f40 on Query { me { id } }`;
  expect(
    priceOf(schema, parse(bomb), parse(bomb).definitions[0] as OperationDefinitionNode, {}, mostPerRequest),
  ).toBe(Infinity);
});

test('variables that do not fit have no price: execution says what is wrong with them', () => {
  expect(price('query ($n: Int) { units(first: $n) { nodes { code } } }', { n: 'many' })).toBeUndefined();
});
