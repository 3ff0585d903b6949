import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  ConfirmSuccessionInput,
  ProposeSuccessionInput,
  WithdrawSuccessionInput,
} from '../../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor, type Refusal } from '../../platform/index.ts';
import type { Finding } from '../round/finding.rules.ts';
import { OpeningProcesses, type OpeningProcess } from '../opening/opening-processes.service.ts';
import { RoundViews } from '../round/round-views.service.ts';
import { SuccessionViews } from './succession-views.service.ts';
import { Successions } from './successions.service.ts';

@Resolver('OpeningProcess')
export class SuccessionResolver {
  readonly #reads: Reads;
  readonly #successions: Successions;
  readonly #views: SuccessionViews;
  readonly #openings: OpeningProcesses;
  readonly #rounds: RoundViews;

  constructor(
    reads: Reads,
    successions: Successions,
    views: SuccessionViews,
    openings: OpeningProcesses,
    rounds: RoundViews,
  ) {
    this.#reads = reads;
    this.#successions = successions;
    this.#views = views;
    this.#openings = openings;
    this.#rounds = rounds;
  }

  @Query()
  async successions(@Args('unitId') unitId: string | undefined, @CurrentActor() actor: Actor) {
    return this.#views.list(await this.#reads.db(actor), unitId ?? null);
  }

  @ResolveField()
  async supersededBy(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.supersededBy(await this.#reads.db(actor), opening);
  }

  @ResolveField()
  async supersedes(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.supersedes(await this.#reads.db(actor), opening);
  }

  @Mutation()
  async proposeSuccession(@Args('input') input: ProposeSuccessionInput, @CurrentActor() actor: Actor) {
    return this.#answer('ProposeSuccessionSuccess', actor, await this.#successions.propose(actor, input));
  }

  @Mutation()
  async withdrawSuccession(@Args('input') input: WithdrawSuccessionInput, @CurrentActor() actor: Actor) {
    return this.#answer('WithdrawSuccessionSuccess', actor, await this.#successions.withdraw(actor, input));
  }

  @Mutation()
  async confirmSuccession(@Args('input') input: ConfirmSuccessionInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#successions.confirm(actor, input);
    const answer = await this.#answer('ConfirmSuccessionSuccess', actor, outcome);
    if (isRefusal(outcome)) return answer;
    const superseded = await this.#openings.byIds(await this.#reads.db(actor), outcome.superseded);
    return { ...answer, superseded };
  }

  async #answer(typename: string, actor: Actor, outcome: { readonly successionId: string } | Refusal) {
    const db = await this.#reads.db(actor);
    if (!isRefusal(outcome))
      return { __typename: typename, succession: await this.#views.one(db, outcome.successionId) };
    const { findings } = outcome as { findings?: readonly Finding[] };
    return findings ? { ...outcome, findings: await this.#rounds.findings(db, findings) } : outcome;
  }
}

@Resolver('Rating')
export class InheritedRatingResolver {
  readonly #views: SuccessionViews;

  constructor(views: SuccessionViews) {
    this.#views = views;
  }

  @ResolveField()
  inheritedFrom(
    @Parent() { carriedFrom, ratedIn }: { carriedFrom: string | null; ratedIn: string },
    @CurrentActor() actor: Actor,
  ) {
    return carriedFrom === null ? null : this.#views.inheritedFrom(actor, { carriedFrom, ratedIn });
  }
}
