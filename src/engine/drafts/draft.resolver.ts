import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  RewriteDraftInput,
  DiscardDraftInput,
  DraftDefinitionInput,
  PublishDraftInput,
  RetireDefinitionInput,
  ReturnDraftInput,
  SubmitDraftInput,
} from '../../graphql.ts';
import { CurrentActor, isRefusal, type Actor, type Refusal } from '../../platform/index.ts';
import { DraftViews, type ShownDraft } from './draft-views.service.ts';
import { Drafts } from './drafts.service.ts';
import { ProcessViews } from '../view/process-views.service.ts';

@Resolver('DefinitionDraft')
export class DraftResolver {
  readonly #drafts: Drafts;
  readonly #views: DraftViews;
  readonly #processes: ProcessViews;

  constructor(drafts: Drafts, views: DraftViews, processes: ProcessViews) {
    this.#drafts = drafts;
    this.#views = views;
    this.#processes = processes;
  }

  @Query()
  definitionDrafts(@CurrentActor() actor: Actor) {
    return this.#views.open(actor);
  }

  @Query()
  definitionDraft(@Args('id') id: string, @CurrentActor() actor: Actor) {
    return this.#views.draft(actor, id);
  }

  @Query()
  checkDefinition(@Args('source') source: string, @CurrentActor() actor: Actor) {
    return this.#views.check(actor, source);
  }

  @Query()
  variantReport(
    @Args('definitionId') definitionId: string,
    @Args('baseId') baseId: string,
    @CurrentActor() actor: Actor,
  ) {
    return this.#views.report(actor, definitionId, baseId);
  }

  @Mutation()
  async draftDefinition(@Args('input') input: DraftDefinitionInput, @CurrentActor() actor: Actor) {
    return this.#draft('DraftDefinitionSuccess', actor, await this.#drafts.draft(actor, input));
  }

  @Mutation()
  async rewriteDraft(@Args('input') input: RewriteDraftInput, @CurrentActor() actor: Actor) {
    return this.#draft('RewriteDraftSuccess', actor, await this.#drafts.change(actor, input));
  }

  @Mutation()
  async submitDraft(@Args('input') input: SubmitDraftInput, @CurrentActor() actor: Actor) {
    return this.#draft('SubmitDraftSuccess', actor, await this.#drafts.submit(actor, input));
  }

  @Mutation()
  async returnDraft(@Args('input') input: ReturnDraftInput, @CurrentActor() actor: Actor) {
    return this.#draft('ReturnDraftSuccess', actor, await this.#drafts.giveBack(actor, input));
  }

  @Mutation()
  async discardDraft(@Args('input') input: DiscardDraftInput, @CurrentActor() actor: Actor) {
    return this.#draft('DiscardDraftSuccess', actor, await this.#drafts.discard(actor, input));
  }

  @Mutation()
  async publishDraft(@Args('input') input: PublishDraftInput, @CurrentActor() actor: Actor) {
    return this.#definition('PublishDraftSuccess', actor, await this.#drafts.publish(actor, input));
  }

  @Mutation()
  async retireDefinition(@Args('input') input: RetireDefinitionInput, @CurrentActor() actor: Actor) {
    return this.#definition('RetireDefinitionSuccess', actor, await this.#drafts.retire(actor, input));
  }

  @ResolveField()
  definition(@Parent() { definitionId }: ShownDraft, @CurrentActor() actor: Actor) {
    return definitionId && this.#processes.definition(actor, definitionId);
  }

  @ResolveField()
  check(@Parent() { source }: ShownDraft, @CurrentActor() actor: Actor) {
    return this.#views.check(actor, source);
  }

  async #draft(success: string, actor: Actor, done: { draftId: string } | Refusal) {
    if (isRefusal(done)) return done;
    return { __typename: success, draft: await this.#views.answered(actor, done.draftId) };
  }

  async #definition(success: string, actor: Actor, done: { definitionId: string } | Refusal) {
    if (isRefusal(done)) return done;
    return { __typename: success, definition: await this.#processes.definition(actor, done.definitionId) };
  }
}
