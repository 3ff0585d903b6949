import { newId, type Db, type Tx } from '../../platform/index.ts';
import type { Attackable, Attacked } from './objection.rules.ts';

interface ObjectionRow {
  readonly id: string;
  readonly processId: string;
  readonly objectionNo: number;
  readonly against: Attacked;
  readonly reason: string;
  readonly criterionIds: readonly string[];
  readonly isOpen: boolean;
  readonly personId: string;
  readonly recordedAt: Date;
}

const ofProcesses = `
  select o.id, o.process_id as "processId", o.objection_no as "objectionNo", o.against, o.reason,
    array(select c.criterion_id::text from audit.objection_criterion c where c.objection_id = o.id) as "criterionIds",
    not exists (select from audit.objection_entry e where e.objection_id = o.id and e.kind <> 'ACKNOWLEDGED') as "isOpen",
    o.person_id as "personId", o.recorded_at as "recordedAt"
  from audit.objection o where o.process_id = any($1) order by o.process_id, o.objection_no desc`;

/** The objections of these processes, the latest first. */
export const objectionsOf = (db: Db, processIds: readonly string[]): Promise<ObjectionRow[]> =>
  db.call<ObjectionRow>(ofProcesses, [processIds]);

/** The objection that is being dealt with, by process. */
export async function openObjections(
  db: Db,
  processIds: readonly string[],
): Promise<Map<string, ObjectionRow>> {
  const rows = await objectionsOf(db, processIds);
  return new Map(rows.filter(({ isOpen }) => isOpen).map((row) => [row.processId, row]));
}

const add = `
  with filed as (
    insert into audit.objection (id, process_id, objection_no, against, reason, person_id)
    select $1, $2, 1 + coalesce(max(objection_no), 0), $3, $4, $5 from audit.objection where process_id = $2
  )
  insert into audit.objection_criterion (objection_id, criterion_id) select $1, unnest($6::uuid[])`;
export async function insertObjection(
  tx: Tx,
  processId: string,
  { against, reason, criteria }: { against: Attacked; reason: string; criteria: readonly string[] },
): Promise<string> {
  const id = newId();
  await tx.call(add, [id, processId, against, reason, tx.actor.person, criteria]);
  return id;
}

export type ObjectionEntryKind = 'ACKNOWLEDGED' | 'UPHELD' | 'PARTLY_UPHELD' | 'REJECTED' | 'RETRACTED';
interface ObjectionEntryRow {
  readonly objectionId: string;
  readonly kind: ObjectionEntryKind;
  readonly reason: string | null;
  readonly personId: string;
  readonly recordedAt: Date;
}
const entries = `
  select objection_id as "objectionId", kind, reason, person_id as "personId", recorded_at as "recordedAt"
  from audit.objection_entry where objection_id = any($1) order by recorded_at, kind`;
export const objectionEntries = (db: Db, ids: readonly string[]): Promise<ObjectionEntryRow[]> =>
  db.call<ObjectionEntryRow>(entries, [ids]);

const addEntry = `insert into audit.objection_entry (objection_id, kind, reason, person_id) values ($1, $2, $3, $4)`;
export const insertObjectionEntry = (
  tx: Tx,
  objectionId: string,
  kind: ObjectionEntryKind,
  reason: string | null = null,
) => tx.call(addEntry, [objectionId, kind, reason, tx.actor.person]);

const attackable = `
  select p.id, rated.day as "ratedOn", decided.day as "decidedOn", decided.outcome
  from audit.opening_process p
  left join lateral (
    select (max(r.recorded_at) at time zone platform.zone())::date as day from audit.rating r
    where r.process_id = p.id and r.kind = 'FINAL' and r.recorded_at >= coalesce(p.cycle_began_at, '-infinity')) rated on true
  left join lateral (
    select (o.recorded_at at time zone platform.zone())::date as day, o.outcome from audit.decision_outcome o
    where o.process_id = p.id and o.recorded_at >= coalesce(p.cycle_began_at, '-infinity')
    order by o.recorded_at desc limit 1) decided on true
  where p.id = any($1)`;
/** What could be attacked in these processes, and since when. */
export async function attackableIn(db: Db, processIds: readonly string[]): Promise<Map<string, Attackable>> {
  const rows = await db.call<Attackable & { id: string }>(attackable, [processIds]);
  return new Map(rows.map((row) => [row.id, row]));
}

// A final rating repeats its auditor's word, or is what an appeal body corrected: that is no part in the matter before.
const tookPart = `
  select distinct process_id as "processId" from (
    select process_id from audit.rating where (person_id = $2 or represents_id = $2) and kind <> 'FINAL'
    union all select process_id from audit.report_text where person_id = $2
    union all select process_id from audit.signature where person_id = $2 or represents_id = $2
    union all select process_id from audit.team_member where person_id = $2
    union all select process_id from audit.evidence_request where person_id = $2
    union all select process_id from audit.recommendation where person_id = $2
    union all select process_id from audit.decision_outcome where person_id = $2
    union all select d.process_id from audit.vote v join audit.decision d on d.id = v.decision_id where v.person_id = $2
  ) part where process_id = any($1)`;
/** The processes in which a person rated, wrote, signed, recommended, voted or decided. */
export async function involvedIn(
  db: Db,
  processIds: readonly string[],
  personId: string,
): Promise<Set<string>> {
  const rows = await db.call<{ processId: string }>(tookPart, [processIds, personId]);
  return new Set(rows.map(({ processId }) => processId));
}
