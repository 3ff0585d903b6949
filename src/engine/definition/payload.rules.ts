import { isBlank, isDay, type Text } from '../../platform/bare.ts';
import type { Fault } from './definition-file.rules.ts';
import type { Field, PayloadSchema } from './definition.rules.ts';

/** What came with a step, rebuilt: only known properties, only plain values. */
export type Payload = { readonly [name: string]: unknown };

const MAX_BYTES = 16 * 1024;
const MAX_DEPTH = 6;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Checks what a client sent with a step against the step's schema and rebuilds it, so that nothing unasked (and no
 * key like `__proto__`) travels on. All faults are listed.
 */
export function readPayload(
  schema: PayloadSchema | undefined,
  sent: unknown,
): { payload?: Payload } | { faults: Fault[] } {
  const given = sent ?? {};
  if (tooDeep(given, MAX_DEPTH))
    return {
      faults: [fault('payload', `Tiefer als ${MAX_DEPTH} Ebenen.`, `Deeper than ${MAX_DEPTH} levels.`)],
    };
  if (Buffer.byteLength(JSON.stringify(given)) > MAX_BYTES)
    return {
      faults: [fault('payload', `Größer als ${MAX_BYTES / 1024} kB.`, `Larger than ${MAX_BYTES / 1024} kB.`)],
    };
  const faults: Fault[] = [];
  const read = readField(
    { type: 'object', title: noTitle, properties: {}, ...schema },
    given,
    'payload',
    faults,
  );
  if (faults.length > 0) return { faults };
  return Object.keys(read as Payload).length > 0 ? { payload: read as Payload } : {};
}

const noTitle: Text = { de: '', en: '' };
const fault = (path: string, de: string, en: string): Fault => ({ path, message: { de, en } });

function tooDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => tooDeep(inner, left - 1));
}

function readField(field: Field, value: unknown, path: string, faults: Fault[]): unknown {
  const wrong = (de: string, en: string) => void faults.push(fault(path, de, en));
  if (field.type === 'string') return readString(field, value, wrong);
  if (field.type === 'boolean')
    return typeof value === 'boolean' ? value : wrong('Ja oder nein erwartet.', 'True or false expected.');
  if (field.type === 'integer') {
    const { minimum, maximum } = field;
    const fits = Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
    return fits
      ? value
      : wrong(
          `Ganze Zahl von ${minimum} bis ${maximum} erwartet.`,
          `Whole number from ${minimum} to ${maximum} expected.`,
        );
  }
  if (field.type === 'array') {
    const { minItems = 0, maxItems, items } = field;
    if (!Array.isArray(value) || value.length < minItems || value.length > maxItems)
      return wrong(
        `Liste mit ${minItems} bis ${maxItems} Einträgen erwartet.`,
        `List of ${minItems} to ${maxItems} items expected.`,
      );
    return value.map((item, i) => readField(items, item, `${path}[${i}]`, faults));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('Objekt mit Angaben erwartet.', 'Object expected.');
  return readObject(field, value as Record<string, unknown>, path, faults);
}

function readObject(
  { properties, required = [] }: Extract<Field, { type: 'object' }>,
  value: Record<string, unknown>,
  path: string,
  faults: Fault[],
): Payload {
  const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(properties, name))
      faults.push(fault(`${path}.${name.slice(0, 60)}`, 'Unbekannte Angabe.', 'Unknown property.'));
    else if (value[name] != null)
      read[name] = readField(properties[name]!, value[name], `${path}.${name}`, faults);
  }
  for (const name of required)
    if (!Object.hasOwn(value, name) || value[name] == null)
      faults.push(
        fault(
          `${path}.${name}`,
          `${properties[name]!.title.de}: Angabe fehlt.`,
          `${properties[name]!.title.en} is missing.`,
        ),
      );
  return { ...read };
}

type Wrong = (de: string, en: string) => void;

function readString(field: Extract<Field, { type: 'string' }>, value: unknown, wrong: Wrong): unknown {
  if (typeof value !== 'string') return wrong('Text erwartet.', 'Text expected.');
  if (value.includes('\0') || !value.isWellFormed())
    return wrong('Enthält ein unzulässiges Zeichen.', 'Contains a character that is not allowed.');
  const { minLength = 0, maxLength, format, enum: choices } = field;
  const text = format === 'uuid' ? value.toLowerCase() : value;
  if (text.length > maxLength || (minLength > 0 && isBlank(text)) || text.trim().length < minLength)
    return wrong(
      `${minLength} bis ${maxLength} Zeichen erwartet.`,
      `${minLength} to ${maxLength} characters expected.`,
    );
  if (choices && !choices.includes(text))
    return wrong(`Eines von ${choices.join(', ')} erwartet.`, `One of ${choices.join(', ')} expected.`);
  if (format === 'uuid' && !uuid.test(text))
    return wrong('Keine gültige Kennung (UUID).', 'Not a valid id (UUID).');
  if (format === 'date' && !isDay(text))
    return wrong('Kein Kalendertag (JJJJ-MM-TT).', 'Not a calendar day (YYYY-MM-DD).');
  if (field.pattern && !new RegExp(field.pattern).test(text))
    return wrong('Hat nicht die nötige Form.', 'Does not have the right form.');
  return text;
}
