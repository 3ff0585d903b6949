import { Module } from '@nestjs/common';
import { Calendars } from './calendars.service.ts';
import { Definitions } from './definitions.service.ts';
import { DueSteps } from './due.service.ts';
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
import { Verifier } from './verify.service.ts';

@Module({
  providers: [
    EngineRegistry,
    Calendars,
    Definitions,
    Hearing,
    PossibleSteps,
    Steps,
    Engine,
    DueSteps,
    Verifier,
    ProcessViews,
    EngineResolver,
    PossibleStepResolver,
    StepPayloadScalar,
    StepPayloadSchemaScalar,
  ],
  exports: [EngineRegistry, Calendars, Definitions, Engine, DueSteps, Verifier],
})
export class EngineModule {}
