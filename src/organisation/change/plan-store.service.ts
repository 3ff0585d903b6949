import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import type { Db, Tx } from '../../platform/index.ts';
import type { PlanChange, ThingChange } from './plan-change.rules.ts';
import {
  postFacts,
  taskFacts,
  things,
  thingsByCode,
  unitFacts,
  type HolderRow,
  type Identity,
  type PostRow,
  type TaskRow,
  type WrittenUnitRow,
} from './plan-rows.rules.ts';
import * as sql from './plan.sql.ts';
import { holderCode, type PersonNamed, type Plan, type StatedUnit, type Thing } from '../plan/plan.rules.ts';

/** Reads the plan as it stands and writes what changes, each table in one statement. */
@Injectable()
export class PlanStore {
  readonly #persons: Persons;

  constructor(persons: Persons) {
    this.#persons = persons;
  }

  async load(db: Db): Promise<Plan> {
    const units = await db.call<Identity>(sql.units);
    const posts = await db.call<Identity>(sql.posts);
    const unitRows = await db.call<WrittenUnitRow>(sql.standingUnits);
    const postRows = await db.call<PostRow>(sql.standingPosts);
    const holders = await db.call<HolderRow>(sql.standingHolders);
    const tasks = await db.call<TaskRow>(sql.standingTasks);
    const people = await this.#persons.records(db, [...new Set(holders.map(({ person_id }) => person_id))]);
    const codes = new Map([...units, ...posts].map(({ id, code }) => [id, code]));
    const code = <T extends string | null>(id: T) => (id === null ? null : codes.get(id)) as T;
    return {
      units: things(units, unitRows, (row) => [row.thing_id, unitFacts(row, code)]),
      posts: things(posts, postRows, (row) => [row.thing_id, postFacts(row, code)]),
      holders: thingsByCode(holders, (row) => {
        const facts = {
          postNo: code(row.post_id),
          personKey: people.get(row.person_id)!.personKey,
          as: row.capacity,
        };
        return [holderCode(facts), facts];
      }),
      tasks: thingsByCode(tasks, (row) => [row.ref, taskFacts(row, code)]),
      persons: new Map(
        [...people.values()].map((one) => [one.personKey, { ...one, mail: one.mail ?? null }]),
      ),
    };
  }

  /** Writes a change that was found faultless. Retracts before it writes: exclusion constraints allow one version a day. */
  async write(tx: Tx, change: PlanChange, persons: readonly PersonNamed[]): Promise<void> {
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
  }

  /** Notes which units came from which; said again it is one note. */
  async noteSuccessions(tx: Tx, units: readonly StatedUnit[]): Promise<void> {
    const rows = units.flatMap(({ code, predecessorCodes }) =>
      predecessorCodes.map((predecessor) => ({ code, predecessor_code: predecessor })),
    );
    await insert(tx, sql.addSuccessions, rows);
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
