import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  QueryPostArgs,
  QueryPostsArgs,
  QueryUnitArgs,
  QueryUnitsArgs,
  QueryWhoHeldArgs,
} from '../../graphql.ts';
import {
  afterKey,
  CurrentActor,
  found,
  page,
  pageSize,
  Reads,
  type Actor,
  type Page,
} from '../../platform/index.ts';
import { Batches } from './batches.service.ts';
import { Organisation, type PostOnDay } from './organisation.service.ts';
import { unitPage } from './unit-page.rules.ts';
import { dated, UnitTree, type Dated, type UnitNode } from '../plan/unit-tree.rules.ts';

const unitWords = { de: 'Einheit', en: 'Unit' };
const postWords = { de: 'Stelle', en: 'Post' };

@Resolver()
export class OrganisationResolver {
  readonly #reads: Reads;
  readonly #organisation: Organisation;

  constructor(reads: Reads, organisation: Organisation) {
    this.#reads = reads;
    this.#organisation = organisation;
  }

  @Query()
  async administration(@CurrentActor() actor: Actor) {
    return this.#organisation.administration(await this.#reads.db(actor));
  }

  @Query()
  async units(@Args() { validOn, asOf, ...wanted }: QueryUnitsArgs, @CurrentActor() actor: Actor) {
    const tree = await this.#organisation.tree(await this.#reads.db(actor), { on: validOn, asOf });
    if (wanted.under) found(tree.node(wanted.under), unitWords);
    return unitPage(tree, wanted);
  }

  @Query()
  async unit(@Args() { id, validOn, asOf }: QueryUnitArgs, @CurrentActor() actor: Actor): Promise<UnitNode> {
    const tree = await this.#organisation.tree(await this.#reads.db(actor), { on: validOn, asOf });
    return found(tree.node(id), unitWords);
  }

  @Query()
  async posts(@Args() args: QueryPostsArgs, @CurrentActor() actor: Actor): Promise<Page<Dated<PostOnDay>>> {
    const db = await this.#reads.db(actor);
    const { moment, subtree } = await this.#organisation
      .tree(db, { on: args.validOn, asOf: args.asOf })
      .then((tree) => ({ moment: tree.moment, subtree: args.under ? tree.subtree(found(tree.node(args.under), unitWords).id) : null })); // prettier-ignore
    const posts = await this.#organisation.postPage(db, {
      ...moment,
      unitIds: subtree && subtree.map(({ id }) => id),
      vacant: args.vacant ?? false,
      after: afterKey(args)?.[0] ?? null,
      limit: pageSize(args) + 1,
    });
    return page(dated(posts, moment), args, ({ postNo }) => [postNo]);
  }

  @Query()
  async post(@Args() { id, validOn, asOf }: QueryPostArgs, @CurrentActor() actor: Actor) {
    const db = await this.#reads.db(actor);
    const moment = { on: validOn ?? asOf ?? db.today, asOf: asOf ?? null };
    const [post] = dated(await this.#organisation.posts(db, { ...moment, ids: [id] }), moment);
    return found(post, postWords);
  }

  @Query()
  async whoHeld(@Args() { postId, validOn }: QueryWhoHeldArgs, @CurrentActor() actor: Actor) {
    const held = await this.#organisation.whoHeld(await this.#reads.db(actor), postId, { on: validOn });
    return found(held, postWords);
  }
}

@Resolver('Me')
export class HeldPostsResolver {
  readonly #reads: Reads;
  readonly #organisation: Organisation;

  constructor(reads: Reads, organisation: Organisation) {
    this.#reads = reads;
    this.#organisation = organisation;
  }

  @ResolveField()
  async posts(@Parent() { posts }: Actor, @CurrentActor() actor: Actor) {
    const db = await this.#reads.db(actor);
    const ids = posts.map(({ postId }) => postId);
    const known = new Map((await this.#organisation.posts(db, { ids })).map((post) => [post.id, post]));
    return posts.flatMap(({ postId, as }) => (known.has(postId) ? [{ post: known.get(postId), as }] : []));
  }
}

@Resolver('Administration')
export class AdministrationResolver {
  readonly #reads: Reads;
  readonly #organisation: Organisation;

  constructor(reads: Reads, organisation: Organisation) {
    this.#reads = reads;
    this.#organisation = organisation;
  }

  @ResolveField()
  async top(@CurrentActor() actor: Actor) {
    return (await this.#organisation.tree(await this.#reads.db(actor))).top() ?? null;
  }

  @ResolveField()
  async areas(@CurrentActor() actor: Actor) {
    return (await this.#organisation.tree(await this.#reads.db(actor))).areas();
  }

  @ResolveField()
  async unitKinds(@CurrentActor() actor: Actor) {
    return this.#organisation.kinds(await this.#reads.db(actor));
  }
}

@Resolver('OrgUnit')
export class UnitResolver {
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #batches: Batches;

  constructor(reads: Reads, organisation: Organisation, batches: Batches) {
    this.#reads = reads;
    this.#organisation = organisation;
    this.#batches = batches;
  }

  @ResolveField()
  kind(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    return this.#batches.kind(actor, unit.kind);
  }

  @ResolveField()
  async parent(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    return (await this.#tree(unit, actor)).parent(unit.id) ?? null;
  }

  @ResolveField()
  async ancestors(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    return (await this.#tree(unit, actor)).ancestors(unit.id);
  }

  @ResolveField()
  async children(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    return (await this.#tree(unit, actor)).children(unit.id);
  }

  @ResolveField()
  async area(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    return (await this.#tree(unit, actor)).area(unit.id) ?? null;
  }

  @ResolveField()
  async headPost(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    const posts = await this.posts(unit, actor);
    return posts.find(({ isManagement }) => isManagement) ?? null;
  }

  @ResolveField()
  async posts(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    const { moment } = await this.#tree(unit, actor);
    return this.#batches.postsOf(actor, unit.id, moment);
  }

  @ResolveField()
  async tasks(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    const { moment } = await this.#tree(unit, actor);
    return this.#batches.tasksOf(actor, unit.id, moment);
  }

  /** Predecessors have mostly ended: each is shown as it last stood. */
  @ResolveField()
  async predecessors(@Parent() unit: UnitNode, @CurrentActor() actor: Actor) {
    const db = await this.#reads.db(actor);
    return this.#organisation.lastKnown(db, await this.#organisation.predecessors(db, unit.id));
  }

  async #tree(unit: UnitNode, actor: Actor): Promise<UnitTree> {
    return UnitTree.of(unit) ?? this.#organisation.tree(await this.#reads.db(actor));
  }
}
