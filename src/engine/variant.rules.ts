import { z } from 'zod';
import type { Text } from '../platform/index.ts';
import { canonical, identityOf, readBounded, type Fault } from './definition-file.rules.ts';
import { definitionSchema, parts, type Definition } from './definition.rules.ts';
import { operationFor } from './variant-operations.rules.ts';

/**
 * The format `oa.variant/1`: a published definition, changed by named operations and by nothing else. The result is an
 * ordinary definition, checked as a whole; what the base proves (four eyes, what must come first) no operation may undo.
 */

const { stateName, stepName, word, value } = parts;
const { key, version, title, description } = definitionSchema.shape;
const { span, chain, extendable } = parts.deadline.shape;
const { deadlines, tags, tasks, raise } = parts.state.shape;
const { label, who } = parts.step.shape;
const path = z.string().max(200);

const changeSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('rename'),
    what: z.enum(['state', 'step', 'deadline', 'task', 'tag', 'reason']),
    name: path,
    label,
  }),
  z.strictObject({
    do: z.literal('insertStep'),
    /** The transitions in whose way the new state is put: those of this state on this step. */
    from: path,
    on: stepName,
    state: z.strictObject({ name: stateName, label, deadlines, tags, tasks, raise }),
    step: z.strictObject({ name: stepName, label, who }),
  }),
  /** In every state that knows the step, another one must lead on without a condition: its continuation. */
  z.strictObject({ do: z.literal('dropOptional'), step: stepName, continuation: stepName }),
  z.strictObject({
    do: z.literal('changeDeadline'),
    deadline: word,
    span: span.optional(),
    /** Null takes it away. */
    chain: chain.nullable(),
    extendable: extendable.nullable(),
  }),
  z.strictObject({ do: z.literal('changeRole'), step: stepName, who }),
  /** The number, truth value or text that the condition with this reason compares with. */
  z.strictObject({ do: z.literal('changeGuardParameter'), step: stepName, reason: word, value }),
]);

export const variantSchema = z.strictObject({
  format: z.literal('oa.variant/1'),
  base: z.strictObject({
    key,
    version,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  key,
  version,
  title,
  description: description.optional(),
  changes: z.array(changeSchema).min(1).max(100),
});

export type Variant = z.infer<typeof variantSchema>;
export type Change = Variant['changes'][number];
export type ChangeOf<K extends Change['do']> = Extract<Change, { do: K }>;

/** Reads a variant file as a stranger's, with the same bounds as a definition. */
export function readVariant(file: Uint8Array | string): { variant: Variant } | { faults: Fault[] } {
  const read = readBounded(file, variantSchema);
  return 'faults' in read ? read : { variant: read.value };
}

/** The whole definition that a variant makes of its base, or every change that does not fit, by its place. */
export function materialise(
  variant: Variant,
  base: Definition,
): { definition: Definition } | { faults: Fault[] } {
  const other = faultOfBase(variant, base);
  if (other) return { faults: [other] };
  const { definition, outcomes } = applied(variant, base);
  const faults = outcomes.flatMap(({ faults }, i) => faults.map((fault) => at(i, fault)));
  return faults.length > 0 ? { faults } : { definition };
}

function faultOfBase({ base: { key, version, sha256 } }: Variant, base: Definition): Fault | undefined {
  if (key === base.key && version === base.version && sha256 === identityOf(base).sha256) return undefined;
  const message: Text = {
    de: `Die Grundlage ${key} v${version} ist mit einem anderen Inhalt veröffentlicht.`,
    en: `The base ${key} v${version} is published with another content.`,
  };
  return { path: '$.base', message };
}

const at = (i: number, { path, message }: Fault): Fault => ({
  path: `$.changes[${i}]${path.slice(1)}`,
  message,
});

/** Applies the changes in their order; one that does not fit is left out, and says why. */
function applied({ key, version, title, description, changes }: Variant, base: Definition) {
  const definition = structuredClone(base);
  Object.assign(definition, { key, version, title, ...(description && { description }) });
  const outcomes = changes.map((change) => {
    const operation = operationFor(change);
    const before = operation.touches(base);
    const faults = operation.faults(definition);
    if (faults.length === 0) operation.apply(definition);
    return { before, faults };
  });
  return { definition: definitionSchema.parse(definition), outcomes };
}

/** How a change fares on another version of its base. */
export interface ChangeOutcome {
  readonly change: Change;
  /** Applies to the same as before, to something that the base has changed too, or not at all. */
  readonly outcome: 'APPLIES' | 'BASE_CHANGED_TOO' | 'CONFLICTS';
  readonly faults: readonly Fault[];
}

/**
 * Looks three ways: what the variant changed, what the base has changed since, and where both touch the same. The
 * variant as it would be on the new version goes with it, to be looked at, mended and published.
 */
export function onNewerBase(
  variant: Variant,
  before: Definition,
  now: Definition,
): { outcomes: ChangeOutcome[]; variant: Variant } {
  const { outcomes } = applied(variant, now);
  const kept = outcomes.map(({ before: touchedNow, faults }, i): ChangeOutcome => {
    const change = variant.changes[i]!;
    const same = canonical(operationFor(change).touches(before) ?? null) === canonical(touchedNow ?? null);
    const outcome = faults.length > 0 ? 'CONFLICTS' : same ? 'APPLIES' : 'BASE_CHANGED_TOO';
    return { change, outcome, faults: faults.map((fault) => at(i, fault)) };
  });
  const fitting = kept.filter(({ outcome }) => outcome !== 'CONFLICTS').map(({ change }) => change);
  const base = { key: now.key, version: now.version, sha256: identityOf(now).sha256 };
  return { outcomes: kept, variant: { ...variant, version: variant.version + 1, base, changes: fitting } };
}
