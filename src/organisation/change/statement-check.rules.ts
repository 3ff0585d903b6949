import { isBlank } from '../../platform/bare.ts';
import { fault, place, type ImportFault, type FilePosition } from '../plan/import-fault.rules.ts';
import type { Plan, Stated, Statement, UnitFacts } from '../plan/plan.rules.ts';
import { overlap } from '../plan/timeline.rules.ts';

/** What is wrong with a statement before it is compared: kinds nobody knows, things named twice. */
export function faultsOfStatement(
  statement: Statement,
  kinds: ReadonlySet<string>,
  minimumShown: number,
): ImportFault[] {
  const units = statement.units?.rows ?? [];
  return [
    ...units.flatMap(({ code, facts, at }) => [
      ...(kinds.has(facts.kind)
        ? []
        : [fault('UNKNOWN_KIND', { ...at, field: 'kind' }, facts.kind, [...kinds].join(', '))]),
      ...(facts.headcount !== null && facts.headcount < minimumShown
        ? [fault('SMALL_UNIT', at, code, String(minimumShown))]
        : []),
      ...faultsOfFacts(facts, at),
    ]),
    ...[statement.units, statement.posts, statement.holders, statement.tasks].flatMap((part) => [
      ...twice(part?.rows ?? []),
      ...invisible(part?.rows ?? []),
    ]),
  ];
}

/** Units said to come from units that never were. */
export function unknownPredecessors(statement: Statement, { units }: Plan): ImportFault[] {
  return (statement.units?.rows ?? []).flatMap(({ at, predecessorCodes }) =>
    predecessorCodes
      .filter((code) => !units.has(code))
      .map((code) => fault('UNKNOWN_UNIT', { ...at, field: 'predecessorCodes' }, code)),
  );
}

/** Bounds that files keep by how they are read, corrections and changes by hand only here. */
function faultsOfFacts({ name, tags, headcount }: UnitFacts, at: FilePosition): ImportFault[] {
  const bad = (field: string, what: string, right: string) =>
    fault('BAD_VALUE', { ...at, field }, what, right);
  return [
    ...(isBlank(name) ? [fault('MISSING_VALUE', { ...at, field: 'name' }, 'name')] : []),
    ...(tags.some(isBlank) ? [fault('MISSING_VALUE', { ...at, field: 'tags' }, 'tags')] : []),
    ...(tags.length > 20 ? [bad('tags', String(tags.length), '≤ 20')] : []),
    ...(headcount !== null && (headcount < 0 || headcount > 100_000)
      ? [bad('headcount', String(headcount), '0–100000')]
      : []),
  ];
}

/** A code that looks like another one must not be another one. */
function invisible(rows: readonly Stated<unknown>[]): ImportFault[] {
  return rows.flatMap(({ code, at }) => {
    const [sign] = /[^\P{C}\n\t]|[\u115f\u1160\u2800\u3164\uffa0]/u.exec(code) ?? [];
    const point = sign && `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    return point ? [fault('INVISIBLE_SIGN', at, code.replaceAll(sign, '·'), point)] : [];
  });
}

/** One thing may be named several times for periods that follow one another, else it is named twice. */
function twice(rows: readonly Stated<unknown>[]): ImportFault[] {
  return [...Map.groupBy(rows, ({ code }) => code).values()].flatMap((same) =>
    same.flatMap((row, index) => {
      const other = same.slice(0, index).find((earlier) => overlap(spanOf(earlier), spanOf(row)));
      if (!other) return [];
      const dated = row.from && other.from;
      return [fault(dated ? 'OVERLAPPING_PERIODS' : 'DUPLICATE', row.at, row.code, place(other.at))];
    }),
  );
}
const spanOf = ({ from, until }: Stated<unknown>) => ({ from: from ?? '0001-01-01', until });
