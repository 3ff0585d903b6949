import { Cells } from './cells.rules.ts';
import { readCsv } from './csv.rules.ts';
import { columnsOf, type HeaderMapping, type PlanFormat } from './plan-columns.rules.ts';
import type { ImportFault } from '../plan/import-fault.rules.ts';
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

/** What a file says, and what is wrong with it. */
export interface Reading {
  readonly statement: Statement;
  readonly faults: readonly ImportFault[];
}

/** Reads one table of the plan. It speaks for its whole part: what it does not name ends, unless HR says otherwise. */
export function readPlanFile(
  format: PlanFormat,
  bytes: Uint8Array,
  file: string,
  headers: HeaderMapping = new Map(),
): Reading {
  const table = readCsv(bytes, file, columnsOf(format, headers));
  const faults = [...table.faults];
  const cells = table.rows.map((row) => new Cells(row, table.columns, faults));
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
  unstated: row.without('tags', 'headcount'),
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
  unstated: row.without('fte', 'status'),
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
  unstated: [...row.without('deputyPostNo'), ...row.without('version').map(() => 'edition')],
  at: row.spot('gvpRef'),
});
