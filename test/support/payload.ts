import type { Field, PayloadSchema } from '../../src/engine/definition/definition.rules.ts';
import { today } from './days.ts';

/** What must come with a step, well-formed; `day` stands wherever a date is asked. */
export function samplePayload(
  schema: PayloadSchema | undefined,
  day = today(),
): Record<string, unknown> | undefined {
  return schema && sampleObject(schema, day);
}

function sampleObject({ properties, required = [] }: PayloadSchema, day: string): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, sample(properties[name]!, day)]));
}

function sample(field: Field, day: string): unknown {
  switch (field.type) {
    case 'integer':
      return field.minimum;
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: field.minItems ?? 0 }, () => sample(field.items, day));
    case 'object':
      return sampleObject(field, day);
    case 'string':
      return sampleText(field, day);
  }
}

function sampleText(field: Extract<Field, { type: 'string' }>, day: string): string {
  if (field.enum) return field.enum[0]!;
  if (field.format === 'uuid') return crypto.randomUUID();
  if (field.format === 'date') return day;
  return field.pattern ? 'a'.repeat(64) : 'Probe'.padEnd(field.minLength ?? 0, '.').slice(0, field.maxLength);
}
