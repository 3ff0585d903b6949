// The face of the engine: processes on rows. It knows no word of the domain.
export { Engine } from './steps/engine.service.ts';
export { StepGroups } from './steps/step-groups.service.ts';
export type { StepTaken } from './steps/steps.service.ts';
export type { PossibleStep } from './steps/possible-steps.service.ts';
export { EngineModule } from './engine.module.ts';
export {
  EngineRegistry,
  type Authority,
  type Effect,
  type Fact,
  type Holder,
  type StepContext,
} from './machine/registry.ts';
export { Definitions } from './publish/definitions.service.ts';
export type { ProcessRow } from './machine/process.rules.ts';
export { Calendars } from './steps/calendars.service.ts';
export { Live } from './live/live.service.ts';
export type { Changed } from './live/watch.ts';
export { jobOf, noticeId, noticesOf, type Notice } from './live/relay.rules.ts';
export { BulkRuns } from './bulk/bulk-runs.service.ts';
export { DueSteps } from './steps/due-steps.service.ts';
export { DueWatch } from './steps/due-watch.service.ts';
export { Verifier } from './history/verifier.service.ts';
