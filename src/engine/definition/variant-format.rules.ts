import { z } from 'zod';
import { readBounded, type Fault } from './definition-file.rules.ts';
import { definitionSchema, parts } from './definition.rules.ts';

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
export type VariantChange = Variant['changes'][number];
export type ChangeOf<K extends VariantChange['do']> = Extract<VariantChange, { do: K }>;

/** Reads a variant file as a stranger's, with the same bounds as a definition. */
export function readVariant(file: Uint8Array | string): { variant: Variant } | { faults: Fault[] } {
  const read = readBounded(file, variantSchema);
  return 'faults' in read ? read : { variant: read.value };
}
