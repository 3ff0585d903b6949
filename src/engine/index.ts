// The face of the engine: processes on rows. It knows no word of the domain.
export { Engine } from './engine.service.ts';
export { StepGroups } from './step-groups.service.ts';
export type { StepTaken } from './steps.service.ts';
export type { PossibleStep } from './possible-steps.service.ts';
export { EngineModule } from './engine.module.ts';
export {
  EngineRegistry,
  type Authority,
  type Effect,
  type Fact,
  type Holder,
  type StepInHand,
} from './registry.ts';
export { Definitions } from './definitions.service.ts';
export type { ProcessRow } from './process.rules.ts';
export { Calendars } from './calendars.service.ts';
export { Live } from './live.service.ts';
export type { Changed } from './watch.ts';
export { jobOf, noticeId, noticesOf, type Notice } from './relay.rules.ts';
export { BulkRuns } from './bulk.service.ts';
export { DueSteps } from './due.service.ts';
export { DueWatch } from './due-watch.service.ts';
export { Verifier } from './verify.service.ts';
