import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { BulkRunOutcomesArgs, QueryPlanBulkArgs, RunBulkInput } from '../../graphql.ts';
import { CurrentActor, Reads, type Actor, type Json } from '../../platform/index.ts';
import { BulkCommands } from './bulk-commands.service.ts';
import type { RunRow } from './bulk.sql.ts';
import { countAble, grouped, type ForecastGroup, type Outcome } from './bulk.rules.ts';
import { BulkPlans } from './bulk-plans.service.ts';
import { BulkViews, orBadInput } from './bulk-views.service.ts';
import { ProcessViews } from '../view/process-views.service.ts';

const mostGroups = 100;

@Resolver('BulkRun')
export class BulkResolver {
  readonly #reads: Reads;
  readonly #counts: BulkPlans;
  readonly #commands: BulkCommands;
  readonly #views: BulkViews;

  constructor(reads: Reads, counts: BulkPlans, commands: BulkCommands, views: BulkViews) {
    this.#reads = reads;
    this.#counts = counts;
    this.#commands = commands;
    this.#views = views;
  }

  @Query()
  async planBulk(@Args() { step, payload, filter }: QueryPlanBulkArgs, @CurrentActor() actor: Actor) {
    const db = await this.#reads.db(actor);
    const agreed = { kind: 'STEP' as const, step, ...(payload != null && { payload: payload as Json }) };
    const forecast = orBadInput(await this.#counts.forecast(db, agreed, filter));
    return {
      found: forecast.processes.length,
      able: countAble(forecast),
      groups: grouped(forecast).slice(0, mostGroups),
    };
  }

  @Query()
  async bulkRun(@Args('id') id: string, @CurrentActor() actor: Actor) {
    return (await this.#views.run(actor, id)) ?? null;
  }

  @Query()
  bulkRuns(@CurrentActor() actor: Actor) {
    return this.#views.newest(actor);
  }

  @Mutation()
  async runBulk(@Args('input') input: RunBulkInput, @CurrentActor() actor: Actor) {
    const begun = await this.#commands.runBulk(actor, input);
    return this.#views.answer(actor, 'RunBulkSuccess', begun);
  }

  @ResolveField()
  outcomes(
    @Parent() { id }: RunRow,
    @Args() { only = null, ...args }: BulkRunOutcomesArgs,
    @CurrentActor() actor: Actor,
  ) {
    return this.#views.outcomes(actor, id, only as Outcome | null, args);
  }
}

@Resolver('BulkGroup')
export class BulkGroupResolver {
  readonly #views: ProcessViews;

  constructor(views: ProcessViews) {
    this.#views = views;
  }

  @ResolveField()
  stageLabel(@Parent() { definitionId, stage }: ForecastGroup, @CurrentActor() actor: Actor) {
    return this.#views.stageLabel(actor, definitionId, stage);
  }
}
