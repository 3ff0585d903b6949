import { fault, type ImportFault } from '../plan/import-fault.rules.ts';
import type { HoldersPart, Statement } from '../plan/plan.rules.ts';
import { readOrganigramm } from './organigramm.rules.ts';
import { planFormats } from './plan-columns.rules.ts';
import { readPlanFile, type Reading } from './plan-file.rules.ts';

export interface UploadedBytes {
  readonly format: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** What an uploaded file says of the plan; undefined for formats that say nothing of it. */
export function readUpload(file: UploadedBytes, chartTop?: string | null): Reading | undefined {
  if (file.format === 'organigramm.json') return readOrganigramm(file.bytes, file.fileName, chartTop);
  const table = planFormats.find((known) => known === file.format);
  return table && readPlanFile(table, file.bytes, file.fileName);
}

const parts = ['units', 'posts', 'holders', 'tasks'] as const;

/** Several files are one statement. A part is complete when one of its files is, unless HR keeps what is missing. */
export function merged(readings: readonly Reading[], missing: 'END' | 'KEEP'): Reading {
  const { readings: agreed, faults } = withTablesWinning(readings, missing);
  const statement = Object.fromEntries(
    parts.flatMap((part) => {
      const said = agreed.flatMap((reading) => reading.statement[part] ?? []);
      if (!said.length) return [];
      const complete = missing === 'END' && said.some((one) => one.complete);
      return [[part, { rows: said.flatMap((one): readonly unknown[] => one.rows), complete }]];
    }),
  ) as Statement;
  const settledPosts = new Set(
    agreed.flatMap(({ statement: { holders } }) => [...(holders?.settledPosts ?? [])]),
  );
  const persons = agreed.flatMap((reading) => reading.statement.persons ?? []);
  return {
    statement: {
      ...statement,
      ...(statement.holders && { holders: { ...statement.holders, settledPosts } }),
      persons,
    },
    faults: [...readings.flatMap((reading) => reading.faults), ...faults],
  };
}

/**
 * A chart names persons by its own keys, a table by HR's: of a post that both speak of the table holds, and where the
 * table is the whole list, of all posts.
 */
function withTablesWinning(readings: readonly Reading[], missing: 'END' | 'KEEP') {
  const tables = readings.flatMap(({ statement: { holders } }) =>
    holders && !holders.settledPosts ? holders : [],
  );
  const [first] = tables.flatMap(({ rows }) => rows);
  const faults: ImportFault[] = [];
  if (!first) return { readings, faults };
  const stated = new Set(tables.flatMap(({ rows }) => rows.map(({ facts }) => facts.postNo)));
  const isWhole = missing === 'END' && tables.some(({ complete }) => complete);
  const wins = (postNo: string) => isWhole || stated.has(postNo);
  const agreed = readings.map((reading): Reading => {
    const { holders, persons } = reading.statement;
    if (!holders?.settledPosts) return reading;
    const yielding = holders.rows.filter(({ facts }) => wins(facts.postNo));
    if (yielding.length) {
      const names = namesOf(yielding, persons ?? []);
      faults.push(fault('TABLE_WINS', { file: yielding[0]!.at.file }, names, first.at.file));
    }
    const rows = holders.rows.filter(({ facts }) => !wins(facts.postNo));
    const kept: HoldersPart = {
      rows,
      complete: false,
      settledPosts: new Set([...holders.settledPosts].filter((postNo) => !wins(postNo))),
    };
    const named = new Set(rows.map(({ facts }) => facts.personKey));
    return {
      ...reading,
      statement: {
        ...reading.statement,
        holders: kept,
        persons: (persons ?? []).filter(({ personKey }) => named.has(personKey)),
      },
    };
  });
  return { readings: agreed, faults };
}

const namesOf = (rows: HoldersPart['rows'], persons: NonNullable<Statement['persons']>): string => {
  const names = new Map(persons.map((person) => [person.personKey, person.displayName]));
  return rows.map(({ facts }) => names.get(facts.personKey) ?? facts.personKey).join(', ');
};
