import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import { Organisation, PlanHooks, type PlanObjection, type PlanShift } from '../../organisation/index.ts';
import type { Db, Text } from '../../platform/index.ts';
import {
  keyFunctions,
  keyHolders,
  lastHolder,
  oneHolder,
  type Grant,
  type KeyFunction,
} from './grant.rules.ts';
import { holdKeys, readKeys } from './grants.sql.ts';

interface Keys {
  readonly fn: KeyFunction;
  /** The post through which it changes. */
  readonly postId: string;
  readonly before: number;
  readonly left: number;
}

/**
 * Sees to it that somebody can always give others their rights (ADR 0077): counts who holds such a function for the whole
 * administration and without an end, and objects to a change of the plan that takes the last one away.
 */
@Injectable()
export class KeyHolders {
  readonly #organisation: Organisation;
  readonly #persons: Persons;

  constructor(organisation: Organisation, persons: Persons, hooks: PlanHooks) {
    this.#organisation = organisation;
    this.#persons = persons;
    hooks.check((db, shift) => this.#objections(db, shift));
    hooks.follower({ foresee: (db, shift) => this.#foresee(db, shift), follow: async () => {} });
  }

  /** How many natural persons hold the function, without one of its grants if so asked. In a command they are locked. */
  async count(db: Db, fn: KeyFunction, without?: Pick<Grant, 'grantId'>): Promise<number> {
    const grants = (await this.#grants(db, fn)).filter(({ grantId }) => grantId !== without?.grantId);
    return (await this.#personsOf(db, grants, new Map())).size;
  }

  #grants(db: Db, fn: KeyFunction): Promise<Grant[]> {
    return db.call<Grant>('permit' in db ? holdKeys : readKeys, [fn]);
  }

  /** A deputy and whom they stand for are one: of a post only who is there for good counts, in their own right first. */
  async #personsOf(
    db: Db,
    grants: readonly Grant[],
    changed: PlanShift['staysAt'],
  ): Promise<ReadonlySet<string>> {
    const ids = grants.flatMap(({ postId }) => (postId && !changed.has(postId) ? [postId] : []));
    const posts = new Map((await this.#organisation.posts(db, { ids })).map((post) => [post.id, post]));
    const keys = [...changed.values()].flat().map(({ personKey }) => personKey);
    const known = await this.#persons.idsByKey(db, keys);
    const atPost = (postId: string) =>
      changed
        .get(postId)
        ?.map(({ personKey, as }) => ({ personId: known.get(personKey) ?? personKey, as })) ??
      posts.get(postId)?.holders.filter(({ until }) => until === null) ??
      [];
    return new Set(
      grants.flatMap(({ personId, postId }) => {
        if (personId) return [personId];
        const there = atPost(postId ?? '');
        const [first] = [...there.filter(({ as }) => as !== 'DEPUTY'), ...there];
        return first ? [first.personId] : [];
      }),
    );
  }

  async #keys(db: Db, { staysAt }: PlanShift): Promise<Keys[]> {
    if (staysAt.size === 0) return [];
    const found: Keys[] = [];
    for (const fn of keyFunctions) {
      const grants = await this.#grants(db, fn);
      const postId = grants.find((one) => one.postId && staysAt.has(one.postId))?.postId;
      if (!postId) continue;
      const before = (await this.#personsOf(db, grants, new Map())).size;
      found.push({ fn, postId, before, left: (await this.#personsOf(db, grants, staysAt)).size });
    }
    return found;
  }

  async #objections(db: Db, shift: PlanShift): Promise<PlanObjection[]> {
    const gone = (await this.#keys(db, shift)).filter(({ before, left }) => left === 0 && before > 0);
    return gone.map(({ fn, postId }) => ({ postId, message: lastHolder(fn) }));
  }

  async #foresee(db: Db, shift: PlanShift): Promise<Text[]> {
    const few = (await this.#keys(db, shift)).filter(
      ({ before, left }) => left < keyHolders && left < before,
    );
    return few.map(({ fn }) => oneHolder(fn));
  }
}
