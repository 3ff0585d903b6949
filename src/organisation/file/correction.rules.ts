import { fault, type ImportFault } from '../plan/import-fault.rules.ts';
import type { Reading } from './plan-file.rules.ts';
import type { Judged, Level, Part, Plan, Stated, StatedUnit, Statement, Thing } from '../plan/plan.rules.ts';

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
  const isOpen = (field: string) => (correction[field as Judged] ?? null) === null;
  const { proposed, unstated } = unit;
  return {
    ...unit,
    facts,
    ...(proposed && { proposed: proposed.filter(isOpen) }),
    ...(unstated && { unstated: unstated.filter(isOpen) }),
  };
}

/**
 * What was only proposed, or has no column in the table, gives way to what is known: a later version of a chart moves and
 * renames units but does not undo how they were classified, and a short table empties no field.
 */
export function keepKnown(statement: Statement, plan: Plan): Statement {
  const { units, posts, tasks } = statement;
  return {
    ...statement,
    ...(units && { units: keptPart(units, plan.units) }),
    ...(posts && { posts: keptPart(posts, plan.posts) }),
    ...(tasks && { tasks: keptPart(tasks, plan.tasks) }),
  };
}

function keptPart<F extends object, S extends Stated<F> & { readonly proposed?: readonly string[] }>(
  part: Part<S>,
  known: ReadonlyMap<string, Thing<F>>,
): Part<S> {
  const rows = part.rows.map((row): S => {
    const open = [...(row.proposed ?? []), ...(row.unstated ?? [])];
    const before = open.length ? known.get(row.code)?.versions.at(-1)?.facts : undefined;
    if (!before) return row;
    const kept = Object.fromEntries(open.map((field) => [field, before[field as keyof F]]));
    return { ...row, facts: { ...row.facts, ...kept } };
  });
  return { ...part, rows };
}
