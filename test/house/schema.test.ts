import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  parse,
  type ConstDirectiveNode,
  type GraphQLSchema,
} from 'graphql';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the printing script is plain JavaScript
import * as printing from '../../scripts/schema.mjs';

const { generated, sdlFiles } = printing as {
  generated: () => Promise<[string, string][]>;
  sdlFiles: () => [string, string][];
};
const root = fileURLToPath(new URL('../..', import.meta.url));

test('schema.graphql and src/graphql.ts are what `npm run schema` prints', async () => {
  for (const [path, text] of await generated())
    expect({ path, same: readFileSync(root + path, 'utf8') === text }).toEqual({ path, same: true });
});

const schema: GraphQLSchema = buildSchema(
  sdlFiles()
    .map(([, text]) => text)
    .join('\n'),
);
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

/** Every described thing: its path and its description. */
function* described(): Generator<[string, string | null | undefined]> {
  for (const type of types) {
    yield [type.name, type.description];
    if (isEnumType(type))
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field.description];
        if ('args' in field)
          for (const arg of field.args) yield [`${type.name}.${field.name}(${arg.name})`, arg.description];
      }
  }
}
const words = (text: string) =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g) ?? [];

describe('words', () => {
  test('every type, field, argument and enum value says more than its name', () => {
    const mute = [...described()].filter(([path, text]) => {
      const name = new Set(words(path.split(/[.(]/).at(-1)!));
      const news = words(text ?? '').filter(
        (word) => !name.has(word) && !['the', 'a', 'an', 'of', 'this'].includes(word),
      );
      return news.length < 2;
    });
    expect(mute.map(([path]) => path)).toEqual([]);
  });

  test('mutations are verbs of the domain: none updates or sets', () => {
    const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(names.filter((name) => /^(update|set|change|edit|transition|delete)/i.test(name))).toEqual([]);
  });
});

describe('mutations', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  test.each(mutations.map((field) => [field.name, field] as const))(
    '%s: one input with a commandId, an outcome that is never null',
    (name, field) => {
      expect(field.args.map((arg) => arg.name)).toEqual(['input']);
      const input = field.args[0]!.type;
      const inputType = isNonNullType(input) ? input.ofType : undefined;
      expect(isInputObjectType(inputType) && isNonNullType(inputType.getFields()['commandId']?.type)).toBe(
        true,
      );
      const outcome = isNonNullType(field.type) ? field.type.ofType : undefined;
      if (!isUnionType(outcome)) throw new Error(`${name} must return a union of success and refusals`);
      const refusal = schema.getType('Refusal');
      const members = outcome.getTypes();
      const successes = members.filter((type) => !type.getInterfaces().some((i) => i === refusal));
      expect(successes).toHaveLength(1);
      expect(members.map((type) => type.name)).toEqual(
        expect.arrayContaining(['NotAllowed', 'CommandIdReused', 'Busy']),
      );
    },
  );
});

describe('access', () => {
  const action = (directives: readonly ConstDirectiveNode[] = []) => {
    const access = directives.find((directive) => directive.name.value === 'access');
    const value = access?.arguments?.[0]?.value;
    return value?.kind === Kind.STRING ? value.value : undefined;
  };

  test('a field that extends a type names its own action: it would silently inherit the lower room’s', () => {
    const silent = sdlFiles().flatMap(([path, text]) =>
      parse(text).definitions.flatMap((node) =>
        node.kind === Kind.OBJECT_TYPE_EXTENSION
          ? (node.fields ?? [])
              .filter((field) => !action(field.directives))
              .map((field) => `${path}: ${node.name.value}.${field.name.value}`)
          : [],
      ),
    );
    expect(silent).toEqual([]);
  });

  test('a field guarded more strictly than its type may be null: a denial must not take its parent along', () => {
    const harsh = types.filter(isObjectType).flatMap((type) => {
      if ([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type))
        return [];
      const ofType = action(type.astNode?.directives);
      return Object.values(type.getFields())
        .filter((field) => {
          const own = action(field.astNode?.directives);
          return own && own !== ofType && isNonNullType(field.type);
        })
        .map((field) => `${type.name}.${field.name}`);
    });
    expect(harsh).toEqual([]);
  });
});
