import { Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Language } from '../graphql.ts';
import { CurrentActor, type Actor } from '../platform/index.ts';
import { Persons } from './persons.service.ts';

/** `Me` is the actor itself, so that higher rooms add their fields from it. */
@Resolver('Me')
export class MeResolver {
  @Query()
  me(@CurrentActor() actor: Actor): Actor {
    return actor;
  }

  @ResolveField()
  person(@Parent() { person, name }: Actor) {
    return { id: person, displayName: name };
  }

  @ResolveField()
  language(@Parent() { language }: Actor): Language {
    return language === 'en' ? 'EN' : 'DE';
  }
}

@Resolver('LogDownload')
export class DownloadedByResolver {
  readonly #persons: Persons;

  constructor(persons: Persons) {
    this.#persons = persons;
  }

  @ResolveField()
  person(@Parent() { personId }: { personId: string }, @CurrentActor() actor: Actor) {
    return this.#persons.person(actor, personId);
  }
}

/** The engine knows who acted by id alone. */
@Resolver('ProcessStep')
export class ActedByResolver {
  readonly #persons: Persons;

  constructor(persons: Persons) {
    this.#persons = persons;
  }

  @ResolveField()
  person(@Parent() { personId }: { personId: string }, @CurrentActor() actor: Actor) {
    return this.#persons.person(actor, personId);
  }

  @ResolveField()
  onBehalfOf(@Parent() { onBehalfOf }: { onBehalfOf: string | null }, @CurrentActor() actor: Actor) {
    return onBehalfOf && this.#persons.person(actor, onBehalfOf);
  }
}
