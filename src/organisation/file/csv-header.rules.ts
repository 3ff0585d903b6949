import { fault, faultOfText, type ImportFault } from '../plan/import-fault.rules.ts';

/** The columns of a table, by this program's names. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What a table's header calls a column, folded by `folded`, to its name here. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** The row that names the columns. */
export interface Header {
  readonly index: number;
  readonly line: number;
  /** What stands above it, a title for instance. */
  readonly above: readonly string[];
  readonly names: readonly string[];
  /** For each name the column it stands for, if any. */
  readonly columns: readonly (string | undefined)[];
}

const mostTitleLines = 20;

/** A header's name without what differs between systems: case, blanks, dots, hyphens, brackets. */
export const folded = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The first row that has all required columns; where none has, the first of several fields, so that it can be said. */
export function headerOf(
  records: readonly { readonly fields: readonly string[]; readonly line: number }[],
  columns: Columns,
): Header {
  const candidates = records.slice(0, mostTitleLines).map(({ fields, line }, index): Header => {
    const above = records.slice(0, index).flatMap((record) => record.fields.filter(Boolean));
    return { index, line, above, ...namedBy(fields, columns) };
  });
  return (
    candidates.find((header) => columns.required.every((name) => header.columns.includes(name))) ??
    candidates.find(({ names }) => names.filter(Boolean).length > 1) ??
    candidates[0]!
  );
}

/** The columns that a row of names stands for; names that end in separators only are cut off. */
function namedBy(fields: readonly string[], { required, optional, aliases }: Columns) {
  const names = fields.slice(0, fields.findLastIndex(Boolean) + 1);
  const own = new Map([...required, ...optional].map((name) => [folded(name), name]));
  return { names, columns: names.map((name) => own.get(folded(name)) ?? aliases.get(folded(name))) };
}

export function faultsOfHeader(header: Header, file: string, columns: Columns): ImportFault[] {
  const { names, columns: meant, line, above } = header;
  const missing = columns.required.filter((name) => !meant.includes(name));
  const there = names.filter((_, at) => meant[at] === undefined).join(', ');
  return [
    ...missing.map((name) => fault('MISSING_COLUMN', { file, line, field: name }, name, there.slice(0, 200))),
    ...names.flatMap((name, at) => {
      const spot = { file, line, column: at + 1, field: name.slice(0, 80) };
      const bad = faultOfText(name, spot);
      if (bad) return [bad];
      const column = meant[at];
      // Without the required columns every other fault would mislead.
      if (column === undefined) return missing.length ? [] : [fault('UNKNOWN_COLUMN', spot, name)];
      const first = meant.indexOf(column);
      return first < at ? [fault('COLUMN_TWICE', spot, name, names[first]!)] : [];
    }),
    ...(above.length && !missing.length
      ? [fault('LINES_ABOVE_HEADER', { file, line: 1 }, above.join(' '), String(line))]
      : []),
  ];
}
