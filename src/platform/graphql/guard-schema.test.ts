import { expect, test } from '@jest/globals';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { graphql } from 'graphql';
import type { FieldRule } from './access.ts';
import { systemActor } from '../words/actor.ts';
import { guardSchema } from './guard-schema.ts';

const base = /* GraphQL */ `
  enum AccessPlace {
    PLACE
    ANYWHERE
    COMMAND
  }
  directive @access(action: String!, at: AccessPlace) on FIELD_DEFINITION | OBJECT
  directive @length(max: Int!) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
`;
const open: ReadonlyMap<string, FieldRule> = new Map<string, FieldRule>([
  ['open', () => true],
  ['shut', () => false],
  ['own', (source) => source.owner === 'me'],
]);
const ask = (
  schema: ReturnType<typeof makeExecutableSchema>,
  source: string,
  actor: unknown = systemActor('t'),
) => graphql({ schema, source, contextValue: { actor } });
const code = (result: Awaited<ReturnType<typeof ask>>) => result.errors?.[0]?.extensions.code;

function guarded(typeDefs: string, resolvers: object, rules = open) {
  return guardSchema(
    makeExecutableSchema({ typeDefs: base + typeDefs, resolvers: resolvers as never }),
    rules,
  );
}

test('a schema with a field that has no rule does not start, and every such field is named', () => {
  const sdl = `type Query { a: Int  b: Thing @access(action: "unheard", at: ANYWHERE) } type Thing { c: Int }`;
  expect(() => guarded(sdl, {})).toThrow(
    "Query.a (no @access), Query.b (no rule 'unheard'), Thing.c (no @access)",
  );
});

test('a type hands its action to its fields, a field may differ, and the roots hand down nothing', async () => {
  const sdl = `type Query { thing: Thing @access(action: "open", at: ANYWHERE) }
    type Thing @access(action: "own", at: PLACE) { a: String  b: String @access(action: "shut", at: ANYWHERE) }`;
  const schema = guarded(sdl, { Query: { thing: () => ({ owner: 'me', a: 'A', b: 'B' }) } });
  expect((await ask(schema, '{ thing { a } }')).data).toEqual({ thing: { a: 'A' } });
  expect(code(await ask(schema, '{ thing { b } }'))).toBe('FORBIDDEN');
  expect(() => guarded(`type Query @access(action: "open", at: ANYWHERE) { a: Int }`, {})).toThrow('Query.a');
});

test.each([
  [
    'a field that does not say where',
    'type Query { a: Int @access(action: "open") }',
    'Query.a (not said where',
  ],
  ['a question at PLACE', 'type Query { a: Int @access(action: "open", at: PLACE) }', 'no object yet'],
  [
    'a question at COMMAND',
    'type Query { a: Int @access(action: "open", at: COMMAND) }',
    'it is no mutation',
  ],
  [
    'a mutation anywhere',
    'type Query { a: Int @access(action: "open", at: ANYWHERE) } type Mutation { b: Int @access(action: "open", at: ANYWHERE) }',
    'a mutation at ANYWHERE instead of COMMAND',
  ],
  [
    'a mutation without a command',
    'type Query { a: Int @access(action: "open", at: ANYWHERE) } type Mutation { b: Int @access(action: "open", at: COMMAND) }',
    'its input has no commandId',
  ],
])('%s does not start', (_, sdl, why) => {
  expect(() => guarded(sdl, {})).toThrow(why);
});

test('nobody without an actor gets a field', async () => {
  const schema = guarded(`type Query { a: Int @access(action: "open", at: ANYWHERE) }`, {
    Query: { a: () => 1 },
  });
  expect(code(await ask(schema, '{ a }', null))).toBe('UNAUTHENTICATED');
});

test('a mutation that answers without a finished command is an error', async () => {
  const schema = guarded(
    `type Query { a: Int @access(action: "open", at: ANYWHERE) } type Mutation { slip(input: SlipInput): Int @access(action: "open", at: COMMAND) } input SlipInput { commandId: ID }`,
    { Mutation: { slip: () => 1 } },
  );
  const result = await ask(schema, 'mutation { slip }');
  expect(result.data).toEqual({ slip: null });
  expect(result.errors?.[0]?.message).toBe('Mutation.slip answered without a command');
});

const inputs = guarded(
  `type Query { say(id: ID, text: String, short: String @length(max: 3), many: [ID!], in: In): String @access(action: "open", at: ANYWHERE) }
   input In { text: String @length(max: 5)  more: [In!] }`,
  { Query: { say: () => 'ok' } },
);
test.each([
  [`{ say(id: "zzz") }`, 'BAD_INPUT'],
  [`{ say(id: 5) }`, 'BAD_INPUT'],
  [`{ say(id: "0198c0de-0000-7000-8000-000000000000") }`, undefined],
  [`{ say(text: "a\\u0000b") }`, 'BAD_INPUT'],
  [`{ say(text: "${'x'.repeat(4001)}") }`, 'BAD_INPUT'],
  [`{ say(text: "${'x'.repeat(4000)}") }`, undefined],
  [`{ say(short: "four") }`, 'BAD_INPUT'],
  [`{ say(in: { more: [{ text: "sixsix" }] }) }`, 'BAD_INPUT'],
  [`{ say(in: { more: [{ text: "five5" }] }) }`, undefined],
  [`{ say(many: [${'"0198c0de-0000-7000-8000-000000000000",'.repeat(501)}]) }`, 'BAD_INPUT'],
])('%.60s → %s', async (source, expected) => {
  expect(code(await ask(inputs, source))).toBe(expected);
});

test('half a character is refused: the database would store another one without an error', async () => {
  const source = 'query ($text: String) { say(text: $text) }';
  const contextValue = { actor: systemActor('t') };
  const result = await graphql({
    schema: inputs,
    source,
    contextValue,
    variableValues: { text: 'a\ud800b' },
  });
  expect(code(result)).toBe('BAD_INPUT');
});

test('a fault of an input names its path', async () => {
  const result = await ask(inputs, `{ say(in: { more: [{ text: "sixsix" }] }) }`);
  expect(result.errors?.[0]?.extensions.text).toEqual({
    de: 'in.more[0].text: 6 Zeichen, höchstens 5.',
    en: 'in.more[0].text: 6 characters, at most 5.',
  });
});

test('a text in two languages is shown in the asker’s', async () => {
  const schema = guarded(
    `type Query { a: String @access(action: "open", at: ANYWHERE)  l: [String!] @access(action: "open", at: ANYWHERE) }`,
    {
      Query: { a: async () => ({ de: 'Ja', en: 'Yes' }), l: () => [{ de: 'Eins', en: 'One' }] },
    },
  );
  expect((await ask(schema, '{ a l }')).data).toEqual({ a: 'Ja', l: ['Eins'] });
  const english = { ...systemActor('t'), language: 'en' };
  expect((await ask(schema, '{ a l }', english)).data).toEqual({ a: 'Yes', l: ['One'] });
});
