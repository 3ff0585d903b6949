import {
  Args,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Scalar,
  type CustomScalar,
} from '@nestjs/graphql';
import type { TakeStepInput } from '../../graphql.ts';
import { ClientError, CurrentActor, isRefusal, Reads, type Actor } from '../../platform/index.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { Engine } from '../steps/engine.service.ts';
import { PossibleSteps, type PossibleStep } from '../steps/possible-steps.service.ts';
import { ProcessViews } from './process-views.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { StepGroups } from '../steps/step-groups.service.ts';

@Resolver('Process')
export class EngineResolver {
  readonly #reads: Reads;
  readonly #engine: Engine;
  readonly #groups: StepGroups;
  readonly #views: ProcessViews;

  constructor(reads: Reads, engine: Engine, groups: StepGroups, views: ProcessViews) {
    this.#reads = reads;
    this.#groups = groups;
    this.#engine = engine;
    this.#views = views;
  }

  @Query()
  async process(@Args('id') id: string, @CurrentActor() actor: Actor) {
    const [process] = await this.#engine.processes(await this.#reads.db(actor), [id]);
    return process ?? null;
  }

  @Query()
  async processDefinitions(@CurrentActor() actor: Actor) {
    return this.#views.definitions(await this.#reads.db(actor));
  }

  @Query()
  async stepPreview(
    @Args('processId') processId: string,
    @Args('step') step: string,
    @CurrentActor() actor: Actor,
  ) {
    return this.#views.preview(await this.#reads.db(actor), processId, step);
  }

  @Mutation()
  async takeStep(@Args('input') { commandId, ...take }: TakeStepInput, @CurrentActor() actor: Actor) {
    const taken = await this.#groups.take(actor, commandId, take);
    if (isRefusal(taken)) return taken;
    const process = taken.process ?? (await this.process(taken.processId, actor));
    return { __typename: 'TakeStepSuccess', process, followedBy: taken.followedBy };
  }

  @ResolveField()
  definition(@Parent() { definitionId }: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.definition(actor, definitionId);
  }

  @ResolveField()
  stageLabel(@Parent() { definitionId, stage }: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.stageLabel(actor, definitionId, stage);
  }

  @ResolveField()
  possibleSteps(@Parent() { id }: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.possibleSteps(actor, id);
  }

  @ResolveField()
  history(@Parent() { id }: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.history(actor, id);
  }

  @ResolveField()
  tasks(@Parent() process: ProcessRow, @CurrentActor() actor: Actor) {
    return this.#views.tasks(actor, process);
  }
}

@Resolver('PossibleStep')
export class PossibleStepResolver {
  readonly #reads: Reads;
  readonly #possible: PossibleSteps;
  readonly #registry: EngineRegistry;

  constructor(reads: Reads, possible: PossibleSteps, registry: EngineRegistry) {
    this.#reads = reads;
    this.#possible = possible;
    this.#registry = registry;
  }

  @ResolveField()
  functionNames(@Parent() { functions }: PossibleStep) {
    return functions.map((code) => this.#registry.authority.nameOf(code));
  }

  @ResolveField()
  async candidates(@Parent() { processId, step }: PossibleStep, @CurrentActor() actor: Actor) {
    return this.#possible.candidates(await this.#reads.db(actor), processId, step);
  }

  @ResolveField()
  payloadSchema(@Parent() { payload }: PossibleStep) {
    return payload && { type: 'object', additionalProperties: false, ...payload };
  }
}

/** Values are checked by the step's own schema; here only that it is an object at all. */
@Scalar('StepPayload')
export class StepPayloadScalar implements CustomScalar<object, object> {
  serialize = (value: unknown) => value as object;

  parseValue(value: unknown): object {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new ClientError('BAD_INPUT', { de: 'payload: Objekt erwartet.', en: 'payload: object expected.' });
  }

  /** Written into the query's text instead of a variable it would be parsed by every server on the way. */
  parseLiteral(): object {
    throw new ClientError('BAD_INPUT', {
      de: 'payload: bitte als Variable senden.',
      en: 'payload: please send it as a variable.',
    });
  }
}

@Scalar('StepPayloadSchema')
export class StepPayloadSchemaScalar implements CustomScalar<object, never> {
  serialize = (value: unknown) => value as object;

  parseValue(): never {
    throw new ClientError('BAD_INPUT', { de: 'Wird nur gelesen.', en: 'Only to be read.' });
  }

  parseLiteral(): never {
    return this.parseValue();
  }
}
