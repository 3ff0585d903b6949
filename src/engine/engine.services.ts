import { BuiltInSteps } from './steps/built-in-steps.service.ts';
import { BulkCommands } from './bulk/bulk-commands.service.ts';
import { BulkPlans } from './bulk/bulk-plans.service.ts';
import { BulkRuns } from './bulk/bulk-runs.service.ts';
import { BulkViews } from './bulk/bulk-views.service.ts';
import { BulkWorks } from './bulk/bulk-works.service.ts';
import { Calendars } from './steps/calendars.service.ts';
import { EarlierStates } from './replay/earlier-states.service.ts';
import { DeadlineViews } from './view/deadline-views.service.ts';
import { Changes } from './live/changes.service.ts';
import { DefinitionChecks } from './publish/definition-checks.service.ts';
import { Definitions } from './publish/definitions.service.ts';
import { DraftViews } from './drafts/draft-views.service.ts';
import { DraftChecks } from './drafts/draft-checks.service.ts';
import { Drafts } from './drafts/drafts.service.ts';
import { DueWatch } from './steps/due-watch.service.ts';
import { Drawings } from './drawing/drawings.service.ts';
import { DueSteps } from './steps/due-steps.service.ts';
import { Engine } from './steps/engine.service.ts';
import { StepInputs } from './steps/step-inputs.service.ts';
import { Live } from './live/live.service.ts';
import { LogDownloads } from './history/log-downloads.service.ts';
import { LogExport } from './history/log-export.service.ts';
import { MigrationCommands } from './migration/migration-commands.service.ts';
import { MigrationPlans } from './plan/migration-plans.service.ts';
import { MigrationProofs } from './plan/migration-proofs.service.ts';
import { MigrationTrials } from './migration/migration-trials.service.ts';
import { Migrations } from './migration/migrations.service.ts';
import { Past } from './history/past.service.ts';
import { PossibleSteps } from './steps/possible-steps.service.ts';
import { ProcessViews } from './view/process-views.service.ts';
import { EngineRegistry } from './machine/registry.ts';
import { Standstills } from './view/standstills.service.ts';
import { Relay } from './live/relay.service.ts';
import { SharedSteps } from './steps/shared-steps.service.ts';
import { StepGroups } from './steps/step-groups.service.ts';
import { StepWriter } from './steps/step-writer.service.ts';
import { Steps } from './steps/steps.service.ts';
import { Verifier } from './history/verifier.service.ts';

/** What is done to many processes at once, and to processes that run. */
const changing = [
  EarlierStates,
  MigrationPlans,
  MigrationProofs,
  Migrations,
  MigrationCommands,
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
  StepInputs,
  PossibleSteps,
  BuiltInSteps,
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
