import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentActor, type Actor } from '../../platform/index.ts';
import { DeadlineViews } from './deadline-views.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

@Resolver('Process')
export class DeadlineResolver {
  readonly #views: DeadlineViews;

  constructor(views: DeadlineViews) {
    this.#views = views;
  }

  @ResolveField()
  deadlines(@Parent() process: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.deadlines(actor, process);
  }

  @ResolveField()
  deadlineChanges(@Parent() process: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.changes(actor, process);
  }

  @ResolveField()
  suspension(@Parent() process: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.suspension(actor, process);
  }
}
