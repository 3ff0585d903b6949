import { Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Language } from '../graphql.ts';
import { CurrentActor, type Actor } from '../platform/index.ts';

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
