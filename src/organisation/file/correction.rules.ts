import { fault, type ImportFault } from '../plan/import-fault.rules.ts';
import type { Reading } from './plan-file.rules.ts';
import type { Level, Plan, StatedUnit, Statement } from '../plan/plan.rules.ts';

/** What HR says of a unit instead of what the file says or the rule proposed; what is left out stays. */
export interface Correction {
  readonly code: string;
  readonly level?: Level | null | undefined;
  readonly kind?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly headcount?: number | null | undefined;
}

/** Puts corrections into what was read. One that meets no unit is a fault: it was meant for another file. */
export function applyCorrections(
  { statement, faults }: Reading,
  corrections: readonly Correction[],
): Reading {
  if (!corrections.length) return { statement, faults };
  const rows = statement.units?.rows ?? [];
  const byCode = new Map(corrections.map((correction) => [correction.code, correction]));
  const read = new Set(rows.map(({ code }) => code));
  const missed = corrections.flatMap(({ code }, index): ImportFault[] =>
    read.has(code)
      ? []
      : [fault('UNKNOWN_UNIT', { file: 'corrections', field: `corrections[${index}].code` }, code)],
  );
  const units = rows.map((unit) => corrected(unit, byCode.get(unit.code)));
  return {
    statement: { ...statement, ...(statement.units && { units: { ...statement.units, rows: units } }) },
    faults: [...faults, ...missed],
  };
}

function corrected(unit: StatedUnit, correction: Correction | undefined): StatedUnit {
  if (!correction) return unit;
  const { level, kind, tags, headcount } = unit.facts;
  const facts = {
    ...unit.facts,
    level: correction.level ?? level,
    kind: correction.kind ?? kind,
    tags: correction.tags ?? tags,
    headcount: correction.headcount ?? headcount,
  };
  const proposed = unit.proposed?.filter((field) => (correction[field] ?? null) === null);
  return { ...unit, facts, ...(proposed && { proposed }) };
}

/**
 * What was only proposed gives way to what is known, so a later version of a chart moves and renames units but does not
 * undo how they were classified.
 */
export function keepJudgements(statement: Statement, plan: Plan): Statement {
  if (!statement.units?.rows.some(({ proposed }) => proposed?.length)) return statement;
  const rows = statement.units.rows.map((unit): StatedUnit => {
    const known = plan.units.get(unit.code)?.versions.at(-1)?.facts;
    if (!known || !unit.proposed) return unit;
    const kept = Object.fromEntries(unit.proposed.map((field) => [field, known[field]]));
    return { ...unit, facts: { ...unit.facts, ...kept } };
  });
  return { ...statement, units: { ...statement.units, rows } };
}
