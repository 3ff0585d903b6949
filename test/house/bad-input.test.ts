import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { getNamedType, type GraphQLUnionType } from 'graphql';
import { v7 } from 'uuid';
import type { Input, Path, Place } from '../support/inputs.ts';
import { accepted, Furnished, inTheOther, schema } from './furnished.ts';

// Every mutation of the schema is sent what it should not be sent; a new one is covered as soon as it stands there.
// Where it needs more than a well-formed input to be accepted, `specials` in furnished.ts says what.
const mutations = Object.keys(schema.getMutationType()!.getFields());
let all: Furnished;

beforeAll(async () => {
  all = await Furnished.make();
  await all.holdCommits();
}, 60_000);
afterAll(() => all?.close());

test('the other administration is there', async () => {
  const { ids, stage } = all;
  for (const [table, id] of [
    ['engine.process', 'processId'],
    ['planning.measure', 'measureId'],
    ['evidence.evidence', 'evidenceId'],
  ] as const)
    expect(await all.one(`select tenant_id from ${table} where id = $1`, inTheOther(ids[id]!))).toBe(
      inTheOther(stage.tenant),
    );
});

/** An input with where it was spoilt and how. */
type Spoilt = readonly [string, Input];
async function spoil(
  mutation: string,
  how: (place: Place, stood: unknown) => readonly unknown[],
): Promise<Spoilt[]> {
  const type = all.inputs.of(mutation);
  const input = await all.well(mutation);
  return all.inputs
    .places(type)
    .flatMap((place) =>
      how(place, all.inputs.at(type, input, place.path)).map((value) =>
        spoilt(mutation, input, place.path, value),
      ),
    );
}
async function spoilLists(
  mutation: string,
  how: (list: readonly unknown[]) => readonly unknown[],
): Promise<Spoilt[]> {
  const type = all.inputs.of(mutation);
  const input = await all.well(mutation);
  return all.inputs
    .lists(type)
    .flatMap((path) =>
      how(all.inputs.at(type, input, path) as unknown[]).map((value) => spoilt(mutation, input, path, value)),
    );
}
const spoilt = (mutation: string, input: Input, path: Path, value: unknown): Spoilt => [
  `${path.join('.')} = ${JSON.stringify(value)?.slice(0, 40)}`,
  all.inputs.with(all.inputs.of(mutation), { ...input, commandId: v7() }, path, value),
];

const nested = (depth: number): unknown => (depth ? { below: nested(depth - 1) } : null);
const malformed: Record<string, (place: Place) => readonly unknown[]> = {
  ID: () => ['', 'zzz', '12'],
  String: ({ max }) => ['x'.repeat(max + 1), 'a\u0000b', 'a\ud800b'],
  Enum: () => ['NO_SUCH_VALUE', ''],
  Int: () => [2 ** 31, 1.5, '1'],
  Date: () => ['gestern', '2026-02-30', '26-01-01', '0000-01-01', ''],
  Url: () => [
    'javascript:alert(1)',
    `https://example.org/${'x'.repeat(2000)}`,
    'https://example.org/\u0000',
    'https://example.org/\ud800',
  ],
  StepPayload: () => [{ note: 'a\u0000b' }, { note: ['a\ud800b'] }, { 'a\ud800b': '' }, nested(1000)],
};
const blanks = ['', ' \n\t '];
/** What no mutation can mean. */
const senseless: Record<string, (place: Place) => readonly unknown[]> = {
  String: ({ isOptional }) => (isOptional ? [] : blanks),
  Int: () => [-1, 2 ** 31 - 1, -(2 ** 31)],
};
/** What some can. */
const absurd: Record<string, (place: Place) => readonly unknown[]> = {
  String: ({ isOptional }) => [...(isOptional ? blanks : []), '\u200b', "'; drop table x; --", '%_\\'],
  Int: () => [0],
  Date: () => ['0001-01-01', '1900-02-28', '9999-12-31'],
  Boolean: () => [false],
  StepPayload: () => [[], 'x', 7, { unasked: 1 }, { note: { note: {} } }],
};
const membersOf = (mutation: string) => {
  const outcome = getNamedType(schema.getMutationType()!.getFields()[mutation]!.type) as GraphQLUnionType;
  return outcome
    .getTypes()
    .map(({ name }) => name)
    .filter((name) => !name.endsWith('Success'));
};
const errorCodes = ['FORBIDDEN', 'NOT_FOUND', 'BAD_INPUT'];

describe.each(mutations)('%s', (mutation) => {
  const answers = async (inputs: readonly Spoilt[], who = all.asker(mutation)) => {
    const seen: Record<string, string> = {};
    for (const [where, input] of inputs) seen[where] = await all.send(who, mutation, input);
    return seen;
  };
  /** The answers that are not among these. */
  const others = (seen: Record<string, string>, expected: readonly string[]) =>
    Object.entries(seen).filter(([, outcome]) => !expected.includes(outcome));
  const refusals = [...membersOf(mutation).filter((name) => name !== accepted), ...errorCodes];

  let before: Record<string, string>;
  beforeAll(async () => void (before = await all.standing()));
  afterEach(async () => expect(await all.standing()).toEqual(before));

  test('what no careful client sends is BAD_INPUT', async () => {
    const values = await spoil(mutation, (place) => malformed[place.kind]?.(place) ?? []);
    const lists = await spoilLists(mutation, ([first]) => [Array(501).fill(first)]);
    expect(others(await answers([...values, ...lists]), ['BAD_INPUT'])).toEqual([]);
  });

  test('an id of another administration reads like an unknown one, and neither is accepted', async () => {
    const seen = await answers(
      await spoil(mutation, ({ kind, name }, stood) =>
        kind === 'ID' && name !== 'commandId' ? [v7(), inTheOther(stood as string)] : [],
      ),
    );
    expect(others(seen, refusals)).toEqual([]);
    const pairs = Object.values(seen);
    expect(pairs.filter((_, at) => at % 2)).toEqual(pairs.filter((_, at) => at % 2 === 0));
  });

  test('where a text is asked for a blank one is refused, and so are negative and huge numbers', async () => {
    const values = await spoil(mutation, (place) => senseless[place.kind]?.(place) ?? []);
    expect(others(await answers(values), refusals)).toEqual([]);
  });

  test('absurd and repeated values are refused or mean something', async () => {
    const values = await spoil(mutation, (place) => [
      ...(absurd[place.kind]?.(place) ?? []),
      ...(place.isOptional && place.path.at(-1) !== 0 ? [null] : []),
    ]);
    const lists = await spoilLists(mutation, (list) => [[], [...list, ...list]]);
    const seen = await answers([...values, ...lists]);
    expect(others(seen, [...refusals, accepted])).toEqual([]);
  });

  test('who holds no function is refused', async () => {
    const seen = await answers([['as it should be', await all.well(mutation)]], 'nils');
    expect(others(seen, ['NotAllowed', 'FORBIDDEN', 'NOT_FOUND'])).toEqual([]);
  });
});

describe('commands', () => {
  // What takes something away comes last, so that the others find what they ask for.
  const rank = (name: string) =>
    /^(appoint|confirmSuccession|endRound|vacate)/.test(name)
      ? 2
      : Number(/^(drop|end|handBack|leave|takeStep|withdraw)/.test(name));
  const inOrder = mutations.toSorted((a, b) => rank(a) - rank(b));
  const succeeded: string[] = [];

  beforeAll(() => all.letCommit());

  /** Well-formed as well, but not the same. */
  const otherwise = (mutation: string, input: Input): Input => {
    const type = all.inputs.of(mutation);
    const others: Record<string, unknown> = { String: 'Anders', Date: '2027-04-01', Boolean: true, ID: v7() };
    const of = (kind: string) =>
      all.inputs.places(type).find((one) => one.kind === kind && one.name !== 'commandId');
    const place = Object.keys(others).map(of).find(Boolean)!;
    return all.inputs.with(type, input, place.path, others[place.kind]);
  };

  test.each(inOrder)(
    '%s sent again does nothing twice, and its id is good for nothing else',
    async (mutation) => {
      const who = all.asker(mutation);
      const input = await all.well(mutation);
      const outcome = await all.send(who, mutation, input);
      expect(['INTERNAL', accepted]).not.toContain(outcome);
      if (!outcome.endsWith('Success')) return;
      succeeded.push(mutation);
      const after = await all.standing();
      expect(await all.send(who, mutation, input)).toBe(outcome);
      expect(await all.send(who, mutation, otherwise(mutation, input))).toBe('CommandIdReused');
      expect(await all.send(who === 'alma' ? 'berta' : 'alma', mutation, input)).toBe('CommandIdReused');
      expect(await all.standing()).toEqual(after);
    },
  );

  test('nearly all of them had their success', () => {
    expect(succeeded.length).toBeGreaterThan(0.9 * mutations.length);
  });
});
