import type { Db } from '../platform/index.ts';
import type { Delivery } from './delivery.rules.ts';

type Channel = 'NOTICE' | 'MAIL' | 'WEBHOOK';

/** One thing that leaves: a notice to one receiver, or a notice whose receivers could not be found. */
export interface Effect {
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
  readonly released: number;
  readonly attempts: number;
  readonly fault: string | null;
  readonly settledAt: Date | null;
}
export type NewEffect = Pick<
  Effect,
  'id' | 'channel' | 'processId' | 'seq' | 'no' | 'kind' | 'functions' | 'personId' | 'webhookId'
> & { readonly dueAt: string | null; readonly fault?: string };

const columns = `id, channel, process_id as "processId", seq, no, kind, functions, person_id as "personId",
  webhook_id as "webhookId", due_at as "dueAt", released, attempts, fault, settled_at as "settledAt"`;

/** What has a fault from the beginning is parked at once. */
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
const failed = `update notices.effect
  set attempts = attempts + $4, fault = $2, state = case when $3 then 'PARKED' else state end,
      settled_at = case when $3 then platform.now() end
  where id = any($1::uuid[])`;
const parked = `select ${columns} from notices.effect where state = 'PARKED' order by settled_at, id limit $1 offset $2`;
const released = `update notices.effect
  set state = case when channel = 'NOTICE' then 'DELIVERED' else 'WAITING' end, released = released + 1,
      due_at = platform.now(), settled_at = null, settled_by = $2
  where id = any($1::uuid[]) returning ${columns}`;
const dropped = `update notices.effect
  set state = 'DROPPED', settled_at = platform.now(), settled_by = $2, reason = $3 where id = any($1::uuid[])`;
/** Settled: it left, or a person gave it up. What was released whole has no day but that of its release. */
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

/** Adds what is not there yet; the ids of what is new. */
export const insertEffects = (db: Db, effects: readonly NewEffect[]) =>
  db.call<{ id: string }>(insert, [JSON.stringify(effects)]);
export const lockEffects = (db: Db, ids: readonly string[], state: 'WAITING' | 'PARKED') =>
  db.call<Effect>(locked, [ids, state]);
/** What a job is to deliver and was not delivered yet. */
export const lockWaiting = (db: Db, { effect, person, dueAt }: Delivery) =>
  effect ? lockEffects(db, [effect], 'WAITING') : db.call<Effect>(lockedDigest, [person, dueAt]);
export const markDelivered = (db: Db, ids: readonly string[], messageId: string | null) =>
  db.call(delivered, [ids, messageId]);
export const markFailed = (db: Db, ids: readonly string[], fault: string, isParked: boolean) =>
  db.call(failed, [ids, fault, isParked, 1]);
/** Given up: what is known of the last attempt says more than that there was none. */
export const markGivenUp = (db: Db, effects: readonly Effect[]) =>
  db.call(failed, [
    effects.map(({ id }) => id),
    effects.find((effect) => effect.fault)?.fault ?? 'INTERRUPTED',
    true,
    0,
  ]);
/** The longest parked first, behind so many of them. */
export const readParked = (db: Db, most: number, behind: number) => db.call<Effect>(parked, [most, behind]);
export const markReleased = (db: Db, ids: readonly string[], account: string) =>
  db.call<Effect>(released, [ids, account]);
export const markDropped = (db: Db, ids: readonly string[], account: string, reason: string) =>
  db.call(dropped, [ids, account, reason]);
/** Whether something was settled before an instant. */
export const hasSettled = async (db: Db, before: Date) => (await db.call(anySettled, [before])).length > 0;
/** Deletes so much of it at most, the oldest first; how much it was. */
export const deleteSettled = async (db: Db, before: Date, most: number) =>
  (await db.call(withoutSettled, [before, most])).length;
/** The next seven in the morning in the administration's zone, but for one that is about to be sent. */
export const readNextDigest = async (db: Db) => (await db.call<{ dueAt: string }>(nextDigest))[0]!.dueAt;
