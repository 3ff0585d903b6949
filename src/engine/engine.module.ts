import { Module } from '@nestjs/common';
import { BulkGroupResolver, BulkResolver } from './bulk/bulk.resolver.ts';
import { BulkRuns } from './bulk/bulk-runs.service.ts';
import { Calendars } from './steps/calendars.service.ts';
import { DeadlineResolver } from './view/deadline.resolver.ts';
import { DefinitionResolver } from './drafts/definition.resolver.ts';
import { Definitions } from './publish/definitions.service.ts';
import { DraftResolver } from './drafts/draft.resolver.ts';
import {
  DefinitionDrawingResolver,
  DraftDrawingResolver,
  ProcessDrawingResolver,
} from './drawing/drawing.resolver.ts';
import { DueSteps } from './steps/due-steps.service.ts';
import {
  EngineResolver,
  PossibleStepResolver,
  StepPayloadScalar,
  StepPayloadSchemaScalar,
} from './view/engine.resolver.ts';
import { Engine } from './steps/engine.service.ts';
import { engineServices } from './engine.services.ts';
import { CandidateFunctionResolver, TaskFunctionResolver } from './view/function-names.resolver.ts';
import { LiveResolver } from './live/live.resolver.ts';
import { Live } from './live/live.service.ts';
import { LogDownloadResolver } from './history/log-download.resolver.ts';
import { LogExportController } from './history/log-export.controller.ts';
import {
  BulkRunPlanResolver,
  MigrationPlanResolver,
  MigrationProposalResolver,
  MigrationResolver,
  MigrationTrialResolver,
  MigrationTrialRowResolver,
} from './migration/migration.resolver.ts';
import { PastProcessResolver, ProcessPastResolver } from './history/past.resolver.ts';
import { EngineRegistry } from './machine/registry.ts';
import { StandstillResolver } from './view/standstill.resolver.ts';
import { Verifier } from './history/verifier.service.ts';

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
  TaskFunctionResolver,
  CandidateFunctionResolver,
  StepPayloadScalar,
  StepPayloadSchemaScalar,
  MigrationResolver,
  MigrationPlanResolver,
  MigrationProposalResolver,
  MigrationTrialResolver,
  MigrationTrialRowResolver,
  BulkResolver,
  BulkGroupResolver,
  BulkRunPlanResolver,
];

@Module({
  controllers: [LogExportController],
  providers: [...engineServices, ...resolvers],
  exports: [BulkRuns, EngineRegistry, Calendars, Definitions, Engine, DueSteps, Verifier, Live],
})
export class EngineModule {}
