import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentActor, found, Reads, type Actor } from '../../platform/index.ts';
import { Batches } from './batches.service.ts';
import type { Dated, Moment } from '../plan/unit-tree.rules.ts';
import { Organisation, type HolderOnDay, type PostOnDay, type TaskOnDay } from './organisation.service.ts';

@Resolver('Post')
export class PostResolver {
  readonly #reads: Reads;
  readonly #organisation: Organisation;

  constructor(reads: Reads, organisation: Organisation) {
    this.#reads = reads;
    this.#organisation = organisation;
  }

  @ResolveField()
  async unit(@Parent() post: PostOnDay & { readonly moment?: Moment }, @CurrentActor() actor: Actor) {
    const tree = await this.#organisation.tree(await this.#reads.db(actor), post.moment);
    return found(tree.node(post.unitId), { de: 'Einheit', en: 'Unit' });
  }
}

@Resolver('Holder')
export class HolderResolver {
  readonly #batches: Batches;

  constructor(batches: Batches) {
    this.#batches = batches;
  }

  @ResolveField()
  async person(@Parent() { personId }: HolderOnDay, @CurrentActor() actor: Actor) {
    return { id: personId, displayName: await this.#batches.personName(actor, personId) };
  }
}

@Resolver('BusinessTask')
export class TaskResolver {
  readonly #batches: Batches;

  constructor(batches: Batches) {
    this.#batches = batches;
  }

  @ResolveField()
  post(@Parent() task: Dated<TaskOnDay>, @CurrentActor() actor: Actor) {
    return this.#batches.post(actor, task.postId, task.moment);
  }

  @ResolveField()
  deputyPost(@Parent() task: Dated<TaskOnDay>, @CurrentActor() actor: Actor) {
    return this.#batches.post(actor, task.deputyPostId, task.moment);
  }
}
