import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { ClientError } from '../words/client-error.ts';
import { isDay } from '../words/day.ts';

const bad = (de: string, en: string) => new ClientError('BAD_INPUT', { de, en });

function literal(node: ValueNode): unknown {
  if (node.kind !== Kind.STRING) throw bad('Hier wird Text erwartet.', 'A string is expected here.');
  return node.value;
}

function day(value: unknown): string {
  const text = String(value);
  if (!isDay(text))
    throw bad(
      `„${text}“ ist kein Kalendertag (JJJJ-MM-TT).`,
      `“${text}” is not a calendar day (YYYY-MM-DD).`,
    );
  return text;
}

function instant(value: unknown): Date {
  const text = String(value);
  const parsed = /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text) : undefined;
  if (!parsed || Number.isNaN(+parsed))
    throw bad(
      `„${text}“ ist kein Zeitpunkt (ISO 8601, UTC).`,
      `“${text}” is not an instant (ISO 8601, UTC).`,
    );
  return parsed;
}

function url(value: unknown): string {
  const text = String(value);
  if (text.length > 2000 || !URL.canParse(text) || !/^https?:/i.test(text))
    throw bad(
      `„${text.slice(0, 80)}“ ist keine Web-Adresse.`,
      `“${text.slice(0, 80)}” is not a web address.`,
    );
  return text;
}

/** The platform's scalars; their meaning stands in platform.graphql. */
export const scalars = {
  Date: new GraphQLScalarType({
    name: 'Date',
    serialize(value) {
      if (typeof value !== 'string')
        throw new TypeError('A day is text; an instant has one in a zone alone.');
      return value;
    },
    parseValue: day,
    parseLiteral: (node) => day(literal(node)),
  }),
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
    parseValue: instant,
    parseLiteral: (node) => instant(literal(node)),
  }),
  Url: new GraphQLScalarType({
    name: 'Url',
    serialize: String,
    parseValue: url,
    parseLiteral: (node) => url(literal(node)),
  }),
};
