import { Injectable } from '@nestjs/common';
import { Calendars, type Holder } from '../engine/index.ts';
import { Persons } from '../identity/index.ts';
import { Organisation, type PostOnDay, type UnitTree } from '../organisation/index.ts';
import { Access, type Actor, type Db, type HeldPost, type Place, type Tx } from '../platform/index.ts';
import {
  capacitiesAt,
  countAsOne,
  functionsAnywhere,
  nextAboveOf,
  type Capacities,
  type Claims,
  type Contribution,
  type Head,
  type HeldGrant,
  type PostPlace,
} from './functions.rules.ts';

const today = (row: string) => `${row}.retracted_at is null and ${row}.valid_from <= $1::date
  and (${row}.valid_until is null or ${row}.valid_until > $1::date)`;
/** A standing function counts from its second signature on; a round's and a process's at once. */
const effective = `(scope in ('SERIES', 'PROCESS') or granted_by is null or confirmed_by is not null)`;
const grantsOf = `select function as fn, scope, scope_id as "scopeId", levels, post_id as "postId"
  from responsibility.function_grant g
  where ${today('g')} and ${effective} and (person_id = $2 or post_id = any($3::uuid[]))`;
/** In a command the grants stand still until its end: nobody signs with a right that is being withdrawn. */
const grantsOfLocked = `${grantsOf} for share`;
const competentUnitsOf = `select distinct unit_id as "unitId", post_id as "postId" from responsibility.assignment a
  where ${today('a')} and stage = 'CONFIRMED' and kind = 'COMPETENT' and post_id = any($2::uuid[])`;
const competentPostsIn = `select distinct unit_id as "unitId", post_id as "postId" from responsibility.assignment a
  where ${today('a')} and stage = 'CONFIRMED' and kind = 'COMPETENT' and unit_id = any($2::uuid[])`;
const grantsAt = `select person_id as "personId", post_id as "postId" from responsibility.function_grant g
  where ${today('g')} and ${effective} and function = $2
    and (scope = 'TENANT' or (scope = 'SUBTREE' and scope_id = any($3::uuid[])) or (scope = 'UNIT' and scope_id = $4)
      or (scope = 'SERIES' and scope_id = $5) or (scope = 'PROCESS' and scope_id = $6))
    and (levels = '{}' or $7 = any(levels))`;

interface PostInUnit {
  readonly unitId: string;
  readonly postId: string;
}

/**
 * Who holds which function where: read from posts, assignments and grants. Fills `actor.functionsAt` once per request,
 * and answers afresh inside a command, where the facts are locked.
 */
@Injectable()
export class Functions {
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #calendars: Calendars;
  // Keyed by the actor's own closure: an actor lives as long as its request.
  readonly #anywhere = new WeakMap<Actor['functionsAt'], ReadonlySet<string>>();

  constructor(organisation: Organisation, persons: Persons, calendars: Calendars, access: Access) {
    this.#organisation = organisation;
    this.#persons = persons;
    this.#calendars = calendars;
    access.actorSource(20, (actor, db) => this.#fill(actor, db));
  }

  /** What the actor holds anywhere at all, as of the request's start. */
  anywhere(actor: Actor): ReadonlySet<string> {
    return this.#anywhere.get(actor.functionsAt) ?? actor.functionsAt();
  }

  /** What the person holds at each place, with the capacity, in the order asked. Read fresh. */
  async capacities(db: Db, personId: string, places: readonly PostPlace[]): Promise<Capacities[]> {
    const posts = await this.#organisation.heldPosts(db, personId);
    const claims = await this.#claims(db, personId, posts);
    const tree = await this.#organisation.tree(db);
    const nextAbove = await this.#nextAbove(db, tree, posts, places);
    return places.map((place) => capacitiesAt(claims, tree, place, nextAbove.get(place.unitId ?? '')));
  }

  /** The posts a person is at today, in whatever capacity. Read fresh. */
  postsOf(db: Db, personId: string): Promise<HeldPost[]> {
    return this.#organisation.heldPosts(db, personId);
  }

  /** Who holds a function at a place today, those in their own right first. */
  async holders(db: Db, fn: string, place: Place): Promise<Holder[]> {
    const found = await this.#holders(db, fn, place);
    const names = await this.#persons.names(
      db,
      found.map(({ personId }) => personId),
    );
    return found.map((holder) => ({ ...holder, name: names.get(holder.personId) ?? '' }));
  }

  /** The person an actor stands in for in this function: the holder of the post it comes through. */
  async onBehalfOf(db: Db, personId: string, fn: string, place: Place): Promise<string | null> {
    const [held] = await this.capacities(db, personId, [place]);
    const capacity = held?.get(fn);
    if (!capacity?.postId || capacity.as === 'HOLDER') return null;
    const [post] = await this.#organisation.posts(db, { ids: [capacity.postId] });
    return post?.holders.find(({ as }) => as === 'HOLDER')?.personId ?? null;
  }

  /** Whether two persons count as one under four eyes today, at all or in the matters of one unit. */
  async countAsOne(db: Db, one: string, other: string, unitId?: string): Promise<boolean> {
    if (one === other) return true;
    const held = async (person: string) =>
      (await this.#organisation.heldPosts(db, person)).filter((post) => !unitId || post.unitId === unitId);
    return countAsOne(one, other, await held(one), await held(other));
  }

  async #fill(actor: Actor, db: Db): Promise<Partial<Actor>> {
    const tree = await this.#organisation.tree(db);
    const claims = await this.#claims(db, actor.person, actor.posts);
    const known = new Map<string, ReadonlySet<string>>();
    const functionsAt = (place: Place = {}) => {
      const key = `${place.unitId} ${place.seriesId} ${place.processId}`;
      let functions = known.get(key);
      if (!functions) known.set(key, (functions = new Set(capacitiesAt(claims, tree, place).keys())));
      return functions;
    };
    this.#anywhere.set(functionsAt, functionsAnywhere(claims));
    return { functionsAt };
  }

  async #claims(db: Db, personId: string, posts: readonly HeldPost[]): Promise<Claims> {
    const ids = posts.map(({ postId }) => postId);
    const asAt = new Map(posts.map(({ postId, as }) => [postId, as]));
    const query = isCommand(db) ? grantsOfLocked : grantsOf;
    const granted = await db.call<Omit<HeldGrant, 'as'>>(query, [db.today, personId, ids]);
    const own = ids.length > 0 ? await db.call<PostInUnit>(competentUnitsOf, [db.today, ids]) : [];
    return {
      posts,
      grants: granted.map((grant) => ({ ...grant, as: asAt.get(grant.postId ?? '') ?? 'HOLDER' })),
      contributions: [
        ...own.map((one): Contribution => ({ ...one, as: asAt.get(one.postId) ?? 'HOLDER' })),
        ...(await this.#fallenToHead(db, posts)),
      ],
    };
  }

  /** Competent posts that have been vacant for a working day fall to the head of the unit. Source: Konzept §6.2. */
  async #fallenToHead(db: Db, posts: readonly HeldPost[]): Promise<Contribution[]> {
    const headed = posts.filter(({ isManagement }) => isManagement);
    if (headed.length === 0) return [];
    const competent = await db.call<PostInUnit>(competentPostsIn, [
      db.today,
      headed.map(({ unitId }) => unitId),
    ]);
    const vacant = await this.vacantForAWorkingDay(
      db,
      competent.map(({ postId }) => postId),
    );
    return competent
      .filter(({ postId }) => vacant.has(postId))
      .map(({ unitId, postId }) => {
        const head = headed.find((post) => post.unitId === unitId)!;
        return { unitId, postId, as: head.as === 'HOLDER' ? 'INTERIM' : head.as };
      });
  }

  /** Those of the posts that nobody has been at for at least one working day. */
  async vacantForAWorkingDay(db: Db, postIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (postIds.length === 0) return new Set();
    const since = await this.#organisation.vacantSince(db, postIds);
    if (since.size === 0) return new Set();
    const { calendar, today } = await this.#calendars.at(db);
    const before = calendar.workingDay(today, -1);
    return new Set([...since].filter(([, day]) => day <= before).map(([postId]) => postId));
  }

  /** Who approves for the places' units; only looked up where the person heads a superior unit at all. */
  async #nextAbove(db: Db, tree: UnitTree, posts: readonly HeldPost[], places: readonly Place[]) {
    const headed = new Set(posts.filter(({ isManagement }) => isManagement).map(({ unitId }) => unitId));
    const unitIds = [...new Set(places.map(({ unitId }) => unitId ?? ''))].filter((id) =>
      tree.ancestors(id).some((above) => headed.has(above.id)),
    );
    const heads = await this.#heads(db, [
      ...unitIds,
      ...unitIds.flatMap((id) => tree.ancestors(id).map((above) => above.id)),
    ]);
    return new Map(unitIds.map((id) => [id, nextAboveOf(id, tree, heads) ?? 'nobody']));
  }

  async #heads(db: Db, unitIds: readonly string[]): Promise<Map<string, (Head & { postId: string })[]>> {
    if (unitIds.length === 0) return new Map();
    const posts = await this.#organisation.headPost(db, [...new Set(unitIds)]);
    return new Map([...posts].map(([unitId, post]) => [unitId, atPost(post)]));
  }

  async #holders(db: Db, fn: string, place: Place): Promise<Omit<Holder, 'name'>[]> {
    const tree = await this.#organisation.tree(db);
    if (fn === 'CONTRIB') return this.#contributors(db, place.unitId);
    const units = headedUnits(fn, place, tree);
    if (units) return [...(await this.#heads(db, units)).values()].flat().toSorted(ownRightFirst);
    if (fn === 'NEXT_ABOVE') return this.#approvers(db, tree, place);
    return this.#granted(db, tree, fn, place);
  }

  async #approvers(db: Db, tree: UnitTree, place: Place): Promise<Omit<Holder, 'name'>[]> {
    const unitId = place.unitId ?? '';
    const line = tree.ancestors(unitId).map(({ id }) => id);
    const heads = await this.#heads(db, [unitId, ...line]);
    if (line.length > 0) return heads.get(nextAboveOf(unitId, tree, heads) ?? '') ?? [];
    const own = new Set(heads.get(unitId)?.map(({ personId }) => personId));
    const board = await this.#granted(db, tree, 'BOARD', place);
    return board.filter(({ personId }) => !own.has(personId));
  }

  async #contributors(db: Db, unitId: string | undefined): Promise<Omit<Holder, 'name'>[]> {
    if (!unitId) return [];
    const competent = await db.call<PostInUnit>(competentPostsIn, [db.today, [unitId]]);
    const ids = competent.map(({ postId }) => postId);
    const posts = ids.length > 0 ? await this.#organisation.posts(db, { ids }) : [];
    const fallen = await this.vacantForAWorkingDay(db, ids);
    const heads = fallen.size > 0 ? ((await this.#heads(db, [unitId])).get(unitId) ?? []) : [];
    return [...posts.flatMap(atPost), ...heads.map((head) => ({ ...head, as: 'INTERIM' as const }))].toSorted(
      ownRightFirst,
    );
  }

  async #granted(db: Db, tree: UnitTree, fn: string, place: Place): Promise<Omit<Holder, 'name'>[]> {
    const unit = tree.node(place.unitId ?? '');
    const line = unit ? [unit.id, ...tree.ancestors(unit.id).map(({ id }) => id)] : [];
    const scope = [
      line,
      place.unitId ?? null,
      place.seriesId ?? null,
      place.processId ?? null,
      unit?.level ?? null,
    ];
    const rows = await db.call<{ personId: string | null; postId: string | null }>(grantsAt, [
      db.today,
      fn,
      ...scope,
    ]);
    const postIds = rows.flatMap(({ postId }) => postId ?? []);
    const posts = postIds.length > 0 ? await this.#organisation.posts(db, { ids: postIds }) : [];
    const inPerson = rows.flatMap(({ personId }) =>
      personId ? [{ personId, postId: null, as: 'HOLDER' as const }] : [],
    );
    return [...inPerson, ...posts.flatMap(atPost)].toSorted(ownRightFirst);
  }
}

const isCommand = (db: Db | Tx): boolean => 'permit' in db;

/** The units whose heads hold this derived function at the place; undefined for functions of another origin. */
function headedUnits(fn: string, { unitId }: Place, tree: UnitTree): string[] | undefined {
  const unit = tree.node(unitId ?? '');
  const above = unit ? tree.ancestors(unit.id) : [];
  const line = unit ? [unit, ...above] : [];
  const ids = (units: readonly { id: string }[]) => units.map(({ id }) => id);
  switch (fn) {
    case 'HEAD':
      return ids(line.slice(0, 1));
    case 'DEZ':
      return ids(line.filter(({ level }) => level === 'L1'));
    case 'LEAD':
      return ids(
        unit
          ? line.filter(({ level }) => level === 'L0')
          : tree.roots().filter(({ level }) => level === 'L0'),
      );
    case 'ABOVE':
      return ids(above);
    case 'OFFICE_ABOVE':
      return ids(above.filter(({ level }) => level !== 'L0' && level !== 'L1'));
    default:
      return undefined;
  }
}

const atPost = ({ id, holders }: PostOnDay) =>
  holders.map(({ personId, as }) => ({ personId, postId: id, as }));
const ownRightFirst = (a: { as: string }, b: { as: string }) =>
  Number(b.as === 'HOLDER') - Number(a.as === 'HOLDER');
