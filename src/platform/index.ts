// The face of the platform: the tools every room stands on. It is the one face with more than ten names (ADR 0001).
export { Access, type AccessPlace, type FieldRule } from './graphql/access.ts';
export { Background } from './async/background.service.ts';
export { systemActor, type Actor, type HeldPost, type Place } from './words/actor.ts';
export { baseColumns, newId } from './database/base-columns.ts';
export { canonical } from './words/canonical.ts';
export { ClientError, found } from './words/client-error.ts';
export { Clock } from './words/clock.ts';
export { CommandGroups, GroupRolledBack, type Member, type MemberOutcome } from './database/command-group.ts';
export { Commands, type CommandRefusal } from './database/command.ts';
export { howMany } from './words/how-many.ts';
export type { Json } from './database/receipt.ts';
export { Config } from './config.ts';
export { CurrentActor } from './graphql/current-actor.ts';
export { digest } from './words/digest.ts';
export { openSession } from './database/direct.ts';
export { Jobs, type Job, type JobData, type NewJob } from './database/jobs.service.ts';
export { Loop } from './async/loop.ts';
export {
  blankFaults,
  blankFaultsIn,
  refuseFaults,
  repeatedFaults,
  type InputFault,
  type InvalidInput,
} from './words/input-fault.ts';
export { RateLimiter } from './async/rate-limiter.ts';
export { afterKey, page, pageSize, type Page, type PageArgs } from './words/page.ts';
export { PlatformModule } from './platform.module.ts';
export { Reads } from './database/reads.ts';
export { isRefusal, notPossible, refuse, type Refusal } from './words/refusal.ts';
export { SideThread, SideThreadStopped } from './async/side-thread.ts';
export type { Db } from './database/sql.ts';
export { isBlank, languageOf, textOrNull, type Language, type Text } from './words/text.ts';
export type { Tx } from './database/tx.ts';
export type { Statement } from './database/wire.ts';
export { dayIn } from './words/zone.ts';
export { daysBetween, isDay, plusDays, plusMonths } from './words/day.ts';
