import { isDay, plusDays } from '../../platform/index.ts';
import { readCsv, type Columns, type CsvRow } from './csv.rules.ts';
import { fault, type ImportFault } from '../plan/import-fault.rules.ts';
import {
  capacities,
  holderCode,
  levels,
  postStatuses,
  type HolderFacts,
  type PersonNamed,
  type PostFacts,
  type Stated,
  type Statement,
  type StatedUnit,
  type TaskFacts,
} from '../plan/plan.rules.ts';
import { isEmpty } from '../plan/timeline.rules.ts';

/** What a file says, and what is wrong with it. */
export interface Reading {
  readonly statement: Statement;
  readonly faults: readonly ImportFault[];
}

/** The tables that HR hands in. Source: Konzept §6.4; `headcount` comes with the units. */
export const planFormats = ['units.csv', 'posts.csv', 'holders.csv', 'gvp.csv'] as const;
export type PlanFormat = (typeof planFormats)[number];

const columns: Record<PlanFormat, Columns> = {
  'units.csv': {
    required: ['code', 'name', 'parentCode', 'level', 'kind'],
    optional: ['tags', 'headcount', 'validFrom', 'validTo', 'predecessorCodes'],
  },
  'posts.csv': {
    required: ['postNo', 'unitCode', 'function', 'isManagement'],
    optional: ['fte', 'status', 'validFrom', 'validTo'],
  },
  'holders.csv': {
    required: ['postNo', 'personKey', 'displayName', 'type'],
    optional: ['mail', 'from', 'to'],
  },
  'gvp.csv': { required: ['gvpRef', 'unitCode', 'task', 'postNo'], optional: ['deputyPostNo', 'version'] },
};

/** Reads one table of the plan. It speaks for its whole part: what it does not name ends, unless HR says otherwise. */
export function readPlanFile(format: PlanFormat, bytes: Uint8Array, file: string): Reading {
  const table = readCsv(bytes, file, columns[format]);
  const faults = [...table.faults];
  const cells = table.rows.map((row) => new Cells(row, faults));
  const statement = statements[format](cells);
  return { statement: table.rows.length ? statement : {}, faults };
}

const statements: Record<PlanFormat, (rows: readonly Cells[]) => Statement> = {
  'units.csv': (rows) => ({ units: { rows: rows.map(unit), complete: true } }),
  'posts.csv': (rows) => ({ posts: { rows: rows.map(post), complete: true } }),
  'holders.csv': (rows) => ({
    holders: { rows: rows.map(holder), complete: true },
    persons: rows.map(person),
  }),
  'gvp.csv': (rows) => ({ tasks: { rows: rows.map(task), complete: true } }),
};

const unit = (row: Cells): StatedUnit => ({
  code: row.code('code'),
  facts: {
    name: row.text('name', 200),
    parentCode: row.optional('parentCode'),
    level: row.oneOf('level', levels),
    kind: row.text('kind', 20).toUpperCase(),
    tags: row.list('tags', /[\s,|]+/).map((tag) => tag.toUpperCase()),
    headcount: row.number('headcount', 0, 100_000),
  },
  ...row.period('validFrom', 'validTo'),
  predecessorCodes: row.list('predecessorCodes', /[,|]/),
  at: row.spot('code'),
});

const post = (row: Cells): Stated<PostFacts> => ({
  code: row.code('postNo'),
  facts: {
    unitCode: row.text('unitCode', 60),
    function: row.text('function', 200),
    isManagement: row.yes('isManagement'),
    fte: row.number('fte', 0.01, 9.99),
    status: row.oneOf('status', postStatuses, 'FILLED'),
  },
  ...row.period('validFrom', 'validTo'),
  at: row.spot('postNo'),
});

function holder(row: Cells): Stated<HolderFacts> {
  const facts = {
    postNo: row.code('postNo'),
    personKey: row.code('personKey'),
    as: row.oneOf('type', capacities),
  };
  return { code: holderCode(facts), facts, ...row.period('from', 'to'), at: row.spot('postNo') };
}

const person = (row: Cells): PersonNamed => ({
  personKey: row.code('personKey'),
  displayName: row.text('displayName', 200),
  mail: row.optional('mail'),
});

const task = (row: Cells): Stated<TaskFacts> => ({
  code: row.code('gvpRef'),
  facts: {
    unitCode: row.text('unitCode', 60),
    task: row.text('task', 2000),
    postNo: row.optional('postNo'),
    deputyPostNo: row.optional('deputyPostNo'),
    edition: row.optional('version') ?? '',
  },
  from: null,
  until: null,
  at: row.spot('gvpRef'),
});

const yes = new Set(['true', 'ja', 'yes', '1', 'x']);
const no = new Set(['false', 'nein', 'no', '0', '']);

/** One row's cells as values; what does not fit is noted and replaced by something harmless. */
class Cells {
  readonly #row: CsvRow;
  readonly #faults: ImportFault[];
  readonly #noted = new Set<string>();

  constructor(row: CsvRow, faults: ImportFault[]) {
    this.#row = row;
    this.#faults = faults;
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
    const value = this.#row.get(column).toUpperCase();
    const known = values.find((candidate) => candidate === value) ?? (value ? undefined : otherwise);
    if (!known) this.#note(value ? 'BAD_VALUE' : 'MISSING_VALUE', column, value || column, values.join(', '));
    return known ?? values[0]!;
  }

  yes(column: string): boolean {
    const value = this.#row.get(column).toLowerCase();
    if (!yes.has(value) && !no.has(value)) this.#note('BAD_VALUE', column, value, 'true, false');
    return yes.has(value);
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
    const until = this.#day(last);
    // Periods in files name their last day, ours the first day that no longer counts.
    const span = { from: from ?? '0001-01-01', until: until && plusDays(until, 1) };
    if (isEmpty(span)) this.#note('BAD_PERIOD', last, from ?? '', until ?? '');
    return { from, until: span.until };
  }

  #day(column: string): string | null {
    const value = this.#row.get(column);
    if (!value) return null;
    const day = value.replace(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, (_, d: string, m: string, y: string) =>
      [y, m.padStart(2, '0'), d.padStart(2, '0')].join('-'),
    );
    if (/^(19|20|21)/.test(day) && isDay(day)) return day;
    this.#note('BAD_DATE', column, value);
    return null;
  }
}
