import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentActor, type Actor } from '../../platform/index.ts';
import { Past, type PastProcess } from './past.service.ts';
import { ProcessViews } from '../view/process-views.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

@Resolver('Process')
export class ProcessPastResolver {
  readonly #past: Past;

  constructor(past: Past) {
    this.#past = past;
  }

  @ResolveField()
  asOf(@Parent() process: ProcessRow, @Args('day') day: string, @CurrentActor() actor: Actor) {
    return this.#past.of(actor, process, day);
  }
}

@Resolver('PastProcess')
export class PastProcessResolver {
  readonly #past: Past;
  readonly #views: ProcessViews;

  constructor(past: Past, views: ProcessViews) {
    this.#past = past;
    this.#views = views;
  }

  @ResolveField()
  definition(@Parent() { definitionId }: PastProcess, @CurrentActor() actor: Actor) {
    return this.#views.definition(actor, definitionId);
  }

  @ResolveField()
  stageLabel(@Parent() past: PastProcess, @CurrentActor() actor: Actor) {
    return this.#past.stageLabel(actor, past);
  }

  @ResolveField()
  history(@Parent() past: PastProcess, @CurrentActor() actor: Actor) {
    return this.#past.history(actor, past);
  }

  @ResolveField()
  deadlines(@Parent() past: PastProcess, @CurrentActor() actor: Actor) {
    return this.#past.deadlines(actor, past);
  }

  @ResolveField()
  tasks(@Parent() past: PastProcess, @CurrentActor() actor: Actor) {
    return this.#past.tasks(actor, past);
  }
}
