import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Text } from '../../platform/index.ts';
import { EngineRegistry } from '../machine/registry.ts';

interface OfFunction {
  readonly function: string;
}

@Resolver('Task')
export class TaskFunctionResolver {
  readonly #registry: EngineRegistry;
  constructor(registry: EngineRegistry) {
    this.#registry = registry;
  }

  @ResolveField()
  functionName(@Parent() task: OfFunction): Text {
    return this.#registry.authority.nameOf(task.function);
  }
}

@Resolver('StepCandidate')
export class CandidateFunctionResolver {
  readonly #registry: EngineRegistry;
  constructor(registry: EngineRegistry) {
    this.#registry = registry;
  }

  @ResolveField()
  functionName(@Parent() candidate: OfFunction): Text {
    return this.#registry.authority.nameOf(candidate.function);
  }
}
