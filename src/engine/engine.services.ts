import { Acts } from './acts.service.ts';
import { BulkCommands } from './bulk-commands.service.ts';
import { BulkPlans } from './bulk-plans.service.ts';
import { BulkRuns } from './bulk.service.ts';
import { BulkViews } from './bulk-views.service.ts';
import { BulkWorks } from './bulk-works.service.ts';
import { Calendars } from './calendars.service.ts';
import { Courses } from './courses.service.ts';
import { DeadlineViews } from './deadline-views.service.ts';
import { Changes } from './changes.service.ts';
import { DefinitionChecks } from './definition-checks.service.ts';
import { Definitions } from './definitions.service.ts';
import { DraftViews } from './draft-views.service.ts';
import { DraftChecks } from './draft-checks.service.ts';
import { Drafts } from './drafts.service.ts';
import { DueWatch } from './due-watch.service.ts';
import { Drawings } from './drawings.service.ts';
import { DueSteps } from './due.service.ts';
import { Engine } from './engine.service.ts';
import { Hearing } from './hearing.service.ts';
import { Live } from './live.service.ts';
import { LogDownloads } from './log-downloads.service.ts';
import { LogExport } from './log-export.service.ts';
import { MigrationPlans } from './migration-plans.service.ts';
import { MigrationProofs } from './migration-proofs.service.ts';
import { MigrationTrials } from './migration-trials.service.ts';
import { Migrations } from './migrations.service.ts';
import { Past } from './past.service.ts';
import { PossibleSteps } from './possible-steps.service.ts';
import { ProcessViews } from './process-views.service.ts';
import { EngineRegistry } from './registry.ts';
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
  BulkWorks,
  BulkPlans,
  BulkRuns,
  BulkCommands,
  BulkViews,
];

/** The engine without its doors. */
export const engineServices = [
  EngineRegistry,
  Calendars,
  Definitions,
  DefinitionChecks,
  DraftChecks,
  Drafts,
  DraftViews,
  Drawings,
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
  Past,
  LogExport,
  LogDownloads,
  Standstills,
  Relay,
  Live,
  Changes,
  ...changing,
];
