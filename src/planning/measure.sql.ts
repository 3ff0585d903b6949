import { found, type Db, type Tx } from '../platform/index.ts';
import type { MeasureStatus, MeasureTerms, StatusReport } from './measure.rules.ts';

/** A measure as it stands: its latest terms and status. */
export interface MeasureRow extends MeasureTerms {
  readonly id: string;
  readonly processId: string;
  readonly unitId: string;
  readonly measureNo: number;
  /** The unit that undertook it first, where another one has followed that; else null. */
  readonly cameFrom: string | null;
  readonly version: number;
  readonly status: MeasureStatus;
  readonly statusNote: string | null;
  readonly postponedUntil: string | null;
  readonly effect: string | null;
  readonly statusSince: Date;
  /** When somebody last reported on it; null for a draft. */
  readonly reportedAt: Date | null;
}

interface StatusRow {
  readonly measureId: string;
  readonly status: MeasureStatus;
  readonly note: string | null;
  readonly effect: string | null;
  readonly postponedUntil: string | null;
  readonly personId: string;
  readonly recordedAt: Date;
}

// $2 is the day by whose end it was recorded; null asks for what stands now.
const recordedIn = (row: string) =>
  `($2::date is null or ${row}.recorded_at < ($2::date + 1)::timestamp at time zone platform.zone())`;
// Where a measure was moved to with its unit's succession, it is found there and nowhere else.
const measure = `
  select m.id, coalesce(h.process_id, m.process_id) as "processId", coalesce(h.unit_id, m.unit_id) as "unitId",
    coalesce(h.measure_no, m.measure_no) as "measureNo", case when h.process_id is null then null else m.unit_id end as "cameFrom",
    t.version, t.criterion_id as "criterionId", t.title, t.description, t.competent_post_id as "competentPostId",
    t.due_on as "dueOn", t.indicator, t.baseline, t.budget_kind as "budgetKind", t.budget_line as "budgetLine",
    t.touches, s.status, s.note as "statusNote", s.postponed_until as "postponedUntil", s.effect,
    s.recorded_at as "statusSince",
    case when s.status in ('DRAFT', 'AGREED') then null else s.recorded_at end as "reportedAt"
  from planning.measure m
    left join lateral (select * from planning.measure_home h where h.measure_id = m.id and ${recordedIn('h')}
      order by h.home_no desc limit 1) h on true
    join lateral (select * from planning.measure_terms t where t.measure_id = m.id and ${recordedIn('t')}
      order by t.version desc limit 1) t on true
    join lateral (select * from planning.measure_status s where s.measure_id = m.id and ${recordedIn('s')}
      order by s.status_no desc limit 1) s on true`;
const ofProcesses = `${measure}
  where (m.process_id = any($1) or m.id in (select home.measure_id from planning.measure_home home where home.process_id = any($1)))
    and coalesce(h.process_id, m.process_id) = any($1)
  order by 2, 4`;
const byId = `${measure} where m.id = $1`;
const byIds = `${measure} where m.id = any($1) order by 2, 4`;
const statuses = `
  select measure_id as "measureId", status, note, effect, postponed_until as "postponedUntil", person_id as "personId",
    recorded_at as "recordedAt"
  from planning.measure_status where measure_id = any($1) order by measure_id, status_no`;
const reporter = `
  select person_id as "personId" from planning.measure_status
  where measure_id = $1 and status = 'REPORTED_DONE' order by status_no desc limit 1`;

const open = `${measure}
  where (coalesce(h.process_id, m.process_id) = any($1) or t.competent_post_id = any($3::uuid[]))
    and s.status not in ('DRAFT', 'EFFECT_CONFIRMED', 'REJECTED')`;
/** Measures under way of these processes, or in the hands of these posts. */
export const openMeasures = (db: Db, processIds: readonly string[], postIds: readonly string[]) =>
  db.call<MeasureRow>(open, [processIds, null, postIds]);

export const measuresOf = (db: Db, processIds: readonly string[], asOf: string | null = null) =>
  db.call<MeasureRow>(ofProcesses, [processIds, asOf]);

export const measuresById = (db: Db, ids: readonly string[]) => db.call<MeasureRow>(byIds, [ids, null]);

export const measureById = async (db: Db, id: string) => (await db.call<MeasureRow>(byId, [id, null]))[0];

/** The measure as it stands, or NOT_FOUND. Under the lock of its process it stays so. */
export const theMeasure = async (db: Db, id: string): Promise<MeasureRow> =>
  found(await measureById(db, id), measureName);

/** The process a measure belongs to, or NOT_FOUND. */
export const processOf = async (db: Db, measureId: string): Promise<string> =>
  (await theMeasure(db, measureId)).processId;

export const measureName = { de: 'Maßnahme', en: 'Measure' };

export const statusesOf = (db: Db, measureIds: readonly string[]) =>
  db.call<StatusRow>(statuses, [measureIds]);

const agreed = `
  select measure_id as id, (min(recorded_at) at time zone platform.zone())::date + 7 >= $2::date as "inTime"
  from planning.measure_status where measure_id = any($1) and status = 'AGREED' group by measure_id`;
/** Whether a measure was agreed on within the last week: so long the equal opportunities officer may object to it. */
export const objectionInTime = async (
  db: Db,
  measureIds: readonly string[],
): Promise<Map<string, boolean>> => {
  const rows = await db.call<{ id: string; inTime: boolean }>(agreed, [measureIds, db.today]);
  return new Map(rows.map(({ id, inTime }) => [id, inTime]));
};

/** Who last reported a measure done. */
export const reporterOf = async (db: Db, measureId: string) =>
  (await db.call<{ personId: string }>(reporter, [measureId]))[0]?.personId;

/** A status as it is entered. */
export interface StatusEntry extends StatusReport {
  readonly measureId: string;
  readonly effect?: string | null | undefined;
}
const addStatus = `
  insert into planning.measure_status (measure_id, status_no, status, note, effect, postponed_until, person_id)
  select s."measureId", 1 + (select max(status_no) from planning.measure_status o where o.measure_id = s."measureId"),
    s.status, s.note, s.effect, s."postponedUntil", $2
  from jsonb_to_recordset($1::jsonb) as s("measureId" uuid, status text, note text, effect text, "postponedUntil" date)`;
/** Appends statuses. Whoever calls has locked the process the measures came from and asked the rules. */
export const enterStatuses = (tx: Tx, entries: readonly StatusEntry[]) =>
  tx.call(addStatus, [JSON.stringify(entries), tx.actor.person]);

export const addMeasures = `
  with given as (
    select row_number() over () as n, g.* from jsonb_to_recordset($3::jsonb) as g(id uuid)
  ), measure as (
    insert into planning.measure (id, process_id, unit_id, measure_no, person_id)
    select id, $1, $2, n + planning.last_measure_no($1), $4 from given
  )
  insert into planning.measure_status (measure_id, status_no, status, person_id) select id, 1, 'DRAFT', $4 from given`;
export const addTerms = `
  insert into planning.measure_terms (measure_id, version, criterion_id, title, description, competent_post_id, due_on,
    indicator, baseline, budget_kind, budget_line, touches, person_id)
  select t.id, 1 + coalesce((select max(version) from planning.measure_terms o where o.measure_id = t.id), 0),
    t."criterionId", t.title, coalesce(t.description, ''), t."competentPostId", t."dueOn", t.indicator, t.baseline,
    t."budgetKind", t."budgetLine", coalesce(t.touches, '{}'), $2
  from jsonb_to_recordset($1::jsonb) as t(id uuid, "criterionId" uuid, title text, description text,
    "competentPostId" uuid, "dueOn" date, indicator text, baseline text, "budgetKind" text, "budgetLine" text,
    touches text[])`;
