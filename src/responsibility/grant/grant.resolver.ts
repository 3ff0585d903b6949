import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  ConfirmGrantInput,
  EndGrantInput,
  GrantFunctionInput,
  QueryFunctionGrantsArgs,
} from '../../graphql.ts';
import { Persons } from '../../identity/index.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../../platform/index.ts';
import { functionName } from '../functions/function-names.rules.ts';
import { Functions } from '../functions/functions.service.ts';
import { GrantViews } from './grant-views.service.ts';
import { Grants } from './grants.service.ts';
import { oneHolder } from './grant.rules.ts';
import { Rescues } from './rescues.service.ts';

@Resolver()
export class GrantResolver {
  readonly #grants: Grants;
  readonly #views: GrantViews;

  constructor(grants: Grants, views: GrantViews) {
    this.#grants = grants;
    this.#views = views;
  }

  @Query()
  functionGrants(@Args() { function: fn, ...args }: QueryFunctionGrantsArgs, @CurrentActor() actor: Actor) {
    return this.#views.list(actor, { ...args, fn });
  }

  @Mutation()
  async grantFunction(@Args('input') input: GrantFunctionInput, @CurrentActor() actor: Actor) {
    const { function: fn, unitId, validFrom, validUntil, levels, ...rest } = input;
    const outcome = await this.#grants.propose(actor, {
      ...rest,
      fn,
      scopeId: unitId ?? null,
      levels: levels ?? [],
      from: validFrom ?? null,
      until: validUntil ?? null,
    });
    return isRefusal(outcome) ? outcome : this.#shown('GrantFunctionSuccess', actor, outcome.grantId);
  }

  @Mutation()
  async confirmGrant(@Args('input') input: ConfirmGrantInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#grants.confirm(actor, input);
    return isRefusal(outcome) ? outcome : this.#shown('ConfirmGrantSuccess', actor, outcome.grantId);
  }

  @Mutation()
  async endGrant(@Args('input') input: EndGrantInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#grants.end(actor, input);
    if (isRefusal(outcome)) return outcome;
    const { grantId, awaitsSecond, fewLeft } = outcome;
    return {
      __typename: 'EndGrantSuccess',
      grantId,
      awaitsSecond,
      warning: fewLeft && oneHolder(fewLeft),
    };
  }

  async #shown(__typename: string, actor: Actor, grantId: string) {
    return { __typename, grant: await this.#views.one(actor, grantId) };
  }
}

@Resolver('Administration')
export class RescueResolver {
  readonly #reads: Reads;
  readonly #rescues: Rescues;
  readonly #persons: Persons;

  constructor(reads: Reads, rescues: Rescues, persons: Persons) {
    this.#reads = reads;
    this.#rescues = rescues;
    this.#persons = persons;
  }

  @ResolveField()
  async rescues(@CurrentActor() actor: Actor) {
    const notes = await this.#rescues.list(await this.#reads.db(actor));
    return notes.map((note) => ({
      ...note,
      functionName: functionName(note.function),
      person: this.#persons.person(actor, note.personId),
    }));
  }
}

@Resolver('Me')
export class MyFunctionsResolver {
  readonly #functions: Functions;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  @ResolveField()
  functions(@Parent() actor: Actor): string[] {
    return [...this.#functions.anywhere(actor)].toSorted();
  }

  @ResolveField()
  functionNames(@Parent() actor: Actor) {
    return this.functions(actor).map(functionName);
  }
}
