import { Injectable } from '@nestjs/common';
import type { Holder } from '../../engine/index.ts';
import { Persons } from '../../identity/index.ts';
import { Organisation, type PostOnDay, type UnitTree } from '../../organisation/index.ts';
import type { Db, Place } from '../../platform/index.ts';
import { nextAboveOf } from './functions.rules.ts';
import { competentPostsIn, grantsAt } from './functions.sql.ts';
import { Functions, headsOf } from './functions.service.ts';

type Found = Omit<Holder, 'name'>;
interface GrantAt {
  readonly personId: string | null;
  readonly postId: string | null;
  readonly scope: string;
}

/** Asks the other way round: who holds a function at a place today, deputies and interim holders included. */
@Injectable()
export class Holders {
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #functions: Functions;

  constructor(organisation: Organisation, persons: Persons, functions: Functions) {
    this.#organisation = organisation;
    this.#persons = persons;
    this.#functions = functions;
  }

  /** Those in their own right first. */
  async of(db: Db, fn: string, place: Place): Promise<Holder[]> {
    const found = (await this.#find(db, fn, place)).toSorted(ownRightFirst);
    const ids = found.map(({ personId }) => personId);
    const names = await this.#persons.names(db, ids);
    return found.map((holder) => ({ ...holder, name: names.get(holder.personId) ?? '' }));
  }

  async #find(db: Db, fn: string, place: Place): Promise<Found[]> {
    const tree = await this.#organisation.tree(db);
    if (fn === 'CONTRIB') return this.#contributors(db, place.unitId);
    if (fn === 'NEXT_ABOVE') return this.#approvers(db, tree, place);
    const headed = headedUnits(fn, place, tree);
    if (headed) return [...(await headsOf(this.#organisation, db, headed)).values()].flat();
    return this.#granted(db, tree, fn, place);
  }

  /** The next head above, or at the top the board; never somebody who heads the unit itself. */
  async #approvers(db: Db, tree: UnitTree, place: Place): Promise<Found[]> {
    const unitId = place.unitId ?? '';
    const line = tree.ancestors(unitId).map(({ id }) => id);
    const heads = await headsOf(this.#organisation, db, [unitId, ...line]);
    const above = heads.get(nextAboveOf(unitId, tree, heads) ?? '') ?? [];
    const own = new Set(heads.get(unitId)?.map(({ personId }) => personId));
    const approvers = line.length > 0 ? above : await this.#granted(db, tree, 'BOARD', place);
    return approvers.filter(({ personId }) => !own.has(personId));
  }

  async #contributors(db: Db, unitId: string | undefined): Promise<Found[]> {
    if (!unitId) return [];
    const competent = await db.call<{ postId: string }>(competentPostsIn, [db.today, unitId]);
    const ids = competent.map(({ postId }) => postId);
    const posts = ids.length > 0 ? await this.#organisation.posts(db, { ids }) : [];
    const fallen = await this.#functions.vacantForAWorkingDay(db, ids);
    const heads =
      fallen.size > 0 ? await headsOf(this.#organisation, db, [unitId]) : new Map<string, Found[]>();
    const interim = (heads.get(unitId) ?? []).map((head) => ({ ...head, as: 'INTERIM' as const }));
    return [...posts.flatMap(atPost), ...interim];
  }

  async #granted(
    db: Db,
    tree: UnitTree,
    fn: string,
    { unitId, seriesId, processId }: Place,
  ): Promise<Found[]> {
    const unit = tree.node(unitId ?? '');
    const line = unit ? [unit.id, ...tree.ancestors(unit.id).map(({ id }) => id)] : [];
    const asked = [
      db.today,
      fn,
      line,
      unitId ?? null,
      seriesId ?? null,
      processId ?? null,
      unit?.level ?? null,
    ];
    const rows = await db.call<GrantAt>(grantsAt, asked);
    const ids = rows.flatMap(({ postId }) => postId ?? []);
    const posts = new Map((await this.#organisation.posts(db, { ids })).map((post) => [post.id, post]));
    const own = fn === 'OPENING_COORD' && unit ? await this.#colleagues(db, unit.id) : none;
    return rows.flatMap((row) => {
      const narrow = row.scope === 'UNIT' || row.scope === 'PROCESS';
      return holdersOf(row, posts).filter(({ personId }) => narrow || !own.has(personId));
    });
  }

  /** Nobody co-ordinates the case of their own unit. */
  async #colleagues(db: Db, unitId: string): Promise<ReadonlySet<string>> {
    const posts = await this.#organisation.posts(db, { unitIds: [unitId] });
    return new Set(posts.flatMap(atPost).map(({ personId }) => personId));
  }
}

const none: ReadonlySet<string> = new Set();

function holdersOf({ personId, postId }: GrantAt, posts: ReadonlyMap<string, PostOnDay>): Found[] {
  if (personId) return [{ personId, postId: null, as: 'HOLDER' }];
  const post = posts.get(postId ?? '');
  return post ? atPost(post) : [];
}

/** The units whose heads hold this derived function at the place; undefined for functions of another origin. */
function headedUnits(fn: string, { unitId }: Place, tree: UnitTree): string[] | undefined {
  const unit = tree.node(unitId ?? '');
  const above = unit ? tree.ancestors(unit.id) : [];
  const line = unit ? [unit, ...above] : [];
  const ids = (units: readonly { readonly id: string }[]) => units.map(({ id }) => id);
  const onLevel = (units: readonly { readonly id: string; readonly level: string }[], wanted: string) =>
    ids(units.filter(({ level }) => level === wanted));
  switch (fn) {
    case 'HEAD':
      return ids(line.slice(0, 1));
    case 'DEZ':
      return onLevel(line, 'L1');
    case 'LEAD':
      return onLevel(unit ? line : tree.roots(), 'L0');
    case 'ABOVE':
      return ids(above);
    case 'OFFICE_ABOVE':
      return ids(above.filter(({ level }) => level !== 'L0' && level !== 'L1'));
    default:
      return undefined;
  }
}

const atPost = ({ id, holders }: PostOnDay): Found[] =>
  holders.map(({ personId, as }) => ({ personId, postId: id, as }));
const ownRightFirst = (a: Found, b: Found) => Number(b.as === 'HOLDER') - Number(a.as === 'HOLDER');
