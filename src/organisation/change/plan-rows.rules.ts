import type {
  Capacity,
  PostFacts,
  PostStatus,
  TaskFacts,
  Thing,
  UnitFacts,
  Version,
} from '../plan/plan.rules.ts';

// Rows of the plan as the database gives them, and how they become things with versions.

interface Row {
  readonly id: string;
  readonly valid_from: string;
  readonly valid_until: string | null;
}
export interface Identity {
  readonly id: string;
  readonly code: string;
}
export interface WrittenUnitRow extends Row, Omit<UnitFacts, 'parentCode'> {
  readonly thing_id: string;
  readonly parent_id: string | null;
}
export interface PostRow extends Row {
  readonly thing_id: string;
  readonly unit_id: string;
  readonly function: string;
  readonly is_management: boolean;
  readonly fte: number | null;
  readonly status: PostStatus;
}
export interface HolderRow extends Row {
  readonly post_id: string;
  readonly person_id: string;
  readonly capacity: Capacity;
}
export interface TaskRow extends Row {
  readonly ref: string;
  readonly unit_id: string;
  readonly task: string;
  readonly post_id: string | null;
  readonly deputy_post_id: string | null;
  readonly edition: string;
}

const version = <F>({ id, valid_from, valid_until }: Row, facts: F): Version<F> => ({
  id,
  from: valid_from,
  until: valid_until,
  facts,
});

export function things<R extends Row, F>(
  identities: readonly Identity[],
  rows: readonly R[],
  read: (row: R) => [thingId: string, facts: F],
): Map<string, Thing<F>> {
  const byId = new Map(identities.map(({ id, code }) => [id, { id, code, versions: [] as Version<F>[] }]));
  for (const row of rows) {
    const [thingId, facts] = read(row);
    byId.get(thingId)!.versions.push(version(row, facts));
  }
  return new Map([...byId.values()].map((thing) => [thing.code, thing]));
}

/** Holders and tasks are nothing but their versions; the first one's id stands for the thing. */
export function thingsByCode<R extends Row, F>(
  rows: readonly R[],
  read: (row: R) => [code: string, facts: F],
) {
  const found = new Map<string, Thing<F> & { versions: Version<F>[] }>();
  for (const row of rows) {
    const [code, facts] = read(row);
    const thing = found.get(code) ?? { id: row.id, code, versions: [] };
    thing.versions.push(version(row, facts));
    found.set(code, thing);
  }
  return found;
}

type CodeOf = <T extends string | null>(id: T) => T;

// The properties stand in the order in which files give them: facts are compared as text.
export const unitFacts = (
  { name, parent_id, level, kind, tags, headcount }: WrittenUnitRow,
  code: CodeOf,
): UnitFacts => ({
  name,
  parentCode: code(parent_id),
  level,
  kind,
  tags,
  headcount,
});
export const postFacts = (row: PostRow, code: CodeOf): PostFacts => ({
  unitCode: code(row.unit_id),
  function: row.function,
  isManagement: row.is_management,
  fte: row.fte,
  status: row.status,
});
export const taskFacts = (row: TaskRow, code: CodeOf): TaskFacts => ({
  unitCode: code(row.unit_id),
  task: row.task,
  postNo: code(row.post_id),
  deputyPostNo: code(row.deputy_post_id),
  edition: row.edition,
});
