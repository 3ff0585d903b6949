import { Chart } from '../definition/chart.rules.ts';
import { faultsOfNames } from './check.rules.ts';
import { identityOf, readDefinition, type Fault } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { faultsOfNumbers } from '../definition/numbers.rules.ts';
import { faultsOfWalk } from './soundness.rules.ts';
import { readVariant } from '../definition/variant-format.rules.ts';
import { materialise } from '../definition/variant.rules.ts';
import { faultsOfFourEyes } from './who.rules.ts';
import type { Vocabulary } from '../machine/registry.ts';

/** A source as it was written: a whole definition, or a variant with the base it names. */
export interface Source {
  readonly text: string;
  /** Undefined: nothing is published under the key and version that the variant names. */
  readonly base?: Definition | undefined;
}

/** What became of a source: a definition without a fault, or one that is not to be published, or none at all. */
export interface Checked {
  readonly faults: readonly Fault[];
  readonly definition?: Definition;
  readonly sha256?: string;
  /** Every name in it is known: it can be walked and drawn, though it may be no good. */
  readonly hasNames?: boolean;
}

/** Reads a source into the definition it means; the faults of the file and of its changes. */
export function read({ text, base }: Source): { definition: Definition } | { faults: Fault[] } {
  if (!isVariant(text)) return readDefinition(text);
  const file = readVariant(text);
  if ('faults' in file) return file;
  return base ? materialise(file.variant, base) : { faults: [noBase] };
}

/** Everything that can be said against a source: first what is written, then, if that is right, what walking shows. */
export function check(source: Source, known: Vocabulary): Checked {
  const file = read(source);
  if ('faults' in file) return file;
  const { definition } = file;
  const chart = new Chart(definition);
  const names = faultsOfNames(chart, known);
  const faults = names.length > 0 ? names : faultsOfMeaning(chart, known);
  return { faults, definition, sha256: identityOf(definition).sha256, hasNames: names.length === 0 };
}

export function faultsOf(definition: Definition, known: Vocabulary): Fault[] {
  const chart = new Chart(definition);
  const names = faultsOfNames(chart, known);
  return names.length > 0 ? names : faultsOfMeaning(chart, known);
}

const faultsOfMeaning = (chart: Chart, { single = new Set() }: Vocabulary): Fault[] => [
  ...faultsOfNumbers(chart),
  ...faultsOfFourEyes(chart, single),
  ...faultsOfWalk({ chart }),
];

const noBase: Fault = {
  path: '$.base',
  message: { de: 'Diese Grundlage ist nicht veröffentlicht.', en: 'This base is not published.' },
};

/** What a source says of itself before it is read: untrusted, but enough to list it and to find its base. */
export interface Head {
  readonly isVariant: boolean;
  readonly key: string;
  readonly version: number;
  readonly base?: { readonly key: string; readonly version: number };
}

export function headOf(text: string): Head | undefined {
  const parsed = parsedOf(text);
  const key = keyOf(parsed);
  if (!key) return undefined;
  const base = keyOf(parsed!['base']);
  const format = parsed!['format'];
  if (format === 'oa.process/1') return { isVariant: false, ...key };
  return format === 'oa.variant/1' ? { isVariant: true, ...key, ...(base && { base }) } : undefined;
}

const isVariant = (text: string): boolean => parsedOf(text)?.['format'] === 'oa.variant/1';

function parsedOf(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(value: unknown): { key: string; version: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { key, version } = value as Record<string, unknown>;
  const fits = typeof key === 'string' && /^[a-z][a-z0-9-]{0,59}$/.test(key) && Number.isInteger(version);
  return fits && (version as number) >= 1 && (version as number) <= 10_000
    ? { key, version: version as number }
    : undefined;
}
