import { Injectable } from '@nestjs/common';
import { Persons } from '../identity/index.ts';
import type { Db, Tx } from '../platform/index.ts';
import type { PlanChange, ThingChange } from './plan-change.rules.ts';
import * as sql from './plan.queries.ts';
import {
  holderCode,
  type Capacity,
  type HolderFacts,
  type Level,
  type PersonNamed,
  type Plan,
  type PostFacts,
  type PostStatus,
  type StatedUnit,
  type TaskFacts,
  type Thing,
  type UnitFacts,
  type Version,
} from './plan.rules.ts';

interface Row {
  readonly id: string | null;
  readonly valid_from: string;
  readonly valid_until: string | null;
}
type UnitRow = Row & { thing_id: string; code: string; name: string; parent_code: string | null; level: Level; kind: string; tags: string[]; headcount: number | null }; // prettier-ignore
type PostRow = Row & { thing_id: string; code: string; unit_code: string; function: string; is_management: boolean; fte: number | null; status: PostStatus }; // prettier-ignore
type HolderRow = Row & { post_no: string; person_id: string; capacity: Capacity };
type TaskRow = Row & { ref: string; unit_code: string; task: string; post_no: string | null; deputy_post_no: string | null; edition: string }; // prettier-ignore

/** Reads the plan as it stands and writes what changes, each table in one statement. */
@Injectable()
export class PlanStore {
  readonly #persons: Persons;

  constructor(persons: Persons) {
    this.#persons = persons;
  }

  async load(db: Db): Promise<Plan> {
    const units = await db.call<UnitRow>(sql.standingUnits);
    const posts = await db.call<PostRow>(sql.standingPosts);
    const holders = await db.call<HolderRow>(sql.standingHolders);
    const tasks = await db.call<TaskRow>(sql.standingTasks);
    const people = await this.#persons.records(db, [...new Set(holders.map(({ person_id }) => person_id))]);
    const keyed = holders.map((row) => {
      const facts = {
        postNo: row.post_no,
        personKey: people.get(row.person_id)!.personKey,
        as: row.capacity,
      };
      return { ...row, facts, thing_id: row.id!, code: holderCode(facts) };
    });
    return {
      units: things(units, unitFacts),
      posts: things(posts, postFacts),
      holders: things(keyed, (row): HolderFacts => row.facts),
      tasks: things(
        tasks.map((row) => ({ ...row, thing_id: row.id!, code: row.ref })),
        taskFacts,
      ),
      persons: new Map(
        [...people.values()].map((one) => [one.personKey, { ...one, mail: one.mail ?? null }]),
      ),
    };
  }

  /** Writes a change that was found faultless. Retracted before written, so that no day is told twice. */
  async write(
    tx: Tx,
    change: PlanChange,
    persons: readonly PersonNamed[],
    units: readonly StatedUnit[],
  ): Promise<void> {
    const idOf = (things: ReadonlyMap<string, Thing<unknown>>, code: string | null) =>
      code === null ? null : things.get(code)!.id;
    const { after } = change;
    await insert(tx, sql.addUnits, added(change.units));
    await retract(tx, sql.retractUnitVersions, change.units);
    await insert(tx, sql.addUnitVersions, versions(change.units, (unit, { parentCode, ...facts }) => ({
      unit_id: unit, parent_id: idOf(after.units, parentCode), ...facts }))); // prettier-ignore
    await insert(tx, sql.addPosts, added(change.posts));
    await retract(tx, sql.retractPostVersions, change.posts);
    await insert(tx, sql.addPostVersions, versions(change.posts, (post, { unitCode, isManagement, ...facts }) => ({
      post_id: post, unit_id: idOf(after.units, unitCode), is_management: isManagement, ...facts }))); // prettier-ignore
    const people = await this.#people(tx, change, persons);
    await retract(tx, sql.retractHolders, change.holders);
    await insert(tx, sql.addHolders, versions(change.holders, (_, { postNo, personKey, as }) => ({
      post_id: idOf(after.posts, postNo), person_id: people.get(personKey), capacity: as }))); // prettier-ignore
    await retract(tx, sql.retractTasks, change.tasks);
    await insert(tx, sql.addTasks, versions(change.tasks, (_, facts, ref) => ({
      ref, unit_id: idOf(after.units, facts.unitCode), task: facts.task, edition: facts.edition,
      post_id: idOf(after.posts, facts.postNo), deputy_post_id: idOf(after.posts, facts.deputyPostNo) }))); // prettier-ignore
    await insert(tx, sql.addSuccessions, units.flatMap(({ code, predecessorCodes }) =>
      predecessorCodes.map((predecessor) => ({ code, predecessor_code: predecessor })))); // prettier-ignore
  }

  /** Named persons are brought up to date; holders who are only ended or moved are known already. */
  async #people(tx: Tx, change: PlanChange, persons: readonly PersonNamed[]): Promise<Map<string, string>> {
    const named = await this.#persons.upsert(
      tx,
      persons.map(({ mail, ...one }) => ({ ...one, mail: mail ?? undefined })),
    );
    const keys = change.holders.flatMap(({ insert: pieces }) => pieces.map(({ facts }) => facts.personKey));
    const known = await this.#persons.idsByKey(
      tx,
      keys.filter((key) => !named.has(key)),
    );
    return new Map([...named, ...known]);
  }
}

function things<R extends Row & { thing_id: string; code: string }, F>(
  rows: readonly R[],
  factsOf: (row: R) => F,
): Map<string, Thing<F>> {
  const found = new Map<string, Thing<F> & { versions: Version<F>[] }>();
  for (const row of rows) {
    let thing = found.get(row.code);
    if (!thing) found.set(row.code, (thing = { id: row.thing_id, code: row.code, versions: [] }));
    if (row.id)
      thing.versions.push({ id: row.id, from: row.valid_from, until: row.valid_until, facts: factsOf(row) });
  }
  return found;
}

// The properties stand in the order in which files give them: facts are compared as text.
const unitFacts = ({ name, parent_code, level, kind, tags, headcount }: UnitRow): UnitFacts => ({
  name,
  parentCode: parent_code,
  level,
  kind,
  tags,
  headcount,
});
const postFacts = ({ unit_code, function: function_, is_management, fte, status }: PostRow): PostFacts => ({
  unitCode: unit_code,
  function: function_,
  isManagement: is_management,
  fte,
  status,
});
const taskFacts = ({ unit_code, task, post_no, deputy_post_no, edition }: TaskRow): TaskFacts => ({
  unitCode: unit_code,
  task,
  postNo: post_no,
  deputyPostNo: deputy_post_no,
  edition,
});

const added = (changes: readonly ThingChange<unknown>[]) =>
  changes.filter(({ isNew }) => isNew).map(({ thing: { id, code } }) => ({ id, code }));

function versions<F>(
  changes: readonly ThingChange<F>[],
  columns: (thingId: string, facts: F, code: string) => object,
) {
  return changes.flatMap(({ thing, insert: pieces }) =>
    pieces.map(({ id, from, until, facts }) => ({
      ...columns(thing.id, facts, thing.code),
      id,
      valid_from: from,
      valid_until: until,
    })),
  );
}

async function insert(tx: Tx, statement: string, rows: readonly object[]): Promise<void> {
  if (rows.length) await tx.call(statement, [JSON.stringify(rows)]);
}

async function retract(tx: Tx, statement: string, changes: readonly ThingChange<unknown>[]): Promise<void> {
  const ids = changes.flatMap(({ retract: rows }) => rows.map(({ id }) => id));
  if (ids.length) await tx.call(statement, [ids]);
}
