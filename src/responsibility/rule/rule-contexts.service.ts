import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue, type Edition } from '../../catalogue/index.ts';
import { Organisation, type PostOnDay, type UnitNode, type UnitTree } from '../../organisation/index.ts';
import { found, type Db } from '../../platform/index.ts';
import {
  headedUnit,
  refuseRule,
  type PostFinder,
  type RuleInput,
  type RuleUnit,
  type Target,
} from '../assignment/assignment-rule.rules.ts';
import type { StoredRule } from '../assignment/rule-store.service.ts';

/** Units and the posts in them and above them, on one day. */
export interface UnitContext {
  readonly tree: UnitTree;
  readonly nodes: readonly UnitNode[];
  readonly postFor: PostFinder;
  /** YYYY-MM-DD. */
  readonly on: string;
}
/** The units a rule speaks of, with the edition that its codes are from. */
export interface RuleContext extends UnitContext {
  readonly edition: Edition;
}

const theUnit = { de: 'Die Einheit', en: 'The unit' };
const theCatalogue = {
  de: 'Eine veröffentlichte Fassung dieses Katalogs',
  en: 'A published edition of this catalogue',
};

/** Reads what rules are checked against and worked out in: once for a command or a preview, which passes it on. */
@Injectable()
export class RuleContexts {
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;

  constructor(organisation: Organisation, catalogue: Catalogue) {
    this.#organisation = organisation;
    this.#catalogue = catalogue;
  }

  /**
   * What a rule is checked against and worked out in, on the day from which it can do something: its first, or today.
   * @throws ClientError NOT_FOUND when the unit or a published edition of the catalogue is not there
   */
  async of(
    db: Db,
    { unitId, validFrom, catalogue }: Pick<StoredRule, 'unitId' | 'validFrom' | 'catalogue'>,
  ): Promise<RuleContext> {
    const on = laterOf(validFrom, db.today);
    const tree = await this.#organisation.tree(db, { on });
    found(tree.node(unitId), theUnit);
    const edition = found(await this.#catalogue.newest(db, catalogue), theCatalogue);
    const unitIds = tree.subtree(unitId).map(({ id }) => id);
    return { ...(await this.ofUnits(db, unitIds, tree, on)), edition };
  }

  /** The units of a tree, and which posts their targets mean. */
  async ofUnits(db: Db, unitIds: readonly string[], tree: UnitTree, on: string): Promise<UnitContext> {
    const nodes = unitIds.flatMap((id) => tree.node(id) ?? []);
    const line = new Set(nodes.flatMap(({ id }) => [id, ...tree.ancestors(id).map((above) => above.id)]));
    const posts = await this.#organisation.posts(db, { unitIds: [...line], on });
    return { tree, nodes, postFor: finderOf(posts, tree), on };
  }

  /** Refuses a rule that means nothing with InvalidInput (`refuseRule`). */
  async refuse(db: Db, draft: RuleInput, { tree, edition, on }: RuleContext) {
    const ids = [draft.competent, draft.accountable].flatMap((target) =>
      target && 'postId' in target ? target.postId : [],
    );
    // A rule may name a post of any unit, not only of those it speaks of.
    const posts = ids.length > 0 ? await this.#organisation.posts(db, { ids, on }) : [];
    const known = {
      fields: new Set(edition.fields.map(({ code }) => code)),
      criteria: new Set(edition.criteria.map(({ code }) => code)),
      post: (id: string) => posts.find((post) => post.id === id),
    };
    return refuseRule(draft, known, tree);
  }
}

export const laterOf = (a: string, b: string): string => (a > b ? a : b);

/** The units with what the edition asks of each. */
export const ruleUnits = (nodes: readonly UnitNode[], edition: Edition): RuleUnit[] =>
  nodes.map((node) => ({ id: node.id, level: node.level, criteria: applicableCriteria(edition, node) }));

/** Finds the post a target means: the named one, a unit's head post, or the unit's post of that name. */
function finderOf(posts: readonly PostOnDay[], tree: UnitTree): PostFinder {
  const heads = new Map(
    posts.flatMap((post): [string, string][] => (post.isManagement ? [[post.unitId, post.id]] : [])),
  );
  const named = new Map(posts.toReversed().map((post) => [`${post.unitId} ${post.function}`, post.id]));
  return (target: Target, { id }) => {
    if ('postId' in target) return target.postId;
    if ('postFunction' in target) return named.get(`${id} ${target.postFunction}`) ?? null;
    return heads.get(headedUnit(target.headOf, id, tree) ?? '') ?? null;
  };
}
