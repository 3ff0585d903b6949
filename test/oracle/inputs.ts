/**
 * The oracle's own reading of the input files. It imports nothing from `src` and knows no SQL, so that a figure which
 * both agree on was computed twice.
 */
import { parse as parseCsv } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';

export interface Unit {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly level: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly headcount: number;
}

export interface Criterion {
  readonly code: string;
  readonly field: string;
  readonly core: boolean;
  readonly weight: number;
  /** Empty: every level. */
  readonly levels: readonly string[];
  readonly kinds: readonly string[];
}

type Row = Readonly<Record<string, string>>;

const read = new Map<string, Row[]>();

/** The rows of a CSV file by their headers; each file is read once. */
export function rowsOf(file: string): Row[] {
  if (!read.has(file)) read.set(file, parsed(file));
  return read.get(file)!;
}

function parsed(file: string): Row[] {
  return parseCsv(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true }) as Row[];
}

/** Units of a units.csv that stand on `day`; `validTo` is the last day. */
export function unitsOf(file: string, day: string): Unit[] {
  return rowsOf(file)
    .filter((row) => row.validFrom! <= day && (!row.validTo || row.validTo >= day))
    .map((row) => ({
      code: row.code!,
      name: row.name!,
      parent: row.parentCode || null,
      level: row.level!,
      kind: row.kind!,
      tags: row.tags ? row.tags.split(/[ ,;|]+/) : [],
      headcount: Number(row.headcount),
    }));
}

interface CatalogueFile {
  readonly criteria: readonly {
    readonly id: string;
    readonly field: string;
    readonly core: boolean;
    readonly weight: number;
    readonly levels?: readonly string[];
    readonly unitKinds: readonly string[];
  }[];
}

export function criteriaOf(file: string): Criterion[] {
  const { criteria } = parseYaml(readFileSync(file, 'utf8')) as CatalogueFile;
  return criteria.map(({ id, field, core, weight, levels, unitKinds }) => ({
    code: id,
    field,
    core,
    weight,
    levels: levels ?? [],
    kinds: unitKinds,
  }));
}

/** What applies to a unit: level in range, and its kind listed, or `ALL`, or kind with one of its tags. */
export function applicable(
  unit: Pick<Unit, 'level' | 'kind' | 'tags'>,
  criteria: readonly Criterion[],
): Criterion[] {
  return criteria.filter(
    ({ levels, kinds }) =>
      (levels.length === 0 || levels.includes(unit.level)) &&
      kinds.some((kind) => {
        const [name, tag] = kind.split(':');
        return name === 'ALL' || (name === unit.kind && (!tag || unit.tags.includes(tag)));
      }),
  );
}
