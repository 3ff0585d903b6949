import { Module } from '@nestjs/common';
import { BulkGroupResolver, BulkResolver } from './bulk.resolver.ts';
import { BulkRuns } from './bulk.service.ts';
import { Calendars } from './calendars.service.ts';
import { DeadlineResolver } from './deadline.resolver.ts';
import { DefinitionResolver } from './definition.resolver.ts';
import { Definitions } from './definitions.service.ts';
import { DraftResolver } from './draft.resolver.ts';
import {
  DefinitionDrawingResolver,
  DraftDrawingResolver,
  ProcessDrawingResolver,
} from './drawing.resolver.ts';
import { DueSteps } from './due.service.ts';
import {
  EngineResolver,
  PossibleStepResolver,
  StepPayloadScalar,
  StepPayloadSchemaScalar,
} from './engine.resolver.ts';
import { Engine } from './engine.service.ts';
import { engineServices } from './engine.services.ts';
import { LiveResolver } from './live.resolver.ts';
import { Live } from './live.service.ts';
import { LogDownloadResolver } from './log-download.resolver.ts';
import { LogExportController } from './log-export.controller.ts';
import {
  MigrationPlanResolver,
  MigrationProposalResolver,
  MigrationResolver,
  MigrationTrialResolver,
  MigrationTrialRowResolver,
} from './migration.resolver.ts';
import { PastProcessResolver, ProcessPastResolver } from './past.resolver.ts';
import { EngineRegistry } from './registry.ts';
import { StandstillResolver } from './standstill.resolver.ts';
import { Verifier } from './verify.service.ts';

const resolvers = [
  DraftResolver,
  DefinitionDrawingResolver,
  ProcessDrawingResolver,
  DraftDrawingResolver,
  DefinitionResolver,
  DeadlineResolver,
  LogDownloadResolver,
  StandstillResolver,
  LiveResolver,
  EngineResolver,
  ProcessPastResolver,
  PastProcessResolver,
  PossibleStepResolver,
  StepPayloadScalar,
  StepPayloadSchemaScalar,
  MigrationResolver,
  MigrationPlanResolver,
  MigrationProposalResolver,
  MigrationTrialResolver,
  MigrationTrialRowResolver,
  BulkResolver,
  BulkGroupResolver,
];

@Module({
  controllers: [LogExportController],
  providers: [...engineServices, ...resolvers],
  exports: [BulkRuns, EngineRegistry, Calendars, Definitions, Engine, DueSteps, Verifier, Live],
})
export class EngineModule {}
