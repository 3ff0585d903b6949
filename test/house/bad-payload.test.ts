import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { accepted, Furnished, inTheOther } from './furnished.ts';

// Every step of the shipped definition that people take is sent payloads it should not be sent, from the state in which
// it may be taken.
interface Field {
  readonly type: 'string' | 'boolean' | 'integer' | 'array' | 'object';
  readonly format?: 'uuid' | 'date';
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Field;
  readonly properties?: Readonly<Record<string, Field>>;
}
interface State {
  readonly initial?: string;
  readonly states?: Readonly<Record<string, State>>;
  readonly on?: Readonly<Record<string, unknown>>;
}
interface Definition extends State {
  readonly steps: Readonly<
    Record<
      string,
      {
        readonly does?: string;
        readonly who: readonly { readonly function: string }[];
        readonly payload?: Partial<Field>;
      }
    >
  >;
}
const definition = JSON.parse(
  readFileSync(new URL('../../data/processes/opening-2.json', import.meta.url), 'utf8'),
) as Definition;
// Alma is no member of the board, and as a head herself never the next above.
const doers: Record<string, string> = { BOARD: 'vorsitz', NEXT_ABOVE: 'amtsleiterin' };
const steps = Object.entries(definition.steps)
  .filter(([, { who }]) => who.some((one) => one.function !== 'SYS'))
  .map(([name, { who, payload }]) => ({
    name,
    by: doers[who[0]!.function] ?? 'alma',
    fields: payload?.properties ?? {},
  }));

let all: Furnished;
beforeAll(async () => {
  all = await Furnished.make();
  await all.holdCommits();
}, 60_000);
afterAll(() => all?.close());

function downFrom(state: State): string[] {
  const first = state.initial ?? Object.keys(state.states ?? {})[0];
  return first ? [first, ...downFrom(state.states![first]!)] : [];
}

/** The leaf from which a step may be taken, as the names on the way down the chart. */
function leafOf(
  step: string,
  state: State = definition,
  path: readonly string[] = [],
): readonly string[] | undefined {
  const names = Object.keys(state.states ?? {});
  if (state.on && step in state.on) return [...path, ...downFrom(state)];
  return names.map((name) => leafOf(step, state.states![name], [...path, name])).find(Boolean);
}

/** Where every region of the running process stands at its beginning, as names on the way down. */
const regions = Object.entries(definition.states!['live']!.states!);
const beginning = Object.fromEntries(regions.map(([name, state]) => [name, downFrom(state)]));
const valueAt = (leaf: readonly string[]): unknown =>
  leaf.slice(0, -1).reduceRight<unknown>((below, name) => ({ [name]: below }), leaf.at(-1));

/** Puts the process there, past all rules, with no deadline and no task left from where it was. */
async function stand(step: string): Promise<void> {
  // What the engine does itself no state handles: it is done wherever the process stands.
  const [, region = 'course', ...inside] = leafOf(step) ?? [];
  const leaves = { ...beginning, ...(inside.length > 0 && { [region]: inside }) };
  for (const table of ['deadline', 'task'])
    await all.stage.superuser.query(`delete from engine.${table} where process_id = $1`, [all.team.id]);
  await all.stage.superuser.query(
    `update engine.process set status = 'RUNNING', states = $2, stage = $3,
       suspended_at = case when $5 then now() end, suspended_until = case when $5 then date '2099-12-31' end,
       snapshot = snapshot || jsonb_build_object('v', $4::jsonb, 's', 'active') where id = $1`,
    [
      all.team.id,
      Object.entries(leaves).map(([name, leaf]) => ['live', name, ...leaf].join('.')),
      leaves['course']!.join('.'),
      JSON.stringify({
        live: Object.fromEntries(Object.entries(leaves).map(([name, leaf]) => [name, valueAt(leaf)])),
      }),
      definition.steps[step]!.does === 'resume',
    ],
  );
}

function valueOf(name: string, field: Field): unknown {
  if (field.type === 'array') return [valueOf(name, field.items!)];
  if (field.type === 'object') return payloadOf(field.properties!);
  if (field.format === 'uuid') return all.ids[name] ?? all.ids['personId'];
  if (field.format === 'date') return '2026-06-01';
  if (name === 'contentHash') return '0'.repeat(64);
  return field.enum?.[0] ?? 'Nach Beratung.';
}
const payloadOf = (fields: Readonly<Record<string, Field>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(name, field)]));

/** Values for a field, with the answers they may get. */
function* spoilt(
  name: string,
  field: Field,
): Generator<readonly [unknown, 'invalid' | 'unknown' | 'absurd']> {
  if (field.type === 'array') {
    const [item] = valueOf(name, field) as [Record<string, unknown>];
    for (const value of ['x', {}, [null], Array(field.maxItems! + 1).fill(item)]) yield [value, 'invalid'];
    for (const value of [[], [item, item]]) yield [value, 'absurd'];
    for (const [key, below] of Object.entries(field.items!.properties ?? {}))
      for (const [value, kind] of spoilt(key, below)) yield [[{ ...item, [key]: value }], kind];
    return;
  }
  for (const value of [7, {}, ['x'], 'a\u0000b', 'a\ud800b', 'x'.repeat((field.maxLength ?? 200) + 1)])
    yield [value, 'invalid'];
  if (field.format === 'uuid') {
    yield ['zzz', 'invalid'];
    for (const value of [v7(), inTheOther(valueOf(name, field) as string)]) yield [value, 'unknown'];
  } else if (field.format === 'date') {
    for (const value of ['gestern', '2026-02-30', '0000-01-01']) yield [value, 'invalid'];
    for (const value of ['0001-01-01', '9999-12-31']) yield [value, 'absurd'];
  } else if (field.enum) yield ['NO_SUCH_VALUE', 'invalid'];
  else for (const value of ['', ' \n\t ', "'; drop table x; --", '%_\\']) yield [value, 'absurd'];
  yield [null, 'absurd'];
}

describe.each(steps)('$name', ({ name, by, fields }) => {
  const take = (payload: unknown) =>
    all.send(by, 'takeStep', { commandId: v7(), processId: all.team.id, step: name, payload });
  let before: Record<string, string>;
  beforeAll(async () => {
    await stand(name);
    before = await all.standing();
  });
  afterEach(async () => expect(await all.standing()).toEqual(before));

  const refusals = ['InvalidInput', 'NotPossibleNow', 'ChangedMeanwhile', 'NotAllowed', 'NOT_FOUND'];
  const allowed = {
    invalid: ['InvalidInput', 'BAD_INPUT'],
    unknown: refusals,
    absurd: [...refusals, accepted],
  };

  test('a spoilt field is refused, or means something', async () => {
    const well = payloadOf(fields);
    const seen = [];
    for (const [key, field] of Object.entries(fields))
      for (const [value, kind] of spoilt(key, field)) {
        const outcome = await take({ ...well, [key]: value });
        if (!allowed[kind].includes(outcome)) seen.push([key, JSON.stringify(value).slice(0, 60), outcome]);
      }
    expect(seen).toEqual([]);
  });

  test('who holds no function is refused, whatever the payload', async () => {
    for (const payload of [payloadOf(fields), null, { unasked: 1 }]) {
      const input = { commandId: v7(), processId: all.team.id, step: name, payload };
      expect(['NotAllowed', 'NOT_FOUND']).toContain(await all.send('nils', 'takeStep', input));
    }
  });
});
