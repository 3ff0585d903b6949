import { Module } from '@nestjs/common';
import { Calendars } from './calendars.service.ts';
import { Definitions } from './definitions.service.ts';
import { Engine } from './engine.service.ts';
import {
  EngineResolver,
  PossibleStepResolver,
  StepPayloadScalar,
  StepPayloadSchemaScalar,
} from './engine.resolver.ts';
import { Hearing } from './hearing.service.ts';
import { PossibleSteps } from './possible-steps.service.ts';
import { ProcessViews } from './process-views.service.ts';
import { EngineRegistry } from './registry.ts';
import { Steps } from './steps.service.ts';

@Module({
  providers: [
    EngineRegistry,
    Calendars,
    Definitions,
    Hearing,
    PossibleSteps,
    Steps,
    Engine,
    ProcessViews,
    EngineResolver,
    PossibleStepResolver,
    StepPayloadScalar,
    StepPayloadSchemaScalar,
  ],
  exports: [EngineRegistry, Calendars, Definitions, Engine],
})
export class EngineModule {}
