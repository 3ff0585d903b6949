import { readOrganigramm } from './organigramm.rules.ts';
import { planFormats, readPlanFile, type Reading } from './plan-file.rules.ts';
import type { Statement } from '../plan/plan.rules.ts';

/** What an uploaded file says of the plan; undefined for formats that say nothing of it. */
export function readUpload(format: string, bytes: Uint8Array, fileName: string): Reading | undefined {
  if (format === 'organigramm.json') return readOrganigramm(bytes, fileName);
  const table = planFormats.find((known) => known === format);
  return table && readPlanFile(table, bytes, fileName);
}

const parts = ['units', 'posts', 'holders', 'tasks'] as const;

/** Several files are one statement. A part is complete when one of its files is, unless HR keeps what is missing. */
export function merged(readings: readonly Reading[], missing: 'END' | 'KEEP'): Reading {
  const statement = Object.fromEntries(
    parts.flatMap((part) => {
      const said = readings.flatMap((reading) => reading.statement[part] ?? []);
      if (!said.length) return [];
      const complete = missing === 'END' && said.some((one) => one.complete);
      return [[part, { rows: said.flatMap((one): readonly unknown[] => one.rows), complete }]];
    }),
  ) as Statement;
  const persons = readings.flatMap((reading) => reading.statement.persons ?? []);
  return { statement: { ...statement, persons }, faults: readings.flatMap(({ faults }) => faults) };
}
