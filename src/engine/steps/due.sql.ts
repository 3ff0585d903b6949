/** A deadline whose time has come, as the jobs role sees it in all administrations. */
export interface Due {
  readonly tenant: string;
  readonly processId: string;
  readonly name: string;
  readonly epoch: number;
}

// Without an instant the database's clock decides, whatever the server's own says.
const isDue = 'next_at <= coalesce($1::timestamptz, now()) and paused_on is null';
const found = 'tenant_id as tenant, process_id as "processId", name, epoch';

/** All that is due, also what was refused a moment ago. */
export const whatIsDue = `select ${found} from engine.deadline
  where ${isDue} order by next_at, process_id limit $2`;

/**
 * The next that nobody else works on: each process is claimed until this transaction ends, so that servers which look
 * at the same time find different ones. What was refused waits for its next try.
 */
export const claimDue = `
  with due as materialized (
    select ${found} from engine.deadline
     where coalesce(retry_at, next_at) <= coalesce($1::timestamptz, now()) and next_at is not null
       and paused_on is null
     order by coalesce(retry_at, next_at) limit 1000)
  select * from due where pg_try_advisory_xact_lock(hashtextextended("processId"::text, 7)) limit $2`;

/** The next of one process. */
export const nextDue = `select process_id as "processId", name, epoch, next_at as at from engine.deadline
  where process_id = $1 and next_at <= $2 and paused_on is null order by next_at limit 1`;

/** Tried again after a minute, then two, four …, at most an hour. */
export const waitAfterRefusal = `update engine.deadline
   set refusals = refusals + 1, refusal = $4::jsonb,
       retry_at = platform.now() + least(interval '1 hour', interval '1 minute' * power(2, least(refusals, 10)))
 where process_id = $1 and name = $2 and epoch = $3`;
