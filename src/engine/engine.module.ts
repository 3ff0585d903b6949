import { Module } from '@nestjs/common';
import { Acts } from './acts.service.ts';
import { BulkCommands } from './bulk-commands.service.ts';
import { BulkGroupResolver, BulkResolver } from './bulk.resolver.ts';
import { BulkPlans } from './bulk-plans.service.ts';
import { BulkRuns } from './bulk.service.ts';
import { BulkViews } from './bulk-views.service.ts';
import { BulkWorks } from './bulk-works.service.ts';
import { Calendars } from './calendars.service.ts';
import { Courses } from './courses.service.ts';
import { DeadlineResolver } from './deadline.resolver.ts';
import { DeadlineViews } from './deadline-views.service.ts';
import { Changes } from './changes.service.ts';
import { DefinitionChecks } from './definition-checks.service.ts';
import { DefinitionResolver } from './definition.resolver.ts';
import { Definitions } from './definitions.service.ts';
import { DraftResolver } from './draft.resolver.ts';
import { DraftViews } from './draft-views.service.ts';
import { DraftChecks } from './draft-checks.service.ts';
import { Drafts } from './drafts.service.ts';
import { DueWatch } from './due-watch.service.ts';
import {
  DefinitionDrawingResolver,
  DraftDrawingResolver,
  ProcessDrawingResolver,
} from './drawing.resolver.ts';
import { Drawings } from './drawings.service.ts';
import { DueSteps } from './due.service.ts';
import { Engine } from './engine.service.ts';
import {
  EngineResolver,
  PossibleStepResolver,
  StepPayloadScalar,
  StepPayloadSchemaScalar,
} from './engine.resolver.ts';
import { Hearing } from './hearing.service.ts';
import { LiveResolver } from './live.resolver.ts';
import { Live } from './live.service.ts';
import { LogDownloadResolver } from './log-download.resolver.ts';
import { LogDownloads } from './log-downloads.service.ts';
import { LogExport } from './log-export.service.ts';
import { LogExportController } from './log-export.controller.ts';
import { MigrationPlans } from './migration-plans.service.ts';
import { MigrationProofs } from './migration-proofs.service.ts';
import { MigrationTrials } from './migration-trials.service.ts';
import {
  MigrationPlanResolver,
  MigrationProposalResolver,
  MigrationResolver,
  MigrationTrialResolver,
  MigrationTrialRowResolver,
} from './migration.resolver.ts';
import { Migrations } from './migrations.service.ts';
import { PastProcessResolver, ProcessPastResolver } from './past.resolver.ts';
import { Past } from './past.service.ts';
import { PossibleSteps } from './possible-steps.service.ts';
import { ProcessViews } from './process-views.service.ts';
import { EngineRegistry } from './registry.ts';
import { StandstillResolver } from './standstill.resolver.ts';
import { Standstills } from './standstill.service.ts';
import { Relay } from './relay.service.ts';
import { SharedSteps } from './shared-steps.service.ts';
import { StepGroups } from './step-groups.service.ts';
import { StepWriter } from './step-writer.service.ts';
import { Steps } from './steps.service.ts';
import { Verifier } from './verify.service.ts';

/** What is done to many processes at once, and to processes that run. */
const changing = [
  Courses,
  MigrationPlans,
  MigrationProofs,
  Migrations,
  MigrationTrials,
  MigrationResolver,
  MigrationPlanResolver,
  MigrationProposalResolver,
  MigrationTrialResolver,
  MigrationTrialRowResolver,
  BulkWorks,
  BulkPlans,
  BulkRuns,
  BulkCommands,
  BulkViews,
  BulkResolver,
  BulkGroupResolver,
];

@Module({
  controllers: [LogExportController],
  providers: [
    EngineRegistry,
    Calendars,
    Definitions,
    DefinitionChecks,
    DraftChecks,
    Drafts,
    DraftViews,
    DraftResolver,
    Drawings,
    DefinitionDrawingResolver,
    ProcessDrawingResolver,
    DraftDrawingResolver,
    DefinitionResolver,
    Hearing,
    PossibleSteps,
    Acts,
    SharedSteps,
    StepGroups,
    StepWriter,
    Steps,
    Engine,
    DueSteps,
    DueWatch,
    Verifier,
    ProcessViews,
    DeadlineViews,
    DeadlineResolver,
    Past,
    LogExport,
    LogDownloads,
    LogDownloadResolver,
    Standstills,
    StandstillResolver,
    Relay,
    Live,
    Changes,
    LiveResolver,
    ...changing,
    EngineResolver,
    ProcessPastResolver,
    PastProcessResolver,
    PossibleStepResolver,
    StepPayloadScalar,
    StepPayloadSchemaScalar,
  ],
  exports: [BulkRuns, EngineRegistry, Calendars, Definitions, Engine, DueSteps, Verifier, Live],
})
export class EngineModule {}
