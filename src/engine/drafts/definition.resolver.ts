import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentActor, type Actor } from '../../platform/index.ts';
import { printed } from './draft.rules.ts';
import { DraftViews } from './draft-views.service.ts';
import { ProcessViews, type ShownDefinition } from '../view/process-views.service.ts';

@Resolver('ProcessDefinition')
export class DefinitionResolver {
  readonly #drafts: DraftViews;
  readonly #processes: ProcessViews;

  constructor(drafts: DraftViews, processes: ProcessViews) {
    this.#drafts = drafts;
    this.#processes = processes;
  }

  @ResolveField()
  source(@Parent() { body }: ShownDefinition) {
    return printed(body);
  }

  @ResolveField()
  async basedOn(@Parent() { id }: ShownDefinition, @CurrentActor() actor: Actor) {
    const base = await this.#drafts.base(actor, id);
    return base && this.#processes.definition(actor, base.id);
  }
}
