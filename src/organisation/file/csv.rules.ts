import { CsvError, parse, type Info } from 'csv-parse/sync';
import { fault, faultOfText, type ImportFault, type FilePosition } from '../plan/import-fault.rules.ts';
import { faultsOfHeader, headerOf, type Columns, type Header } from './csv-header.rules.ts';
import { delimiterOf, faultOfShape } from './csv-shape.rules.ts';
import { decodeTable } from './text-encoding.rules.ts';

/** One row of a table: its fields by column name, and where each stands. */
export interface CsvRow {
  get(column: string): string;
  spot(column?: string): FilePosition;
}

export interface CsvTable {
  readonly rows: readonly CsvRow[];
  readonly faults: readonly ImportFault[];
  /** The columns that the table has, by the names that this program gives them. */
  readonly columns: ReadonlySet<string>;
}

interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

const nothing = { rows: [], columns: new Set<string>() };

/**
 * Reads a CSV table (RFC 4180) as spreadsheets and HR systems save it: `;`, `,` or tab, several encodings, lines above
 * the header, empty rows below the last one. Columns are found by name, in any order and case. Faults are collected;
 * rows with faults of shape are left out. What was read otherwise than it stands there is said as a warning.
 */
export function readCsv(raw: Uint8Array, file: string, columns: Columns): CsvTable {
  const decoded = decodeTable(raw, file);
  if ('code' in decoded) return { ...nothing, faults: [decoded] };
  const { bytes, notes } = decoded;
  const delimiter = delimiterOf(bytes);
  const wrong = faultOfShape(bytes, delimiter, file);
  if (wrong) return { ...nothing, faults: [wrong] };
  try {
    const table = tableOf(recordsOf(bytes, delimiter), file, columns);
    return { ...table, faults: [...notes, ...table.faults] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { lines?: number };
    return { ...nothing, faults: [fault('UNCLOSED_QUOTE', { file, line: lines })] };
  }
}

function recordsOf(bytes: Uint8Array, delimiter: string): CsvRecord[] {
  const options = {
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true, // a quotation mark inside a name, as typed
    skip_empty_lines: true,
    trim: true,
  };
  const records = parse(bytes as Buffer, options) as unknown as { record: string[]; info: Info }[];
  const read = records.map(({ record, info }) => ({
    fields: record,
    line: info.lines - record.reduce((breaks, field) => breaks + field.split('\n').length - 1, 0),
  }));
  return /^sep=/i.test(read[0]?.fields[0] ?? '') ? read.slice(1) : read; // Excel's own line, for Excel
}

const isEmpty = ({ fields }: CsvRecord): boolean => fields.every((field) => field === '');

function tableOf(records: readonly CsvRecord[], file: string, columns: Columns): CsvTable {
  if (!records.length) return { ...nothing, faults: [fault('EMPTY_FILE', { file, line: 1 })] };
  const header = headerOf(records, columns);
  const faults = faultsOfHeader(header, file, columns);
  const known = new Set(header.columns.filter((name) => name !== undefined));
  if (faults.some(({ severity }) => severity === 'FAULT')) return { rows: [], columns: known, faults };
  const body = records.slice(header.index + 1);
  const empty = body.filter(isEmpty);
  if (empty.length) faults.push(fault('EMPTY_ROWS', { file, line: empty[0]!.line }, String(empty.length)));
  const seen = new Map<string, number>();
  const rows = body.flatMap((record) => {
    if (isEmpty(record)) return [];
    const at = { file, line: record.line };
    const bad = faultsOfRecord(record.fields, header, at);
    faults.push(...bad);
    if (bad.length) return [];
    const same = JSON.stringify(record.fields);
    if (seen.has(same)) {
      faults.push(fault('ROW_TWICE', at, String(record.line), String(seen.get(same))));
      return [];
    }
    seen.set(same, record.line);
    return [rowOf(record.fields, header, at)];
  });
  return { rows, columns: known, faults };
}

function faultsOfRecord(fields: readonly string[], { names }: Header, at: FilePosition): ImportFault[] {
  // Spreadsheets end rows with separators of columns that were once there: without a value they mean nothing.
  const beyond = fields.slice(names.length).find((field) => field !== '');
  if (beyond !== undefined) return [fault('TOO_MANY_FIELDS', at, beyond, String(names.length))];
  return fields.flatMap((field, index) => {
    const bad = faultOfText(field, { ...at, column: index + 1, field: names[index] ?? '' });
    return bad ?? [];
  });
}

function rowOf(fields: readonly string[], { columns, names }: Header, at: FilePosition): CsvRow {
  return {
    get: (column) => fields[columns.indexOf(column)] ?? '',
    spot: (column) => {
      const index = column ? columns.indexOf(column) : -1;
      return index === -1 ? at : { ...at, column: index + 1, field: names[index]! };
    },
  };
}
