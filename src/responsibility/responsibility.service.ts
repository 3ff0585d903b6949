import { Injectable } from '@nestjs/common';
import type { Holder } from '../engine/index.ts';
import type { Db, Place, Tx } from '../platform/index.ts';
import { Coverage, type CoverageQuestion, type UnitCoverage } from './assignment/coverage.service.ts';
import type { GrantInput, KeyFunction } from './grant/grant.rules.ts';
import { KeyHolders } from './grant/key-holders.service.ts';
import { Rescues, type Rescue } from './grant/rescues.service.ts';
import { Functions } from './functions/functions.service.ts';
import { Holders } from './functions/holders.service.ts';
import type { Capacities, PostPlace } from './functions/functions.rules.ts';
import { allows } from './functions/permission.rules.ts';
import { Grants, type GrantMatch } from './grant/grants.service.ts';
import { Register, type ActiveAssignment } from './assignment/register.service.ts';

/** Who is named for a criterion or field, by which assignment, and the first day. */
export interface Named {
  readonly assignmentId: string;
  readonly postId: string;
  readonly since: string;
}
/** unit → criterion or field code → who is named there. */
export type NamedPosts = ReadonlyMap<string, ReadonlyMap<string, Named>>;

/**
 * What the rooms above ask: who may, who is competent, who answers for it, how well a unit is covered. Everything is
 * read fresh on the given `Db`; inside a command that is the command's own transaction.
 */
@Injectable()
export class Responsibility {
  readonly #functions: Functions;
  readonly #holders: Holders;
  readonly #register: Register;
  readonly #grants: Grants;
  readonly #coverage: Coverage;
  readonly #keyHolders: KeyHolders;
  readonly #rescues: Rescues;

  constructor(
    functions: Functions,
    holders: Holders,
    register: Register,
    grants: Grants,
    coverage: Coverage,
    keyHolders: KeyHolders,
    rescues: Rescues,
  ) {
    this.#functions = functions;
    this.#holders = holders;
    this.#register = register;
    this.#grants = grants;
    this.#coverage = coverage;
    this.#keyHolders = keyHolders;
    this.#rescues = rescues;
  }

  /**
   * Whether the actor may do it at the place, by the one table. `tags` are those of the process the matter belongs to;
   * without them only what holds in every state is allowed. Ask after the lock, before the first write.
   */
  async may(db: Db, action: string, place: PostPlace, tags: Iterable<string> = []): Promise<boolean> {
    const [allowed] = await this.mayEach(db, action, [place], tags);
    return allowed!;
  }

  /** The same for many places in one go, in the order asked. */
  async mayEach(
    db: Db,
    action: string,
    places: readonly PostPlace[],
    tags: Iterable<string> = [],
  ): Promise<boolean[]> {
    const state = new Set(tags);
    if (db.actor.system) return places.map(() => allows(action, new Set(['SYS']), state));
    const held = await this.capacitiesAt(db, places);
    return held.map((functions) => allows(action, new Set(functions.keys()), state));
  }

  /** Whether the actor may do it at the place in this function, not only in another one that would do as well. */
  async mayAs(
    db: Db,
    action: string,
    fn: string,
    place: PostPlace,
    tags: Iterable<string> = [],
  ): Promise<boolean> {
    const [held] = await this.capacitiesAt(db, [place]);
    return held!.has(fn) && allows(action, new Set([fn]), new Set(tags));
  }

  /** The actor's functions at each place, with the capacity (own right, deputy, ad interim) and the post. */
  capacitiesAt(db: Db, places: readonly PostPlace[]): Promise<Capacities[]> {
    return this.#functions.capacities(db, db.actor.person, places);
  }

  /** Who holds a function at a place today, those in their own right before deputies and interim holders. */
  holders(db: Db, fn: string, place: Place): Promise<Holder[]> {
    return this.#holders.of(db, fn, place);
  }

  /** The person the actor stands in for in a function at a place; null: they hold it in their own right, or not at all. */
  async onBehalfOf(db: Db, fn: string, place: Place): Promise<string | null> {
    const [person = null] = await this.#functions.onBehalfOf(db, db.actor.person, [{ function: fn, place }]);
    return person;
  }

  /**
   * Whether two persons count as one under four eyes today: the same, or deputy and represented (Konzept §6.2). In a
   * unit's matter only the posts of that unit tie people together: a director stays somebody else than the head of an
   * office who also deputises for the directorate.
   */
  countAsOne(db: Db, one: string, other: string, unitId?: string): Promise<boolean> {
    return this.#functions.countAsOne(db, one, other, unitId);
  }

  /** The competent post of each criterion of the units that has one on the day (default: today). */
  competentPosts(
    db: Db,
    unitIds: readonly string[],
    at: { on?: string; asOf?: string; catalogue?: string } = {},
  ): Promise<NamedPosts> {
    return this.#named(db, 'COMPETENT', unitIds, at);
  }

  /** The post that answers for each field of the units that has one on the day (default: today). */
  accountablePosts(
    db: Db,
    unitIds: readonly string[],
    at: { on?: string; asOf?: string; catalogue?: string } = {},
  ): Promise<NamedPosts> {
    return this.#named(db, 'ACCOUNTABLE', unitIds, at);
  }

  /**
   * Names people of a round (SERIES) or a process (PROCESS) with their function; counts at once. The calling command
   * has asked its own permission. Standing functions go through `grantFunction` and its second person.
   */
  grant(tx: Tx, given: readonly GrantInput[]): Promise<string[]> {
    return this.#grants.give(tx, given);
  }

  /** Ends the grants of a round, process or unit that match, on a day (default: today). Returns how many. */
  endGrants(tx: Tx, which: readonly GrantMatch[], on?: string): Promise<number> {
    return this.#grants.endMatching(tx, which, on);
  }

  /** How many natural persons hold a function that gives others their rights, for good and everywhere. */
  keyHolders(db: Db, fn: KeyFunction): Promise<number> {
    return this.#keyHolders.count(db, fn);
  }

  /** Gives such a function from outside, when fewer than two people hold it. Refuses with NotPossibleNow. */
  rescue(tenant: string, given: Rescue) {
    return this.#rescues.rescue(tenant, given);
  }

  /** Whether anybody was ever granted a function here; a founded administration has nobody yet. */
  hasGrants(db: Db): Promise<boolean> {
    return this.#grants.areThere(db);
  }

  /** How well units are covered on a day, as the anchoring figure counts it (Z and V). Source: Konzept §6.5. */
  coverage(db: Db, question: CoverageQuestion): Promise<Map<string, UnitCoverage>> {
    return this.#coverage.of(db, question);
  }

  async #named(
    db: Db,
    kind: ActiveAssignment['kind'],
    unitIds: readonly string[],
    { on = db.today, asOf, catalogue = 'administration' }: { on?: string; asOf?: string; catalogue?: string },
  ): Promise<NamedPosts> {
    const active = await this.#register.activeIn(db, unitIds, catalogue, { on, asOf });
    const named = new Map(unitIds.map((id) => [id, new Map<string, Named>()]));
    for (const { unitId, subjects, assignmentId, postId, since } of active.filter(
      (line) => line.kind === kind,
    ))
      for (const subject of subjects) named.get(unitId)?.set(subject, { assignmentId, postId, since });
    return named;
  }
}
