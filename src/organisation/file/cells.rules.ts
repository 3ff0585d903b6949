import { isDay, plusDays } from '../../platform/bare.ts';
import { fault, type ImportFault } from '../plan/import-fault.rules.ts';
import { isEmpty } from '../plan/timeline.rules.ts';
import { folded } from './csv-header.rules.ts';
import type { CsvRow } from './csv.rules.ts';

/** What tables write for a value; compared `folded`. The first of each line is the value itself. */
const meanings: readonly (readonly string[])[] = [
  ['TRUE', 'ja', 'j', 'yes', 'y', 'wahr', '1', 'x'],
  ['FALSE', 'nein', 'n', 'no', 'falsch', '0', ''],
  ['FILLED', 'besetzt', 'belegt'],
  ['VACANT', 'unbesetzt', 'vakant', 'frei', 'offen', 'N.N.', 'nicht besetzt'],
  ['BLOCKED', 'gesperrt', 'Sperre'],
  ['HOLDER', 'Inhaber', 'Inhaberin', 'Inhaber:in', 'Stelleninhaber', 'Stelleninhaberin', 'Stelleninhaber:in'],
  [
    'DEPUTY',
    'Vertretung',
    'Stellvertretung',
    'Vertreter',
    'Vertreterin',
    'Stellvertreter',
    'Stellvertreterin',
  ],
  ['INTERIM', 'kommissarisch', 'kommissarische Leitung'],
];
const meaningOf = new Map(
  meanings.flatMap((words) => words.map((word) => [folded(word), words[0]!] as const)),
);
const booleans = ['TRUE', 'FALSE'] as const;

/** One row's cells as values; what does not fit is noted and replaced by something harmless. */
export class Cells {
  readonly #row: CsvRow;
  readonly #columns: ReadonlySet<string>;
  readonly #faults: ImportFault[];
  readonly #noted = new Set<string>();

  constructor(row: CsvRow, columns: ReadonlySet<string>, faults: ImportFault[]) {
    this.#row = row;
    this.#columns = columns;
    this.#faults = faults;
  }

  /** Those of the columns that the table does not have: it says nothing of them. */
  without(...columns: string[]): string[] {
    return columns.filter((column) => !this.#columns.has(column));
  }

  spot(column: string) {
    return this.#row.spot(column);
  }

  #note(code: Parameters<typeof fault>[0], column: string, what: string, more = ''): void {
    if (this.#noted.has(column)) return;
    this.#noted.add(column);
    this.#faults.push(fault(code, this.#row.spot(column), what, more));
  }

  text(column: string, longest: number): string {
    const value = this.#row.get(column);
    if (!value) this.#note('MISSING_VALUE', column, column);
    if (value.length > longest) this.#note('BAD_VALUE', column, value, `≤ ${longest}`);
    return value.slice(0, longest);
  }

  code(column: string): string {
    return this.text(column, 60);
  }

  optional(column: string): string | null {
    const value = this.#row.get(column);
    if (value.length > 200) this.#note('BAD_VALUE', column, value, '≤ 200');
    return value.slice(0, 200) || null;
  }

  list(column: string, separator: RegExp): string[] {
    const parts = this.#row
      .get(column)
      .split(separator)
      .map((part) => part.trim())
      .filter(Boolean);
    if (parts.length > 20 || parts.some((part) => part.length > 60))
      this.#note('BAD_VALUE', column, parts.join(' '), '≤ 20');
    return [...new Set(parts)].slice(0, 20);
  }

  oneOf<T extends string>(column: string, values: readonly T[], otherwise?: T): T {
    const value = this.#row.get(column);
    const meant = meaningOf.get(folded(value)) ?? value.toUpperCase();
    const known = values.find((candidate) => candidate === meant) ?? (value ? undefined : otherwise);
    if (!known) this.#note(value ? 'BAD_VALUE' : 'MISSING_VALUE', column, value || column, values.join(', '));
    return known ?? values[0]!;
  }

  yes(column: string): boolean {
    const value = this.#row.get(column);
    const meant = booleans.find((one) => one === meaningOf.get(folded(value)));
    if (!meant) this.#note('BAD_VALUE', column, value, 'ja, nein');
    return meant === 'TRUE';
  }

  number(column: string, least: number, most: number): number | null {
    const value = this.#row.get(column);
    if (!value) return null;
    const number = /^\d{1,6}([.,]\d{1,2})?$/.test(value) ? Number(value.replace(',', '.')) : NaN;
    if (number >= least && number <= most && (least > 0 || Number.isInteger(number))) return number;
    this.#note('BAD_VALUE', column, value, `${least}–${most}`);
    return null;
  }

  /** First and last day as the file has them, as a period whose end no longer counts. */
  period(first: string, last: string): { from: string | null; until: string | null } {
    const from = this.#day(first);
    const until = this.#day(last, isForever);
    // Periods in files name their last day, ours the first day that no longer counts.
    const span = { from: from ?? '0001-01-01', until: until && plusDays(until, 1) };
    if (isEmpty(span)) this.#note('BAD_PERIOD', last, from ?? '', until ?? '');
    return { from, until: span.until };
  }

  #day(column: string, isNone: (day: string) => boolean = () => false): string | null {
    const value = this.#row.get(column);
    if (!value || /^[0.-]+$/.test(value)) return null; // 00.00.0000, as SAP writes an empty day
    const day = value
      .replace(/[ T]00?:00(:00)?(\.0+)?Z?$/, '') // the midnight that spreadsheets add to a day
      .replace(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, (_, d: string, m: string, y: string) =>
        [y, m.padStart(2, '0'), d.padStart(2, '0')].join('-'),
      );
    if (isNone(day)) return null;
    if (/^(19|20|21)/.test(day) && isDay(day)) return day;
    this.#note('BAD_DATE', column, value);
    return null;
  }
}

/** How HR systems write an open end. */
const isForever = (day: string): boolean => day === '9999-12-31';
