import type { Db, Tx } from '../../platform/index.ts';
import type { Counters } from '../rating/counters.rules.ts';

/** An opening process as its row tells it; its state belongs to the engine. */
export interface OpeningProcessRow extends Readonly<Counters> {
  readonly id: string;
  readonly roundId: string;
  readonly unitId: string;
  readonly editionId: string;
  readonly cycle: number;
  readonly frozenAt: Date | null;
  readonly startedAt: Date;
  readonly countedAt: Date;
}

const counters = `applicable, rated, not_applicable, core_total, core_rated, core_confirmed, core_failed, core_weak, differences,
  weight_total, points_of, points, field_applicable, field_rated, field_points_of, field_points`;
const columns = `id, round_id as "roundId", unit_id as "unitId", edition_id as "editionId", cycle_no as cycle,
  frozen_at as "frozenAt", started_at as "startedAt", counted_at as "countedAt", ${counters}`;

const byIds = `select ${columns} from audit.opening_process where id = any($1) order by id`;
export const openingsById = (db: Db, ids: readonly string[]): Promise<OpeningProcessRow[]> =>
  db.call<OpeningProcessRow>(byIds, [ids]);

const deltas = `select ${counters}, recorded_at as "countedAt" from audit.counter_delta
  where process_id = $1 and recorded_at < ($2::date + 1)::timestamp at time zone platform.zone() order by id`;
type DeltaRow = Readonly<Counters> & { readonly countedAt: Date };
/** Every change of a process's counters until the end of a day. */
export const deltasUntil = (db: Db, processId: string, day: string): Promise<DeltaRow[]> =>
  db.call<DeltaRow>(deltas, [processId, day]);

export interface OpeningKey {
  readonly id: string;
  readonly unitId: string;
  readonly roundId: string;
}
export interface OpeningFilter {
  readonly roundId?: string | null | undefined;
  readonly unitId?: string | null | undefined;
}
const behind = `select id, unit_id as "unitId", round_id as "roundId" from audit.opening_process
  where ($1::uuid is null or round_id = $1) and ($2::uuid is null or unit_id = $2) and ($3::uuid is null or id > $3)
  order by id`;
/** What a list holds behind a key; thousands at most, so that rights are asked before a page is cut. */
export const openingKeys = (db: Db, by: OpeningFilter, after: string | null): Promise<OpeningKey[]> =>
  db.call<OpeningKey>(behind, [by.roundId ?? null, by.unitId ?? null, after]);

const ofUnits = `select id, unit_id as "unitId", round_id as "roundId" from audit.opening_process
  where unit_id = any($1) order by started_at desc, id desc`;
/** All processes these units ever had, the newest first. */
export const openingsOfUnits = (db: Db, unitIds: readonly string[]): Promise<OpeningKey[]> =>
  db.call<OpeningKey>(ofUnits, [unitIds]);

const ofRound = `select id, unit_id as "unitId", round_id as "roundId" from audit.opening_process where round_id = $1`;
export const openingsOfRound = (db: Db, roundId: string): Promise<OpeningKey[]> =>
  db.call<OpeningKey>(ofRound, [roundId]);

const newCycle = `
  with ended as (
    insert into audit.cycle (process_id, cycle_no, edition_id)
    select id, cycle_no, edition_id from audit.opening_process where id = $1
  )
  update audit.opening_process
  set cycle_no = cycle_no + 1, edition_id = $2, frozen_at = null, cycle_began_at = platform.now() where id = $1`;
/** Ends the present cycle of a process and begins the next one by this edition. */
export const beginCycle = (tx: Tx, processId: string, editionId: string) =>
  tx.call(newCycle, [processId, editionId]);

const lastCycle = `select edition_id as "editionId" from audit.cycle where process_id = $1 order by cycle_no desc limit 1`;
/** The edition of the cycle before the present one. */
export const editionBefore = async (db: Db, processId: string): Promise<string | undefined> =>
  (await db.call<{ editionId: string }>(lastCycle, [processId]))[0]?.editionId;

const live = `select p.id, p.unit_id as "unitId", p.round_id as "roundId"
  from audit.opening_process p join audit.round r on r.id = p.round_id where r.phase = 'RUNNING' order by p.id`;
/** The processes of all running rounds. */
export const liveOpenings = (db: Db): Promise<OpeningKey[]> => db.call<OpeningKey>(live);

const previous = `select p.id, p.unit_id as "unitId", p.round_id as "roundId", p.edition_id as "editionId"
  from audit.opening_process p, audit.opening_process now
  where now.id = $1 and p.unit_id = now.unit_id and p.id <> now.id and p.started_at <= now.started_at
  order by p.started_at desc, p.id desc limit 1`;
/** The process of the same unit before this one. */
export const openingBefore = async (db: Db, id: string) =>
  (await db.call<OpeningKey & { editionId: string }>(previous, [id]))[0];

interface SignatureRow {
  readonly step: string;
  readonly contentHash: string;
  readonly personId: string;
  readonly representsId: string | null;
  readonly capacity: string;
  readonly signedAt: Date;
}
const signatures = `select step, content_hash as "contentHash", person_id as "personId",
  represents_id as "representsId", capacity, signed_at as "signedAt"
  from audit.signature where process_id = $1 order by signed_at desc`;
export const signaturesOf = (db: Db, processId: string): Promise<SignatureRow[]> =>
  db.call<SignatureRow>(signatures, [processId]);

interface ReturnReasonRow {
  readonly criterionId: string;
  readonly reason: string;
  readonly returnNo: number;
}
const returnReasons = `select criterion_id as "criterionId", reason, return_no as "returnNo" from audit.return_reason
  where process_id = $1 and return_no = (select max(return_no) from audit.return_reason where process_id = $1)
  order by criterion_id`;
/** The reasons of the last return. */
export const returnReasonsOf = (db: Db, processId: string): Promise<ReturnReasonRow[]> =>
  db.call<ReturnReasonRow>(returnReasons, [processId]);

const team = `insert into audit.team_member (process_id, role, person_id) values ($1, 'OWNER', $2), ($1, 'DEPUTY', $3)`;
export const insertTeam = (tx: Tx, processId: string, ownerId: string, deputyId: string) =>
  tx.call(team, [processId, ownerId, deputyId]);

interface TeamRow {
  readonly processId: string;
  readonly role: 'OWNER' | 'DEPUTY';
  readonly personId: string;
}
const teamNow = `select distinct on (process_id, role) process_id as "processId", role, person_id as "personId"
  from audit.team_member where process_id = any($1) order by process_id, role desc, recorded_at desc`;
/** Owner and deputy as last named, the owner first; by process. */
export const teamsOf = (db: Db, processIds: readonly string[]): Promise<TeamRow[]> =>
  db.call<TeamRow>(teamNow, [processIds]);
export const teamOf = (db: Db, processId: string): Promise<TeamRow[]> => teamsOf(db, [processId]);

const sign = `insert into audit.signature (process_id, step, content_hash, person_id, represents_id, capacity, command_id)
  values ($1, $2, $3, $4, $5, $6, $7)`;
export const insertSignature = (
  tx: Tx,
  signed: Pick<SignatureRow, 'step' | 'contentHash' | 'representsId' | 'capacity'> & {
    readonly processId: string;
  },
) =>
  tx.call(sign, [
    signed.processId,
    signed.step,
    signed.contentHash,
    tx.actor.person,
    signed.representsId,
    signed.capacity,
    tx.commandId,
  ]);

const giveReasons = `
  insert into audit.return_reason (process_id, criterion_id, return_no, reason, person_id)
  select $1, "criterionId",
    1 + coalesce((select max(return_no) from audit.return_reason where process_id = $1), 0), reason, $3
  from jsonb_to_recordset($2::jsonb) as given ("criterionId" uuid, reason text)`;
export const insertReturnReasons = (
  tx: Tx,
  processId: string,
  criteria: readonly Omit<ReturnReasonRow, 'returnNo'>[],
) => tx.call(giveReasons, [processId, JSON.stringify(criteria), tx.actor.person]);

export const insertStarted = `
  with started as (
    insert into audit.opening_process (id, round_id, unit_id, edition_id, applicable, core_total, weight_total,
      field_applicable, field_rated, field_points_of, field_points)
    select id, $1, unit_id, $2, applicable, core_total, weight_total,
      field_applicable, field_rated, field_points_of, field_points
    from jsonb_to_recordset($3::jsonb) as given (id uuid, unit_id uuid, applicable int, core_total int,
      weight_total int, field_applicable int[], field_rated int[], field_points_of int[], field_points int[])
    returning *
  )
  insert into audit.counter_delta (process_id, round_id, unit_id, command_id, applicable, core_total, weight_total,
    field_applicable, field_rated, field_points_of, field_points)
  select id, round_id, unit_id, $4, applicable, core_total, weight_total,
    field_applicable, field_rated, field_points_of, field_points from started`;
export const insertCriteria = `
  insert into audit.process_criterion (process_id, criterion_id, field_no, weight, core)
  select $1, "criterionId", "fieldNo", weight, core
  from jsonb_to_recordset($2::jsonb) as given ("criterionId" uuid, "fieldNo" int, weight int, core boolean)
  on conflict do nothing`;
export const fixedCriteria = `
  select f.criterion_id as id from audit.process_criterion f
    join audit.opening_process p on p.id = f.process_id
    join catalogue.criterion c on c.id = f.criterion_id and c.edition_id = p.edition_id
  where f.process_id = $1`;
export const markFrozen = `update audit.opening_process set frozen_at = platform.now() where id = $1`;
export const moveCounters = `select audit.move_counters($1, $2, $3::jsonb)`;
