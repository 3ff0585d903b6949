import { Injectable } from '@nestjs/common';
import { Calendars } from '../../engine/index.ts';
import { Organisation, type UnitTree } from '../../organisation/index.ts';
import { Access, type Actor, type Db, type HeldPost, type Place, type Tx } from '../../platform/index.ts';
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
import { readClaims, holdClaims } from './functions.sql.ts';

interface PostInUnit {
  readonly unitId: string;
  readonly postId: string;
}

interface CompetentRow extends PostInUnit {
  readonly fn: null;
}
type GrantRow = Omit<HeldGrant, 'as'>;

/**
 * Who holds which function where: read from posts, assignments and grants. Fills `actor.functionsAt` once per request,
 * and answers afresh inside a command, where the facts are locked.
 */
@Injectable()
export class Functions {
  readonly #organisation: Organisation;
  readonly #calendars: Calendars;

  constructor(organisation: Organisation, calendars: Calendars, access: Access) {
    this.#organisation = organisation;
    this.#calendars = calendars;
    access.actorSource(20, (actor, db) => this.#fill(actor, db));
  }

  /** What the actor holds anywhere at all, as of the request's start. */
  anywhere(actor: Actor): ReadonlySet<string> {
    return actor.functionsAnywhere?.() ?? actor.functionsAt();
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

  /** The persons an actor stands in for in these functions: the holders of the posts they come through. */
  async onBehalfOf(
    db: Db,
    personId: string,
    asked: readonly { readonly function: string; readonly place: Place }[],
  ): Promise<(string | null)[]> {
    const held = await this.capacities(
      db,
      personId,
      asked.map(({ place }) => place),
    );
    const through = asked.map(({ function: fn }, i) => {
      const capacity = held[i]?.get(fn);
      return capacity && capacity.as !== 'HOLDER' ? capacity.postId : undefined;
    });
    const ids = [...new Set(through.filter((id) => id != null))];
    const posts = ids.length > 0 ? await this.#organisation.posts(db, { ids }) : [];
    const holders = new Map(
      posts.map((post) => [post.id, post.holders.find(({ as }) => as === 'HOLDER')?.personId ?? null]),
    );
    return through.map((postId) => holders.get(postId ?? '') ?? null);
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
    const anywhere = functionsAnywhere(claims);
    return { functionsAt, functionsAnywhere: () => anywhere };
  }

  async #claims(db: Db, personId: string, posts: readonly HeldPost[]): Promise<Claims> {
    const asAt = new Map(posts.map(({ postId, as }) => [postId, as]));
    const headed = new Map(
      posts.flatMap((post) => (post.isManagement ? [[post.unitId, post.as] as const] : [])),
    );
    const asked = [db.today, personId, [...asAt.keys()], [...headed.keys()]];
    const rows = await db.call<GrantRow | CompetentRow>(isCommand(db) ? holdClaims : readClaims, asked);
    const competent = rows.filter((row): row is CompetentRow => row.fn === null);
    return {
      posts,
      grants: rows
        .filter((row): row is GrantRow => row.fn !== null)
        .map((grant) => ({ ...grant, as: asAt.get(grant.postId ?? '') ?? 'HOLDER' })),
      contributions: [
        ...competent.flatMap((one) => {
          const as = asAt.get(one.postId);
          return as ? [{ ...one, as }] : [];
        }),
        ...(await this.#fallenToHead(db, competent, headed)),
      ],
    };
  }

  /** Competent posts that have been vacant for a working day fall to the head of the unit. Source: Konzept §6.2. */
  async #fallenToHead(
    db: Db,
    competent: readonly PostInUnit[],
    headed: ReadonlyMap<string, HeldPost['as']>,
  ): Promise<Contribution[]> {
    const below = competent.filter(({ unitId }) => headed.has(unitId));
    const vacant = await this.vacantForAWorkingDay(db, [...new Set(below.map(({ postId }) => postId))]);
    return below
      .filter(({ postId }) => vacant.has(postId))
      .map(({ unitId, postId }) => {
        const as = headed.get(unitId)!;
        return { unitId, postId, as: as === 'HOLDER' ? 'INTERIM' : as };
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
    const heads = await headsOf(this.#organisation, db, [
      ...unitIds,
      ...unitIds.flatMap((id) => tree.ancestors(id).map((above) => above.id)),
    ]);
    return new Map(unitIds.map((id) => [id, nextAboveOf(id, tree, heads) ?? 'nobody']));
  }
}

const isCommand = (db: Db | Tx): boolean => 'permit' in db;

/** Who heads each of the units that has a head, with the post they head it from. */
export async function headsOf(
  organisation: Organisation,
  db: Db,
  unitIds: readonly string[],
): Promise<Map<string, (Head & { readonly postId: string })[]>> {
  if (unitIds.length === 0) return new Map();
  const posts = await organisation.headPost(db, [...new Set(unitIds)]);
  return new Map(
    [...posts].map(([unitId, { id, holders }]) => [unitId, holders.map((one) => ({ ...one, postId: id }))]),
  );
}
