import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Catalogue } from '../../catalogue/index.ts';
import type { QueryOpeningProcessesArgs } from '../../graphql.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { ObjectionViews } from '../objection/objection-views.service.ts';
import { OpeningProcessViews } from './opening-process-views.service.ts';
import { OpeningProcesses, type OpeningProcess } from '../opening/opening-processes.service.ts';
import { Staffings } from '../opening/staffings.service.ts';
import { completionOf } from '../opening/completion.rules.ts';

@Resolver('OpeningProcess')
export class OpeningProcessResolver {
  readonly #reads: Reads;
  readonly #openings: OpeningProcesses;
  readonly #views: OpeningProcessViews;
  readonly #catalogue: Catalogue;
  readonly #objections: ObjectionViews;
  readonly #staffings: Staffings;

  constructor(
    reads: Reads,
    openings: OpeningProcesses,
    views: OpeningProcessViews,
    catalogue: Catalogue,
    objections: ObjectionViews,
    staffings: Staffings,
  ) {
    this.#objections = objections;
    this.#staffings = staffings;
    this.#reads = reads;
    this.#openings = openings;
    this.#views = views;
    this.#catalogue = catalogue;
  }

  @Query()
  async openingProcess(@Args('id') id: string, @CurrentActor() actor: Actor) {
    return this.#openings.visible(await this.#reads.db(actor), id);
  }

  @Query()
  async openingProcesses(
    @Args() { roundId, unitId, ...args }: QueryOpeningProcessesArgs,
    @CurrentActor() actor: Actor,
  ) {
    return this.#openings.page(await this.#reads.db(actor), { roundId, unitId }, args);
  }

  @ResolveField()
  async edition(@Parent() { editionId }: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#catalogue.edition(await this.#reads.db(actor), editionId);
  }

  @ResolveField()
  async ratesAlso(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.ratesAlso(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async completion(
    @Parent() opening: OpeningProcess,
    @Args('asOf') asOf: string | undefined,
    @CurrentActor() actor: Actor,
  ) {
    if (!asOf) return completionOf(opening);
    const then = await this.#views.asOf(await this.#reads.db(actor), opening, asOf);
    return then ? completionOf(then) : null;
  }

  @ResolveField()
  async maturity(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.maturity(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async team(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.team(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async signatures(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.signatures(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async objections(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#objections.objections(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async participations(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#objections.participations(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async staffing(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#staffings.of(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async returnReasons(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.returnReasons(await this.#reads.db(actor), opening);
  }
}
