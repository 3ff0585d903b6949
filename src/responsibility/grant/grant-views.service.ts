import { Injectable } from '@nestjs/common';
import { Organisation } from '../../organisation/index.ts';
import { afterKey, page, pageSize, Reads, type Actor, type Db, type PageArgs } from '../../platform/index.ts';
import { AssignmentViews } from '../assignment/assignment-views.service.ts';
import { functionName } from '../functions/function-names.rules.ts';
import type { Grant } from './grant.rules.ts';
import { Grants } from './grants.service.ts';

/** Puts grants together with persons, posts and units. */
@Injectable()
export class GrantViews {
  readonly #reads: Reads;
  readonly #grants: Grants;
  readonly #organisation: Organisation;
  readonly #views: AssignmentViews;

  constructor(reads: Reads, grants: Grants, organisation: Organisation, views: AssignmentViews) {
    this.#reads = reads;
    this.#grants = grants;
    this.#organisation = organisation;
    this.#views = views;
  }

  /** A page of standing functions, of one code if wished. */
  async list(actor: Actor, { fn, ...args }: PageArgs & { readonly fn?: string | null }) {
    const db = await this.#reads.db(actor);
    const [after] = afterKey(args) ?? [null];
    const rows = await this.#grants.list(db, {
      fn: fn ?? null,
      after: after ?? null,
      limit: pageSize(args) + 1,
    });
    const { nodes, pageInfo } = page(rows, args, ({ grantId }) => [grantId]);
    return { nodes: await this.#of(db, nodes), pageInfo };
  }

  async one(actor: Actor, grantId: string) {
    const db = await this.#reads.db(actor);
    const [shown] = await this.#of(db, await this.#grants.byId(db, grantId));
    return shown;
  }

  async #of(db: Db, grants: readonly Grant[]) {
    const ids = grants.flatMap(({ postId }) => postId ?? []);
    const posts = new Map((await this.#organisation.posts(db, { ids })).map((post) => [post.id, post]));
    const tree = await this.#organisation.tree(db);
    const persons = grants.flatMap(({ personId, grantedBy, confirmedBy, endBy }) => [
      personId,
      grantedBy,
      confirmedBy,
      endBy,
    ]);
    const person = await this.#views.persons(db, persons);
    return grants.map((grant) => ({
      ...grant,
      id: grant.grantId,
      function: grant.fn,
      functionName: functionName(grant.fn),
      person: person(grant.personId),
      post: posts.get(grant.postId ?? '') ?? null,
      unit: tree.node(grant.scopeId ?? '') ?? null,
      state: stateOf(grant, db.today),
      grantedBy: person(grant.grantedBy),
      confirmedBy: person(grant.confirmedBy),
      endBy: person(grant.endBy),
    }));
  }
}

function stateOf({ grantedBy, confirmedBy, validFrom, validUntil }: Grant, today: string): string {
  if (validUntil !== null && validUntil <= today) return 'ENDED';
  if (grantedBy !== null && confirmedBy === null) return 'PROPOSED';
  return validFrom <= today ? 'IN_FORCE' : 'CONFIRMED';
}
