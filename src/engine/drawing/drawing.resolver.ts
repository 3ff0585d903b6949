import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentActor, type Actor } from '../../platform/index.ts';
import { DraftViews, type ShownDraft } from '../drafts/draft-views.service.ts';
import type { DrawingFormat } from './drawing.rules.ts';
import { Drawings } from './drawings.service.ts';
import { ProcessViews, type ShownDefinition } from '../view/process-views.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

@Resolver('ProcessDefinition')
export class DefinitionDrawingResolver {
  readonly #drawings: Drawings;

  constructor(drawings: Drawings) {
    this.#drawings = drawings;
  }

  @ResolveField()
  drawing(
    @Parent() { body }: ShownDefinition,
    @Args('format') format: DrawingFormat,
    @CurrentActor() { language }: Actor,
  ) {
    return this.#drawings.draw(body, format, language);
  }
}

@Resolver('Process')
export class ProcessDrawingResolver {
  readonly #drawings: Drawings;
  readonly #views: ProcessViews;

  constructor(drawings: Drawings, views: ProcessViews) {
    this.#drawings = drawings;
    this.#views = views;
  }

  @ResolveField()
  async drawing(
    @Parent() { definitionId, states }: ProcessRow,
    @Args('format') format: DrawingFormat,
    @CurrentActor() actor: Actor,
  ) {
    const { body } = await this.#views.definition(actor, definitionId);
    return this.#drawings.draw(body, format, actor.language, states);
  }
}

@Resolver('DefinitionDraft')
export class DraftDrawingResolver {
  readonly #drawings: Drawings;
  readonly #views: DraftViews;

  constructor(drawings: Drawings, views: DraftViews) {
    this.#drawings = drawings;
    this.#views = views;
  }

  @ResolveField()
  async drawing(
    @Parent() { source }: ShownDraft,
    @Args('format') format: DrawingFormat,
    @CurrentActor() actor: Actor,
  ) {
    const definition = await this.#views.meant(actor, source);
    return definition && this.#drawings.draw(definition, format, actor.language);
  }
}
