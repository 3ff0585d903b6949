import type { PlanChange, ThingChange } from './plan-change.rules.ts';
import type { PersonNamed, Version } from '../plan/plan.rules.ts';

export type Subject = 'UNIT' | 'POST' | 'HOLDER' | 'TASK' | 'PERSON';

/** One line of a dry run. */
export interface Difference {
  readonly subject: Subject;
  readonly change: 'ADDED' | 'CHANGED' | 'MOVED' | 'ENDED';
  readonly code: string;
  /** The unit's name, the post's function, the holder's post and capacity, the task. */
  readonly name: string;
  /** The first day on which it is so. */
  readonly from: string;
  readonly fields: readonly FieldDifference[];
}

export interface FieldDifference {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** All differences of a change, in the order of its parts. */
export function differencesOf(change: PlanChange): Difference[] {
  return [
    ...change.units.map((one) => difference('UNIT', one, ({ name }) => name, 'parentCode')),
    ...change.posts.map((one) => difference('POST', one, (post) => post.function, 'unitCode')),
    ...change.holders.map((one) => difference('HOLDER', one, ({ postNo, as }) => `${postNo} · ${as}`)),
    ...change.tasks.map((one) => difference('TASK', one, ({ task }) => task.slice(0, 200))),
  ];
}

/** Persons at posts whose name or address changes. The register keeps no history of names. */
export function differencesOfPersons(
  known: ReadonlyMap<string, PersonNamed>,
  stated: readonly PersonNamed[],
  day: string,
): Difference[] {
  return [...new Map(stated.map((person) => [person.personKey, person])).values()].flatMap((person) => {
    const before = known.get(person.personKey);
    if (!before) return [];
    const fields = [
      { field: 'displayName', before: before.displayName, after: person.displayName },
      { field: 'mail', before: text(before.mail), after: person.mail ?? text(before.mail) },
    ].filter((one) => one.before !== one.after);
    if (!fields.length) return [];
    return [
      {
        subject: 'PERSON',
        change: 'CHANGED',
        code: person.personKey,
        name: person.displayName,
        from: day,
        fields,
      },
    ];
  });
}

function difference<F extends object>(
  subject: Subject,
  { thing, insert, after }: ThingChange<F>,
  nameOf: (facts: F) => string,
  seat?: keyof F & string,
): Difference {
  const before = thing.versions;
  const latest = (insert.at(-1) ?? after.at(-1) ?? before.at(-1))!;
  const common = { subject, code: thing.code, name: nameOf(latest.facts) };
  if (!before.length) return { ...common, change: 'ADDED', from: insert[0]!.from, fields: [] };

  const changed = insert.map((piece) => ({ from: piece.from, fields: fieldsOf(before, piece) }));
  const fields = changed.flatMap((piece) => piece.fields);
  if (!fields.length) {
    const end = after.at(-1)?.until ?? null;
    const wasOpenLonger = (before.at(-1)!.until ?? '9999') > (end ?? '9999');
    if (!after.length || (end && wasOpenLonger))
      return { ...common, change: 'ENDED', from: end ?? before[0]!.from, fields: [] };
    return { ...common, change: 'CHANGED', from: latest.from, fields: periodFields(before, after) };
  }
  const change = fields.some(({ field }) => field === seat) ? 'MOVED' : 'CHANGED';
  return { ...common, change, from: changed.find((piece) => piece.fields.length)!.from, fields };
}

const text = (value: unknown): string =>
  Array.isArray(value)
    ? value.join(' ')
    : value === null || value === undefined
      ? ''
      : `${value as string | number | boolean}`;
const versionAt = <F>(versions: readonly Version<F>[], day: string) =>
  versions.find(({ from, until }) => from <= day && (until === null || until > day)) ?? versions.at(-1)!;

/** The fields that differ between a new piece and the version that stood on its first day. */
function fieldsOf<F extends object>(before: readonly Version<F>[], piece: Version<F>): FieldDifference[] {
  const old = versionAt(before, piece.from).facts;
  return (Object.keys(piece.facts) as (keyof F & string)[])
    .filter((field) => text(old[field]) !== text(piece.facts[field]))
    .map((field) => ({ field, before: text(old[field]), after: text(piece.facts[field]) }));
}

function periodFields<F>(before: readonly Version<F>[], after: readonly Version<F>[]): FieldDifference[] {
  const first = { field: 'validFrom', before: before[0]!.from, after: after[0]!.from };
  const last = { field: 'validUntil', before: text(before.at(-1)!.until), after: text(after.at(-1)!.until) };
  return [first, last].filter((one) => one.before !== one.after);
}
