import { z } from 'zod';

/** The format `oa.process/1`: what a definition may contain, and nothing else. Meaning is checked in check.rules.ts. */

const stateName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/);
const stepName = z.string().regex(/^[A-Z][A-Z0-9_]{0,59}$/);
const signalName = z.string().regex(/^\$[a-z][A-Za-z0-9]{0,39}$/);
const word = z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/);
const factName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9_]*)+$/)
  .max(80);
const functionCode = z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/);
const text = z.strictObject({ de: z.string().min(1).max(500), en: z.string().min(1).max(500) });
const some = <T extends z.ZodType>(of: T, max: number) => z.array(of).min(1).max(max);

const count = z.number().int().min(0).max(10_000);
const span = z.union([
  z.strictObject({ workingDays: count }),
  z.strictObject({ days: count }),
  z.strictObject({ weeks: count }),
  z.strictObject({ months: count.max(600) }),
]);

const value = z.union([z.number(), z.boolean(), z.string().max(200)]);
const leaf = { reason: word };
export type Guard =
  | { all: Guard[] }
  | { any: Guard[] }
  | { not: Guard }
  | (z.infer<typeof factLeaf> & { fact: string })
  | z.infer<typeof callLeaf>;
const factLeaf = z
  .strictObject({
    ...leaf,
    fact: factName,
    is: value.optional(),
    isNot: value.optional(),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    below: z.number().optional(),
    above: z.number().optional(),
  })
  .refine((f) => Object.keys(f).length === 3, { message: 'needs exactly one comparison' });
const callLeaf = z.strictObject({ ...leaf, call: word, with: z.record(word, value).optional() });
const guard: z.ZodType<Guard> = z.lazy(() =>
  z.union([
    z.strictObject({ all: some(guard, 8) }),
    z.strictObject({ any: some(guard, 8) }),
    z.strictObject({ not: guard }),
    factLeaf,
    callLeaf,
  ]),
);

/** A subset of JSON Schema; unknown properties are always refused, and every length is bounded. */
export type Field = { title: { de: string; en: string } } & (
  | {
      type: 'string';
      maxLength: number;
      minLength?: number;
      format?: 'uuid' | 'date';
      pattern?: string;
      enum?: string[];
    }
  | { type: 'integer'; minimum: number; maximum: number }
  | { type: 'boolean' }
  | { type: 'array'; items: Field; minItems?: number; maxItems: number }
  | { type: 'object'; properties: Record<string, Field>; required?: string[] }
);
const field: z.ZodType<Field> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('string'),
      title: text,
      minLength: count.optional(),
      maxLength: count,
      format: z.enum(['uuid', 'date']).optional(),
      pattern: z.enum(['^[0-9a-f]{64}$']).optional(), // a closed list: a pattern from outside may take exponential time
      enum: some(z.string().max(60), 40).optional(),
    }),
    z.strictObject({ type: z.literal('integer'), title: text, minimum: z.int(), maximum: z.int() }),
    z.strictObject({ type: z.literal('boolean'), title: text }),
    z.strictObject({
      type: z.literal('array'),
      title: text,
      items: field,
      minItems: count.optional(),
      maxItems: count.max(500),
    }),
    z.strictObject({
      type: z.literal('object'),
      title: text,
      properties: z.record(word, field),
      required: z.array(word).max(40).optional(),
    }),
  ]),
);

const effect = z.strictObject({ effect: word, with: z.record(word, value).optional() });
const notices = some(z.strictObject({ notice: word, to: some(functionCode, 8) }), 8);
const transition = z.strictObject({
  target: z.string().max(200).optional(),
  guard: guard.optional(),
  effects: some(effect, 8).optional(),
  notices: notices.optional(),
  /** Deadlines of the entered states that run for another span this time. */
  spans: z.record(word, span).optional(),
});
/** What the engine itself does with a process, in whatever state it stands (ADR 0040). */
const builtIn = z.enum([
  'suspend',
  'resume',
  'requestExtension',
  'grantExtension',
  'refuseExtension',
  'remind',
]);
const step = z.strictObject({
  label: text,
  who: some(
    z.strictObject({
      function: functionCode,
      /** Where the function must be held: at the process itself (default), at its series, or anywhere in the tenant. */
      scope: z.enum(['process', 'series', 'tenant']).optional(),
      /** Four eyes: somebody else than whoever last took one of these steps. */
      notSameAs: some(stepName, 8).optional(),
    }),
    12,
  ),
  payload: z
    .strictObject({ properties: z.record(word, field), required: z.array(word).max(40).optional() })
    .optional(),
  /** Taken by the system as soon as its guard holds. */
  automatic: z.literal(true).optional(),
  /** Steps without which this one can never be reached; publishing proves it. */
  after: some(stepName, 8).optional(),
  /** Done by the engine itself: no state handles it, so its guard, effects, notices and signals stand here. */
  does: builtIn.optional(),
  guard: guard.optional(),
  effects: some(effect, 8).optional(),
  notices: notices.optional(),
  /** Signals to the regions when it is done, such as that a deadline was put off. */
  raise: some(signalName, 4).optional(),
  /** Also taken while the process rests. */
  whileSuspended: z.literal(true).optional(),
});

export interface StateNode extends z.infer<typeof stateBase> {
  states?: Record<string, StateNode>;
}
const stateBase = z.strictObject({
  label: text.optional(),
  type: z.enum(['parallel', 'final']).optional(),
  initial: stateName.optional(),
  tags: some(word, 20).optional(),
  deadlines: some(word, 8).optional(),
  tasks: some(z.strictObject({ name: word, function: functionCode, label: text }), 8).optional(),
  /** Signals to the other regions when this state is entered. */
  raise: some(signalName, 4).optional(),
  on: z.record(z.union([stepName, signalName]), some(transition, 8)).optional(),
});
const state: z.ZodType<StateNode> = z.lazy(() =>
  stateBase.extend({ states: z.record(stateName, state).optional() }),
) as z.ZodType<StateNode>;

const deadline = z.strictObject({
  label: text,
  span,
  /** A text fact (YYYY-MM-DD) that tells the day; where it tells none, the span counts. */
  day: factName.optional(),
  onDue: stepName.optional(),
  chain: word.optional(),
  /** It may be put off on request: so often, each time by at most this share of its first length. */
  extendable: z.strictObject({ most: z.int().min(1).max(10), percent: z.int().min(1).max(100) }).optional(),
  /** A process that rests does not stop it. */
  runsOn: z.literal(true).optional(),
});

/** For formats that speak of parts of a definition. */
export const parts = { stateName, stepName, word, text, value, deadline, step, state: stateBase };

export const definitionSchema = z.strictObject({
  format: z.literal('oa.process/1'),
  key: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
  version: z.number().int().min(1).max(10_000),
  title: text,
  description: text,
  /** Path of the region whose state people see as the state of the process. */
  stage: z.string().max(200),
  tags: z.record(word, text),
  /** Sentences for guards that do not hold; `{fact.name}` is replaced by the fact's value. */
  reasons: z.record(word, text),
  chains: z.record(
    word,
    some(
      z.strictObject({ name: word, workingDays: z.number().int().min(-500).max(500), step: stepName }),
      12,
    ),
  ),
  deadlines: z.record(word, deadline),
  steps: z.record(stepName, step),
  /** A process of this kind may rest, with all its clocks stopped, at most so long at a time. */
  suspension: z.strictObject({ longest: span }).optional(),
  initial: stateName,
  states: z.record(stateName, state),
});

export type Definition = z.infer<typeof definitionSchema>;
export type Step = Definition['steps'][string];
export type Transition = z.infer<typeof transition>;
export type PayloadSchema = NonNullable<Step['payload']>;
export type FactValue = number | boolean | string | null;

/** What the engine itself does with a process, in whatever state it stands (ADR 0040). */
export type BuiltInStep = NonNullable<Step['does']>;
