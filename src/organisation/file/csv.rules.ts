import { CsvError, parse, type Info } from 'csv-parse/sync';
import { fault, faultOfText, type ImportFault, type FilePosition } from '../plan/import-fault.rules.ts';

/** One row of a table: its fields by column name, and where each stands. */
export interface CsvRow {
  get(column: string): string;
  spot(column?: string): FilePosition;
}

export interface CsvTable {
  readonly rows: readonly CsvRow[];
  readonly faults: readonly ImportFault[];
}

export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const mostRows = 50_000;
const mostFields = 60;
const longestRow = 64_000;
const [newline, quote] = [10, 34];

/**
 * Reads a CSV table (RFC 4180, `;` or `,` as the header shows, UTF-8 with or without byte order mark). Columns are
 * found by name, in any order and case. Faults are collected; rows with faults of shape are left out.
 */
export function readCsv(bytes: Uint8Array, file: string, columns: Columns): CsvTable {
  const delimiter = delimiterOf(bytes);
  const wrong = faultOfShape(bytes, delimiter, file) ?? faultOfEncoding(bytes, file);
  if (wrong) return { rows: [], faults: [wrong] };
  try {
    const options = {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    };
    const records = parse(bytes as Buffer, options) as unknown as { record: string[]; info: Info }[];
    return tableOf(records, file, columns);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { lines?: number };
    return { rows: [], faults: [fault('BROKEN_FILE', { file, line: lines }, error.code)] };
  }
}

/**
 * Counts rows, fields and bytes before anything is made of them: 19 MB of semicolons parsed into 800 MB of fields,
 * looked at like this they cost nothing.
 */
function faultOfShape(bytes: Uint8Array, delimiter: string, file: string): ImportFault | undefined {
  const separator = delimiter.charCodeAt(0);
  let [line, rows, fields, rowStart, quoted] = [1, 0, 1, 0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === separator && !quoted) fields += 1;
    else if (byte === newline) {
      line += 1;
      if (quoted) continue;
      [rows, fields, rowStart] = [rows + 1, 1, at];
    }
    if (rows > mostRows + 1) return fault('TOO_LARGE', { file, line }, '', `≤ ${mostRows}`);
    if (fields > mostFields) return fault('BROKEN_FILE', { file, line }, `> ${mostFields} ${delimiter}`);
    if (at - rowStart > longestRow) return fault('BROKEN_FILE', { file, line }, `> ${longestRow} B`, '"');
  }
  return undefined;
}

/** Finds the first bytes that are no UTF-8, slice by slice, so that no second copy of the file is held. */
function faultOfEncoding(bytes: Uint8Array, file: string): ImportFault | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(newline, from);
    const until = end === -1 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, until));
    } catch {
      return fault('WRONG_ENCODING', { file, line });
    }
    from = until;
  }
  return undefined;
}

/** Excel writes `;` in German, `,` in English: whichever the header has more of. */
function delimiterOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(newline);
  const header = new TextDecoder().decode(bytes.subarray(0, Math.min(end === -1 ? bytes.length : end, 4000)));
  return header.split(';').length >= header.split(',').length ? ';' : ',';
}

function tableOf(records: { record: string[]; info: Info }[], file: string, columns: Columns): CsvTable {
  const [head, ...body] = records;
  if (!head) return { rows: [], faults: [fault('BROKEN_FILE', { file, line: 1 }, '0 B')] };
  const header = head.record.map((name) => name.toLowerCase());
  const faults = faultsOfHeader(head.record, file, columns);
  if (faults.some(({ severity }) => severity === 'FAULT')) return { rows: [], faults };
  const rows = body.flatMap(({ record, info }) => {
    const line = info.lines - record.reduce((breaks, field) => breaks + field.split('\n').length - 1, 0);
    const bad = faultsOfRecord(record, head.record, { file, line });
    faults.push(...bad);
    return bad.length ? [] : [rowOf(record, header, { file, line })];
  });
  return { rows, faults };
}

function faultsOfHeader(names: readonly string[], file: string, columns: Columns): ImportFault[] {
  const present = names.map((name) => name.toLowerCase());
  const known = new Set([...columns.required, ...columns.optional].map((name) => name.toLowerCase()));
  const missing = columns.required.filter((name) => !present.includes(name.toLowerCase()));
  return [
    ...missing.map((name) => fault('MISSING_COLUMN', { file, line: 1, field: name }, name)),
    ...names.flatMap((name, index) => {
      const spot = { file, line: 1, column: index + 1, field: name.slice(0, 80) };
      const bad = faultOfText(name, spot);
      if (bad) return [bad];
      if (!known.has(present[index]!)) return [fault('UNKNOWN_COLUMN', spot, name)];
      return present.indexOf(present[index]!) < index ? [fault('DUPLICATE', spot, name, `${file}:1`)] : [];
    }),
  ];
}

function faultsOfRecord(
  record: readonly string[],
  header: readonly string[],
  spot: FilePosition,
): ImportFault[] {
  if (record.length > header.length)
    return [
      fault('BROKEN_FILE', spot, `${record.length} > ${header.length}`, header.join(', ').slice(0, 200)),
    ];
  return record.flatMap((field, index) => {
    const bad = faultOfText(field, { ...spot, column: index + 1, field: header[index]! });
    return bad ?? [];
  });
}

function rowOf(record: readonly string[], header: readonly string[], at: FilePosition): CsvRow {
  return {
    get: (column) => record[header.indexOf(column.toLowerCase())] ?? '',
    spot: (column) => {
      const index = column ? header.indexOf(column.toLowerCase()) : -1;
      return index === -1 ? at : { ...at, column: index + 1, field: column! };
    },
  };
}
