import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Catalogue } from '../../catalogue/index.ts';
import type {
  AssignAuditorsInput,
  EndRoundInput,
  JoinRoundInput,
  LeaveRoundInput,
  NameRoundPeopleInput,
  OpenRoundInput,
  QueryCheckRoundArgs,
  RoundScopeInput,
  StartRoundInput,
} from '../../graphql.ts';
import {
  CurrentActor,
  isRefusal,
  Reads,
  type Actor,
  type PageArgs,
  type Refusal,
} from '../../platform/index.ts';
import type { Finding } from './finding.rules.ts';
import type { IndependenceConflict } from '../opening/independence.service.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';
import { RoundAuditors } from './round-auditors.service.ts';
import { RoundChecks } from './round-checks.service.ts';
import { RoundPeople } from './round-people.service.ts';
import type { RoundRow } from '../opening/round.sql.ts';
import { Rounds } from './rounds.service.ts';
import { RoundViews } from './round-views.service.ts';
import type { ScopeKind } from '../opening/scope.rules.ts';

const mostFindings = 500;
type RoundReceipt = { readonly roundId: string };
/** What refusals of a round carry beside their message. */
interface Facts {
  readonly findings?: readonly Finding[];
  readonly unitIds?: readonly string[];
  readonly conflicts?: readonly IndependenceConflict[];
}

@Resolver()
export class RoundResolver {
  readonly #reads: Reads;
  readonly #views: RoundViews;
  readonly #checks: RoundChecks;
  readonly #rounds: Rounds;
  readonly #people: RoundPeople;
  readonly #auditors: RoundAuditors;

  constructor(
    reads: Reads,
    views: RoundViews,
    checks: RoundChecks,
    rounds: Rounds,
    people: RoundPeople,
    auditors: RoundAuditors,
  ) {
    this.#reads = reads;
    this.#views = views;
    this.#checks = checks;
    this.#rounds = rounds;
    this.#people = people;
    this.#auditors = auditors;
  }

  @Query()
  async rounds(@CurrentActor() actor: Actor) {
    return this.#views.all(await this.#reads.db(actor));
  }

  @Query()
  async round(@Args('id') id: string, @CurrentActor() actor: Actor) {
    return (await this.#views.byId(await this.#reads.db(actor), id)) ?? null;
  }

  @Query()
  checkRound(
    @Args() { roundId, smallTeams = 'WITHIN_SUPERIOR', first = 100 }: QueryCheckRoundArgs,
    @CurrentActor() actor: Actor,
  ) {
    return this.#reads.within(actor, async (db) => {
      const round = await this.#views.one(db, roundId);
      const check = await this.#checks.check(db, round, { smallTeams });
      return this.#views.check(db, round, check, Math.min(Math.max(first, 0), mostFindings));
    });
  }

  @Mutation()
  async openRound(@Args('input') { scope, ...input }: OpenRoundInput, @CurrentActor() actor: Actor) {
    return this.#answer(
      'OpenRoundSuccess',
      actor,
      await this.#rounds.openRound(actor, { ...input, scope: entriesOf(scope) }),
    );
  }

  @Mutation()
  async nameRoundPeople(@Args('input') input: NameRoundPeopleInput, @CurrentActor() actor: Actor) {
    const people = (input.people ?? []).map(({ function: fn, personId = null, postId = null, chair }) => {
      return { fn, personId, postId, chair: chair ?? false };
    });
    const { commandId, roundId, release, boardQuorum = null } = input;
    const command = { commandId, roundId, people, release: release ?? [], boardQuorum };
    return this.#answer('NameRoundPeopleSuccess', actor, await this.#people.nameRoundPeople(actor, command));
  }

  @Mutation()
  async assignAuditors(
    @Args('input') { assignments, ...input }: AssignAuditorsInput,
    @CurrentActor() actor: Actor,
  ) {
    const all = assignments.map(({ andBelow, ...one }) => ({ ...one, andBelow: andBelow ?? false }));
    const outcome = await this.#auditors.assignAuditors(actor, { ...input, assignments: all });
    return this.#answer('AssignAuditorsSuccess', actor, outcome);
  }

  @Mutation()
  async startRound(@Args('input') input: StartRoundInput, @CurrentActor() actor: Actor) {
    return this.#answer(
      'StartRoundSuccess',
      actor,
      await this.#rounds.startRound(actor, { smallTeams: 'WITHIN_SUPERIOR', ...input }),
    );
  }

  @Mutation()
  async joinRound(@Args('input') input: JoinRoundInput, @CurrentActor() actor: Actor) {
    return this.#answer('JoinRoundSuccess', actor, await this.#rounds.joinRound(actor, input));
  }

  @Mutation()
  async leaveRound(@Args('input') input: LeaveRoundInput, @CurrentActor() actor: Actor) {
    return this.#answer('LeaveRoundSuccess', actor, await this.#rounds.leaveRound(actor, input));
  }

  @Mutation()
  async endRound(@Args('input') input: EndRoundInput, @CurrentActor() actor: Actor) {
    return this.#answer('EndRoundSuccess', actor, await this.#rounds.endRound(actor, input));
  }

  async #answer(typename: string, actor: Actor, outcome: RoundReceipt | Refusal) {
    const db = await this.#reads.db(actor);
    if (!isRefusal(outcome))
      return { __typename: typename, ...outcome, round: await this.#views.one(db, outcome.roundId) };
    const { findings, unitIds, conflicts } = outcome as Facts;
    if (conflicts) return { ...outcome, conflicts: await this.#views.conflicts(db, conflicts) };
    if (findings) return { ...outcome, findings: await this.#views.findings(db, findings) };
    if (unitIds) return { ...outcome, units: unitIds.map(await this.#views.units(db, unitIds)) };
    return outcome;
  }
}

function entriesOf({ subtrees, units, except }: RoundScopeInput): { unitId: string; kind: ScopeKind }[] {
  const entries = (ids: readonly string[] | null | undefined, kind: ScopeKind) =>
    (ids ?? []).map((unitId) => ({ unitId, kind }));
  const all = [...entries(subtrees, 'SUBTREE'), ...entries(units, 'UNIT'), ...entries(except, 'EXCEPT')];
  return [...new Map(all.map((entry) => [entry.unitId, entry])).values()];
}

@Resolver('Round')
export class RoundFieldsResolver {
  readonly #reads: Reads;
  readonly #views: RoundViews;
  readonly #catalogue: Catalogue;
  readonly #openings: OpeningProcesses;

  constructor(reads: Reads, views: RoundViews, catalogue: Catalogue, openings: OpeningProcesses) {
    this.#reads = reads;
    this.#views = views;
    this.#catalogue = catalogue;
    this.#openings = openings;
  }

  @ResolveField()
  async edition(@Parent() { editionId }: RoundRow, @CurrentActor() actor: Actor) {
    return this.#catalogue.edition(await this.#reads.db(actor), editionId);
  }

  @ResolveField()
  async scope(@Parent() round: RoundRow, @CurrentActor() actor: Actor) {
    return this.#views.scope(await this.#reads.db(actor), round);
  }

  @ResolveField()
  async people(@Parent() round: RoundRow, @CurrentActor() actor: Actor) {
    return this.#views.people(await this.#reads.db(actor), round);
  }

  @ResolveField()
  async auditors(@Parent() round: RoundRow, @CurrentActor() actor: Actor) {
    return this.#views.auditors(await this.#reads.db(actor), round);
  }

  @ResolveField()
  async ratedWithin(@Parent() round: RoundRow, @CurrentActor() actor: Actor) {
    return this.#views.ratedWithin(await this.#reads.db(actor), round);
  }

  @ResolveField()
  async openingProcesses(@Parent() { id }: RoundRow, @Args() args: PageArgs, @CurrentActor() actor: Actor) {
    return this.#openings.page(await this.#reads.db(actor), { roundId: id }, args);
  }
}
