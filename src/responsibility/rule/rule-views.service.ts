import { Injectable } from '@nestjs/common';
import { Organisation } from '../../organisation/index.ts';
import { Reads, type Actor, type Db, type PageArgs } from '../../platform/index.ts';
import type { Target } from '../assignment/assignment-rule.rules.ts';
import type { RuleEffect, RuleOutcome } from '../assignment/assignment.rules.ts';
import { AssignmentViews } from '../assignment/assignment-views.service.ts';
import { allows } from '../functions/permission.rules.ts';
import { slice } from '../assignment/questions.service.ts';
import { RuleStore, type StoredRule } from '../assignment/rule-store.service.ts';

const none: ReadonlySet<string> = new Set();

/** Puts rules, and what they do, together with units, posts and names. */
@Injectable()
export class RuleViews {
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #store: RuleStore;
  readonly #views: AssignmentViews;

  constructor(reads: Reads, organisation: Organisation, store: RuleStore, views: AssignmentViews) {
    this.#reads = reads;
    this.#organisation = organisation;
    this.#store = store;
    this.#views = views;
  }

  /** The rules whose units the asker assigns for. */
  async all(actor: Actor) {
    const db = await this.#reads.db(actor);
    const rules = await this.#store.all(db);
    const mine = rules.filter(({ unitId }) =>
      allows('assignmentRule.read', actor.functionsAt({ unitId }), none),
    );
    return this.of(db, mine);
  }

  async one(actor: Actor, id: string) {
    const db = await this.#reads.db(actor);
    const [rule] = await this.of(db, [...(await this.#store.of(db, [id])).values()]);
    return rule;
  }

  /** A page of what a rule does, of one outcome if wished. */
  async effects(
    actor: Actor,
    effects: readonly RuleEffect[],
    { outcome, ...args }: PageArgs & { outcome?: RuleOutcome | null },
  ) {
    const db = await this.#reads.db(actor);
    const wanted = outcome ? effects.filter((one) => one.outcome === outcome) : effects;
    const { nodes, pageInfo } = slice(wanted, args, ({ unitId, kind, subject }) => [unitId, kind, subject]);
    const tree = await this.#organisation.tree(db);
    const ids = [...new Set(nodes.flatMap(({ postId, standing }) => [postId ?? [], standing ?? []].flat()))];
    const posts = new Map((await this.#organisation.posts(db, { ids })).map((post) => [post.id, post]));
    const shown = nodes.map((effect) => ({
      ...effect,
      code: effect.subject,
      unit: tree.node(effect.unitId),
      post: posts.get(effect.postId ?? '') ?? null,
      standing: posts.get(effect.standing ?? '') ?? null,
    }));
    return { nodes: shown, pageInfo, totalCount: wanted.length };
  }

  async of(db: Db, rules: readonly StoredRule[]) {
    const tree = await this.#organisation.tree(db);
    const ids = rules.flatMap(({ competent, accountable }) =>
      [postOf(competent), postOf(accountable)].flat(),
    );
    const posts = new Map((await this.#organisation.posts(db, { ids })).map((post) => [post.id, post]));
    const person = await this.#views.persons(
      db,
      rules.map(({ proposedBy }) => proposedBy),
    );
    const target = (of: Target | null) => of && { ...of, post: posts.get(postOf(of)[0] ?? '') ?? null };
    return rules.map((rule) => ({
      ...rule,
      unit: tree.node(rule.unitId) ?? null,
      competent: target(rule.competent),
      accountable: target(rule.accountable),
      appliedAt: rule.recordedAt,
      appliedBy: person(rule.proposedBy),
    }));
  }
}

const postOf = (target: Target | null): string[] => (target && 'postId' in target ? [target.postId] : []);
