import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { OpeningProcess, OpenWork } from '../audit/index.ts';
import type {
  ConfirmEffectInput,
  DropMeasureInput,
  OpeningProcessMeasuresArgs,
  ProposeMeasuresInput,
  QueryMeasureArgs,
  ReportOnMeasuresInput,
  ReviseMeasureInput,
} from '../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor, type Refusal } from '../platform/index.ts';
import { MeasureProgress, type DoneMeasures } from './measure-progress.service.ts';
import { MeasureViews } from './measure-views.service.ts';
import { Measures } from './measures.service.ts';

@Resolver('OpeningProcess')
export class MeasureResolver {
  readonly #measures: Measures;
  readonly #progress: MeasureProgress;
  readonly #views: MeasureViews;
  readonly #reads: Reads;

  constructor(measures: Measures, progress: MeasureProgress, views: MeasureViews, reads: Reads) {
    this.#measures = measures;
    this.#progress = progress;
    this.#views = views;
    this.#reads = reads;
  }

  @Query()
  async measure(@Args() { id }: QueryMeasureArgs, @CurrentActor() actor: Actor) {
    return this.#views.one(await this.#reads.db(actor), id);
  }

  @ResolveField('measures')
  async ofProcess(
    @Parent() opening: OpeningProcess,
    @Args() { asOf }: OpeningProcessMeasuresArgs,
    @CurrentActor() actor: Actor,
  ) {
    return this.#views.ofProcess(await this.#reads.db(actor), opening, asOf ?? null);
  }

  @Mutation()
  async proposeMeasures(@Args('input') input: ProposeMeasuresInput, @CurrentActor() actor: Actor) {
    return this.#all('ProposeMeasuresSuccess', actor, await this.#measures.propose(actor, input));
  }

  @Mutation()
  async reviseMeasure(@Args('input') input: ReviseMeasureInput, @CurrentActor() actor: Actor) {
    return this.#one('ReviseMeasureSuccess', actor, await this.#measures.revise(actor, input));
  }

  @Mutation()
  async dropMeasure(@Args('input') input: DropMeasureInput, @CurrentActor() actor: Actor) {
    return this.#one('DropMeasureSuccess', actor, await this.#measures.drop(actor, input));
  }

  @Mutation()
  async reportOnMeasures(@Args('input') input: ReportOnMeasuresInput, @CurrentActor() actor: Actor) {
    return this.#all('ReportOnMeasuresSuccess', actor, await this.#progress.report(actor, input));
  }

  @Mutation()
  async confirmEffect(@Args('input') input: ConfirmEffectInput, @CurrentActor() actor: Actor) {
    return this.#one('ConfirmEffectSuccess', actor, await this.#progress.confirm(actor, input));
  }

  async #all(success: string, actor: Actor, outcome: DoneMeasures | Refusal) {
    if (isRefusal(outcome)) return outcome;
    return { __typename: success, measures: await this.#written(actor, outcome) };
  }

  async #one(success: string, actor: Actor, outcome: DoneMeasures | Refusal) {
    if (isRefusal(outcome)) return outcome;
    return { __typename: success, measure: (await this.#written(actor, outcome))[0] };
  }

  async #written(actor: Actor, { processId, measureIds }: DoneMeasures) {
    return this.#views.written(await this.#reads.db(actor), processId, measureIds);
  }
}

/** Which measure a piece of open work is about. */
@Resolver('OpenWork')
export class OpenWorkMeasureResolver {
  readonly #views: MeasureViews;
  readonly #reads: Reads;

  constructor(views: MeasureViews, reads: Reads) {
    this.#views = views;
    this.#reads = reads;
  }

  @ResolveField()
  async measure(@Parent() { companionId }: OpenWork, @CurrentActor() actor: Actor) {
    return companionId ? this.#views.one(await this.#reads.db(actor), companionId) : null;
  }
}
