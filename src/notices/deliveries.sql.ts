import type { Db } from '../platform/index.ts';
import type { DeliveryJob } from './delivery.rules.ts';

type Channel = 'NOTICE' | 'MAIL' | 'WEBHOOK';

/** One row of what leaves: a notice to one receiver, or a notice whose receivers could not be found. */
export interface Delivery {
  readonly id: string;
  readonly channel: Channel;
  readonly processId: string;
  readonly seq: number;
  readonly no: number;
  readonly kind: string;
  readonly functions: readonly string[];
  readonly personId: string | null;
  readonly webhookId: string | null;
  readonly dueAt: Date;
  /** How often a person sent it on its way again. */
  readonly retried: number;
  readonly attempts: number;
  readonly fault: string | null;
  readonly settledAt: Date | null;
}
export type NewDelivery = Pick<
  Delivery,
  'id' | 'channel' | 'processId' | 'seq' | 'no' | 'kind' | 'functions' | 'personId' | 'webhookId'
> & { readonly dueAt: string | null; readonly fault?: string };

const columns = `id, channel, process_id as "processId", seq, no, kind, functions, person_id as "personId",
  webhook_id as "webhookId", due_at as "dueAt", released as "retried", attempts, fault, settled_at as "settledAt"`;

/** A delivery that has a fault from the beginning has failed at once. */
const insert = `
  insert into notices.effect (id, channel, process_id, seq, no, kind, functions, person_id, webhook_id, due_at, fault,
                              state, settled_at)
    select id, channel, "processId", seq, no, kind, functions, "personId", "webhookId",
           coalesce("dueAt", platform.now()), fault,
           case when fault is null then 'WAITING' else 'PARKED' end, case when fault is not null then platform.now() end
      from jsonb_to_recordset($1::jsonb) as given (id uuid, channel text, "processId" uuid, seq int, no int, kind text,
             functions text[], "personId" uuid, "webhookId" uuid, "dueAt" timestamptz, fault text)
  on conflict (tenant_id, id) do nothing
  returning id`;
const locked = `select ${columns} from notices.effect
  where id = any($1::uuid[]) and state = $2 order by id for update`;
const lockedDigest = `select ${columns} from notices.effect
  where person_id = $1 and due_at = $2::timestamptz and channel = 'MAIL' and released = 0 and state = 'WAITING'
  order by created_at, id for update`;
const delivered = `update notices.effect
  set state = 'DELIVERED', settled_at = platform.now(), attempts = attempts + 1, message_id = $2, fault = null
  where id = any($1::uuid[])`;
const attempted = `update notices.effect
  set attempts = attempts + $4, fault = $2, state = case when $3 then 'PARKED' else state end,
      settled_at = case when $3 then platform.now() end
  where id = any($1::uuid[])`;
const failed = `select ${columns} from notices.effect where state = 'PARKED' order by settled_at, id limit $1 offset $2`;
const retried = `update notices.effect
  set state = case when channel = 'NOTICE' then 'DELIVERED' else 'WAITING' end, released = released + 1,
      due_at = platform.now(), settled_at = null, settled_by = $2
  where id = any($1::uuid[]) returning ${columns}`;
const dropped = `update notices.effect
  set state = 'DROPPED', settled_at = platform.now(), settled_by = $2, reason = $3 where id = any($1::uuid[])`;
/** Settled: it left, or a person dropped it. A notice that was retried whole has no day but that of its retry. */
const settled = `state in ('DELIVERED', 'DROPPED') and coalesce(settled_at, due_at) < $1`;
const anySettled = `select from notices.effect where ${settled} limit 1`;
// Those that another server deletes at this moment are left to it.
const withoutSettled = `
  delete from notices.effect where id in
    (select id from notices.effect where ${settled} order by coalesce(settled_at, due_at) limit $2 for update skip locked)
  returning id`;
const nextDigest = `
  select to_char((case when morning > platform.now() + interval '10 minutes' then morning
               else ((today + 1) + time '07:00') at time zone platform.zone() end) at time zone 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "dueAt"
    from (select today, (today + time '07:00') at time zone platform.zone() as morning
            from (select (platform.now() at time zone platform.zone())::date as today) d) m`;

/** Adds the rows that are not there yet and returns the ids of those. */
export const insertDeliveries = (db: Db, deliveries: readonly NewDelivery[]) =>
  db.call<{ id: string }>(insert, [JSON.stringify(deliveries)]);
/** Locks those of the given deliveries that have failed. */
export const lockFailed = (db: Db, ids: readonly string[]) => db.call<Delivery>(locked, [ids, 'PARKED']);
/** Locks what a job is to deliver and was not delivered yet. */
export const lockWaiting = (db: Db, { delivery, person, dueAt }: DeliveryJob) =>
  delivery
    ? db.call<Delivery>(locked, [[delivery], 'WAITING'])
    : db.call<Delivery>(lockedDigest, [person, dueAt]);
export const markDelivered = (db: Db, ids: readonly string[], messageId: string | null) =>
  db.call(delivered, [ids, messageId]);
/** Notes an attempt without success; after a final one the delivery has failed. */
export const markAttempted = (db: Db, ids: readonly string[], fault: string, isFinal: boolean) =>
  db.call(attempted, [ids, fault, isFinal, 1]);
/** Nothing tries these again. The fault of the last attempt is kept, because it says more than that there is none. */
export const markFailed = (db: Db, deliveries: readonly Delivery[]) =>
  db.call(attempted, [
    deliveries.map(({ id }) => id),
    deliveries.find((delivery) => delivery.fault)?.fault ?? 'INTERRUPTED',
    true,
    0,
  ]);
/** At most so many that have failed, those that failed first coming first, behind so many of them. */
export const readFailed = (db: Db, most: number, behind: number) => db.call<Delivery>(failed, [most, behind]);
export const markRetried = (db: Db, ids: readonly string[], person: string) =>
  db.call<Delivery>(retried, [ids, person]);
export const markDropped = (db: Db, ids: readonly string[], person: string, reason: string) =>
  db.call(dropped, [ids, person, reason]);
/** Whether something was settled before an instant. */
export const hasSettled = async (db: Db, before: Date) => (await db.call(anySettled, [before])).length > 0;
/** Deletes at most so many settled rows, the oldest first, and returns how many these were. */
export const deleteSettled = async (db: Db, before: Date, most: number) =>
  (await db.call(withoutSettled, [before, most])).length;
/** The next seven o'clock in the morning in the administration's zone, unless its daily mail is about to leave. */
export const readNextDigest = async (db: Db) => (await db.call<{ dueAt: string }>(nextDigest))[0]!.dueAt;
