import { EngineRegistry } from './machine/registry.ts';
import { DefinitionChecks } from './publish/definition-checks.service.ts';
import { Definitions } from './publish/definitions.service.ts';
import { BuiltInSteps } from './steps/built-in-steps.service.ts';
import { Calendars } from './steps/calendars.service.ts';
import { DueSteps } from './steps/due-steps.service.ts';
import { DueWatch } from './steps/due-watch.service.ts';
import { Engine } from './steps/engine.service.ts';
import { FourEyes } from './steps/four-eyes.service.ts';
import { PossibleSteps } from './steps/possible-steps.service.ts';
import { SharedSteps } from './steps/shared-steps.service.ts';
import { StepGroups } from './steps/step-groups.service.ts';
import { StepInputs } from './steps/step-inputs.service.ts';
import { StepWriter } from './steps/step-writer.service.ts';
import { Steps } from './steps/steps.service.ts';
import { DeadlineViews } from './view/deadline-views.service.ts';
import { ProcessViews } from './view/process-views.service.ts';
import { Standstills } from './view/standstills.service.ts';
import { DraftChecks } from './drafts/draft-checks.service.ts';
import { DraftViews } from './drafts/draft-views.service.ts';
import { Drafts } from './drafts/drafts.service.ts';
import { Drawings } from './drawing/drawings.service.ts';
import { MigrationPlans } from './plan/migration-plans.service.ts';
import { MigrationProofs } from './plan/migration-proofs.service.ts';
import { EarlierStates } from './replay/earlier-states.service.ts';
import { BulkCommands } from './bulk/bulk-commands.service.ts';
import { BulkPlans } from './bulk/bulk-plans.service.ts';
import { BulkRuns } from './bulk/bulk-runs.service.ts';
import { BulkViews } from './bulk/bulk-views.service.ts';
import { BulkWorks } from './bulk/bulk-works.service.ts';
import { MigrationCommands } from './migration/migration-commands.service.ts';
import { MigrationTrials } from './migration/migration-trials.service.ts';
import { Migrations } from './migration/migrations.service.ts';
import { LogDownloads } from './history/log-downloads.service.ts';
import { LogExport } from './history/log-export.service.ts';
import { Past } from './history/past.service.ts';
import { Verifier } from './history/verifier.service.ts';
import { Changes } from './live/changes.service.ts';
import { Live } from './live/live.service.ts';
import { Relay } from './live/relay.service.ts';

/** The services of each corner, in order from the ground; the doors (resolvers, a controller) are in the module. */
const corners = {
  machine: [EngineRegistry],
  publish: [Definitions, DefinitionChecks],
  steps: [
    Calendars,
    StepInputs,
    FourEyes,
    PossibleSteps,
    BuiltInSteps,
    SharedSteps,
    StepGroups,
    StepWriter,
    Steps,
    Engine,
    DueSteps,
    DueWatch,
  ],
  view: [ProcessViews, DeadlineViews, Standstills],
  drafts: [DraftChecks, Drafts, DraftViews],
  drawing: [Drawings],
  plan: [MigrationPlans, MigrationProofs],
  replay: [EarlierStates],
  bulk: [BulkWorks, BulkPlans, BulkRuns, BulkCommands, BulkViews],
  migration: [Migrations, MigrationCommands, MigrationTrials],
  history: [Verifier, Past, LogExport, LogDownloads],
  live: [Relay, Live, Changes],
};

/** The engine without its doors. */
export const engineServices = Object.values(corners).flat();
