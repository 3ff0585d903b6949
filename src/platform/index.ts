// The face of the platform: the tools every room stands on. It is the one face with more than ten names (ADR 0001).
export { Access, type FieldRule } from './access.ts';
export { Background } from './background.service.ts';
export { systemActor, type Actor, type HeldPost, type Place } from './actor.ts';
export { baseColumns, newId } from './base-columns.ts';
export { canonical } from './canonical.ts';
export { ClientError, found } from './client-error.ts';
export { Clock } from './clock.ts';
export { CommandGroups, TakenApart, type Member, type MemberOutcome } from './command-group.ts';
export { Commands, type CommandRefusal } from './command.ts';
export type { Json } from './receipt.ts';
export { Config } from './config.ts';
export { CurrentActor } from './current-actor.ts';
export { digest } from './digest.ts';
export { openSession } from './direct.ts';
export { Jobs, type Job, type JobData, type NewJob } from './jobs.service.ts';
export { Loop } from './loop.ts';
export {
  blankFaults,
  blankFaultsIn,
  refuseFaults,
  repeatedFaults,
  type InputFault,
  type InvalidInput,
} from './input-fault.ts';
export { Pace } from './pace.ts';
export { afterKey, page, pageSize, type Page, type PageArgs } from './page.ts';
export { PlatformModule } from './platform.module.ts';
export { Reads } from './reads.ts';
export { isRefusal, refuse, type Refusal } from './refusal.ts';
export { SideThread, SideThreadStopped } from './side-thread.ts';
export type { Db } from './sql.ts';
export { languageOf, type Language, type Text } from './text.ts';
export type { Tx } from './tx.ts';
export type { Statement } from './wire.ts';
export { dayIn } from './zone.ts';
