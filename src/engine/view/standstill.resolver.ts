import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentActor, type Actor } from '../../platform/index.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { Standstills } from './standstills.service.ts';

@Resolver('Process')
export class StandstillResolver {
  readonly #standstills: Standstills;

  constructor(standstills: Standstills) {
    this.#standstills = standstills;
  }

  @ResolveField()
  standstill(@Parent() process: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#standstills.of(actor, process);
  }
}
