import { Injectable } from '@nestjs/common';
import { Access, type Db, type HeldPost, type Text } from '../../platform/index.ts';
import {
  administration,
  heldOnDay,
  holdersOnDay,
  lastDays,
  postById,
  postPage,
  postsOnDay,
  awaySince,
  predecessors,
  successors,
  tasksOnDay,
  unitsOnDay,
  vacantSince,
} from './organisation.sql.ts';
import { treeOfRows, type UnitRow } from '../plan/plan-tree.rules.ts';
import { kinds, planStamp } from '../change/plan.sql.ts';
import type { Capacity, PostStatus } from '../plan/plan.rules.ts';
import type { UnitNode, UnitTree } from '../plan/unit-tree.rules.ts';

/** Which day is asked about (default today), and by which day's end it was recorded (default: until now). */
export interface At {
  readonly on?: string | null | undefined;
  readonly asOf?: string | null | undefined;
}

/** A post as it stands on one day, with who is at it then. */
export interface PostOnDay {
  readonly id: string;
  readonly postNo: string;
  readonly unitId: string;
  readonly function: string;
  /** The head post of its unit; a unit has at most one. */
  readonly isManagement: boolean;
  readonly fte: number | null;
  readonly status: PostStatus;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly holders: readonly HolderOnDay[];
}

export interface HolderOnDay {
  readonly personId: string;
  readonly as: Capacity;
  readonly from: string;
  readonly until: string | null;
}

export interface TaskOnDay {
  readonly ref: string;
  readonly unitId: string;
  readonly task: string;
  readonly postId: string | null;
  readonly deputyPostId: string | null;
  readonly edition: string;
}

export interface Administration {
  readonly key: string;
  readonly name: string;
  readonly zone: string;
  readonly federalState: string;
  /** Groups smaller than this are not shown in figures. */
  readonly minimumShownSize: number;
  readonly planVersion: number;
}

const keptTrees = 100;

interface UnitsRead {
  readonly codes: Readonly<Record<string, string>>;
  readonly units: readonly Omit<UnitRow, 'code' | 'filled'>[];
  readonly filled: Readonly<Record<string, number>>;
}
const rowsOf = ({ codes, units, filled }: UnitsRead): UnitRow[] =>
  units.map((unit) => ({ ...unit, code: codes[unit.id]!, filled: filled[unit.id] ?? 0 }));

/** The units, posts and holders of the asking administration, on any day, as recorded by any day. */
@Injectable()
export class Organisation {
  // Most recently used last. The stamp of the plan is never given twice, so nothing here is ever stale.
  readonly #trees = new Map<string, Promise<UnitTree>>();
  // A command asks several times what its people hold; within one command or question that does not change.
  readonly #held = new WeakMap<Db, Map<string, Promise<HeldPost[]>>>();

  constructor(access: Access) {
    access.actorSource(10, async ({ person }, db) => ({ posts: await this.heldPosts(db, person) }));
  }

  /** The units on a day: one small read, then from memory while the plan stays as it is. */
  async tree(db: Db, at: At = {}): Promise<UnitTree> {
    const asOf = at.asOf && at.asOf < db.today ? at.asOf : null;
    const on = at.on ?? at.asOf ?? db.today;
    const [row] = await db.call<{ plan_stamp: string; minimumShown: number }>(planStamp);
    const key = [db.actor.tenant, row?.plan_stamp, row?.minimumShown, on, asOf].join(' ');
    const tree =
      this.#trees.get(key) ??
      db
        .call<UnitsRead>(unitsOnDay, [on, asOf])
        .then(([read]) => treeOfRows(rowsOf(read!), { on, asOf }, row?.minimumShown));
    this.#trees.delete(key);
    this.#trees.set(key, tree);
    if (this.#trees.size > keptTrees) this.#trees.delete(this.#trees.keys().next().value!);
    return tree.catch((error: unknown) => {
      this.#trees.delete(key);
      throw error;
    });
  }

  /** Posts of the given units (all, when neither units nor ids are given), head posts first, with who is at them. */
  posts(
    db: Db,
    which: At & { unitIds?: readonly string[]; ids?: readonly string[] } = {},
  ): Promise<PostOnDay[]> {
    const on = which.on ?? which.asOf ?? db.today;
    return db.call<PostOnDay>(postsOnDay, [on, which.asOf ?? null, which.unitIds ?? null, which.ids ?? null]);
  }

  /** Posts by number, behind `after`; `vacant`: only those nobody is at, neither as holder nor in the interim. */
  async postPage(
    db: Db,
    which: At & { unitIds: readonly string[] | null; vacant: boolean; after: string | null; limit: number },
  ): Promise<PostOnDay[]> {
    const on = which.on ?? which.asOf ?? db.today;
    const values = [on, which.asOf ?? null, which.unitIds, which.vacant, which.after, which.limit];
    const [row] = await db.call<{ ids: string[] | null }>(postPage, values);
    const posts = await this.posts(db, { ...which, unitIds: undefined, ids: row?.ids ?? [] } as At & {
      ids: string[];
    });
    return posts.sort((a, b) => (a.postNo < b.postNo ? -1 : 1));
  }

  /** The head post of each of the units that has one. */
  async headPost(db: Db, unitIds: readonly string[], at: At = {}): Promise<Map<string, PostOnDay>> {
    const posts = await this.posts(db, { ...at, unitIds });
    return new Map(posts.filter(({ isManagement }) => isManagement).map((post) => [post.unitId, post]));
  }

  /** Who is at a post on a day, in every capacity; undefined when the post is not known. */
  async whoHeld(db: Db, postId: string, at: At): Promise<HolderOnDay[] | undefined> {
    const [post] = await db.call<{ id: string }>(postById, [postId]);
    return (
      post && db.call<HolderOnDay>(holdersOnDay, [at.on ?? at.asOf ?? db.today, at.asOf ?? null, postId])
    );
  }

  /** Where a person is today, in every capacity: what rights hang on. */
  heldPosts(db: Db, personId: string): Promise<HeldPost[]> {
    let known = this.#held.get(db);
    if (!known) this.#held.set(db, (known = new Map()));
    let held = known.get(personId);
    if (!held) known.set(personId, (held = this.#readHeldPosts(db, personId)));
    return held;
  }

  async #readHeldPosts(db: Db, personId: string): Promise<HeldPost[]> {
    const rows = await db.call<HeldPost>(heldOnDay, [db.today, null, personId]);
    return rows.map((row) => Object.freeze(row));
  }

  /** Which of these posts nobody is at, neither as holder nor ad interim, and the first day on which that was so. */
  async vacantSince(db: Db, postIds: readonly string[], at: At = {}): Promise<Map<string, string>> {
    const values = [at.on ?? at.asOf ?? db.today, at.asOf ?? null, postIds];
    const rows = await db.call<{ postId: string; since: string }>(vacantSince, values);
    return new Map(rows.map(({ postId, since }) => [postId, since]));
  }

  /** Since when people have left every post. Who is at one is left out, and who never held any, such as an outsider. */
  async awaySince(db: Db, personIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await db.call<{ personId: string; since: string }>(awaySince, [db.today, null, personIds]);
    return new Map(rows.map(({ personId, since }) => [personId, since]));
  }

  /** Entries of the distribution-of-business plan of the given units. */
  tasks(db: Db, unitIds: readonly string[], at: At = {}): Promise<TaskOnDay[]> {
    return db.call<TaskOnDay>(tasksOnDay, [at.on ?? at.asOf ?? db.today, at.asOf ?? null, unitIds]);
  }

  /** The units a unit came from, as HR said. */
  async predecessors(db: Db, unitId: string): Promise<string[]> {
    return (await db.call<{ id: string }>(predecessors, [unitId])).map(({ id }) => id);
  }

  /** The units that came from a unit, as HR said, by their code. */
  async successors(db: Db, unitId: string): Promise<string[]> {
    return (await db.call<{ id: string }>(successors, [unitId])).map(({ id }) => id);
  }

  /** The given units as they last stood; those that never did are left out. */
  async lastKnown(db: Db, ids: readonly string[]): Promise<UnitNode[]> {
    const rows = await db.call<{ id: string; day: string }>(lastDays, [ids]);
    const nodes = await Promise.all(
      rows.map(async ({ id, day }) => (await this.tree(db, { on: day })).node(id)),
    );
    return nodes.filter((node) => node !== undefined);
  }

  /** The administration's own kinds of unit, in their order. */
  async kinds(db: Db): Promise<{ code: string; label: Text }[]> {
    const rows = await db.call<{ code: string; label_de: string; label_en: string }>(kinds);
    return rows.map(({ code, label_de, label_en }) => ({ code, label: { de: label_de, en: label_en } }));
  }

  async administration(db: Db): Promise<Administration> {
    const [row] = await db.call<Administration>(administration);
    if (!row) throw new Error('The administration has not been founded');
    return row;
  }
}
