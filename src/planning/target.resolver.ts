import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { OpeningProcesses, type OpeningProcess } from '../audit/index.ts';
import type { CoSignTargetsInput } from '../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../platform/index.ts';
import { MeasureViews } from './measure-views.service.ts';
import { Targets } from './targets.service.ts';

@Resolver('OpeningProcess')
export class TargetResolver {
  readonly #targets: Targets;
  readonly #views: MeasureViews;
  readonly #openings: OpeningProcesses;
  readonly #reads: Reads;

  constructor(targets: Targets, views: MeasureViews, openings: OpeningProcesses, reads: Reads) {
    this.#targets = targets;
    this.#views = views;
    this.#openings = openings;
    this.#reads = reads;
  }

  @ResolveField()
  async targetAgreement(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.agreement(await this.#reads.db(actor), opening);
  }

  @Mutation()
  async coSignTargets(@Args('input') input: CoSignTargetsInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#targets.coSign(actor, input);
    if (isRefusal(outcome)) return outcome;
    const openingProcess = await this.#openings.one(await this.#reads.db(actor), outcome.processId);
    return { __typename: 'CoSignTargetsSuccess', openingProcess };
  }
}
