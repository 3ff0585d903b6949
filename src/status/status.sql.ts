import { openingTags, type ScopeEntry } from '../audit/index.ts';
import { coSigning } from '../planning/index.ts';
import type { Db } from '../platform/index.ts';
import type { ProcessState } from './status.rules.ts';

/**
 * The questions as SQL, one round trip each, over what other rooms publish: their views and functions, never their
 * tables. `$2 = cutoff` is the end of the day asked about; everything recorded later is not seen. Rows of the present and
 * of the past come from the same append-only tables, so a figure of a past day can be written again to the digit.
 */

/**
 * Opening processes of the units by any edition of the round's catalogue, begun before the cutoff; one that is audited
 * again comes once for each of its cycles, an ended one as it stood when the next began. The present's counters lie on
 * the row; those of the past are the sum of their deltas. Whose turn it is stands in the open tasks; while targets are
 * co-signed ($4) it is whoever still has to sign. Final ratings count from the report's release on ($5).
 */
const processes = (counters: string, suspension: string) => `
  select p.process_id as "processId", p.round_id as "roundId", p.unit_id as "unitId", p.started_at as "startedAt",
         last.stage as state, last.tags, since.at as since, coalesce(turn.functions, '{}') as "waitingFor",
         coalesce((${suspension}), false) as "isSuspended",
         coalesce((
           select r.is_public from audit.final_release r
            where r.process_id = p.process_id and r.recorded_at >= p.began_at and r.recorded_at < until.at
            order by r.release_no desc limit 1), false) as "isReleasedToPublic",
         c.applicable, c.rated, c.not_applicable as "notApplicable", c.core_total as core, c.core_rated as "coreRated",
         c.core_failed + c.core_weak as "coreBelow", c.points_of as "pointsOf", c.points,
         (final.at at time zone platform.zone())::date as "finallyRatedOn"
    from (select * from audit.process_cycle where unit_id = any($3)) p
   cross join lateral (select least($2::timestamptz, p.ended_at) as at) until
   cross join lateral (
         select h.seq, h.stage, h.tags from engine.process_history h
          where h.process_id = p.process_id and h.at < until.at order by h.seq desc limit 1) last
   cross join lateral (
         select min(h.at) as at from engine.process_history h
          where h.process_id = p.process_id and h.seq > coalesce((
                select max(b.seq) from engine.process_history b
                 where b.process_id = p.process_id and b.seq < last.seq and b.stage <> last.stage), 0)) since
   cross join lateral (
         select array_agg(distinct w.function order by w.function) as functions from (
                select t.function from engine.turn t
                 where t.process_id = p.process_id and t.opened_at < until.at
                   and (t.closed_at is null or t.closed_at >= until.at)
                   and (not last.tags @> array[$4::text] or not t.tags ? $4)
                union all
                select s.fn from planning.awaited_signers(p.process_id, until.at) s
                 where last.tags @> array[$4::text]) w) turn
   cross join lateral (
         select max(r.recorded_at) as at from audit.final_rating r
          where r.process_id = p.process_id and r.recorded_at >= p.began_at and r.recorded_at < until.at
            and last.tags @> array[$5::text]) final
   cross join lateral (${counters}) c
   where p.began_at < $2
     and p.edition_id in (
         select e.edition_id from catalogue.edition_catalogue e
          where e.catalogue_id = (
                select own.catalogue_id from audit.round_overview r
                  join catalogue.edition_catalogue own on own.edition_id = r.edition_id
                 where r.id = $1))
   order by p.unit_id, p.started_at, p.cycle_no`;

/** A past cycle's process is not suspended: its next one has begun. */
const suspendedNow = `
           select r.is_suspended and p.ended_at = 'infinity' from engine.process_rest r where r.process_id = p.process_id`;
const suspendedThen = `
           select h.is_suspended from engine.rest_history h
            where h.process_id = p.process_id and h.at < until.at order by h.seq desc limit 1`;
const countersThen = `
         select coalesce(sum(d.applicable), 0) as applicable, coalesce(sum(d.rated), 0) as rated,
                coalesce(sum(d.not_applicable), 0) as not_applicable, coalesce(sum(d.core_total), 0) as core_total,
                coalesce(sum(d.core_rated), 0) as core_rated, coalesce(sum(d.core_failed), 0) as core_failed,
                coalesce(sum(d.core_weak), 0) as core_weak, coalesce(sum(d.points_of), 0) as points_of,
                coalesce(sum(d.points), 0) as points
           from audit.counter_history d where d.process_id = p.process_id and d.recorded_at < until.at`;
const countersNow = `
         select o.applicable, o.rated, o.not_applicable, o.core_total, o.core_rated, o.core_failed, o.core_weak,
                o.points_of, o.points
           from audit.process_counters o where o.process_id = p.process_id and p.ended_at = 'infinity'
          union all ${countersThen} having p.ended_at < 'infinity'`;
const processesNow = processes(countersNow, suspendedNow);
const processesThen = processes(countersThen, suspendedThen);

/** When a status is read: of now, or as of the end of a past day. */
export interface Moment {
  readonly day: string;
  /** Nothing recorded at or after it counts; null means now. */
  readonly cutoff: Date | null;
}

const cutoffOf = ({ cutoff }: Moment) => cutoff ?? 'infinity';

/** A process at that moment. The tags are those its definition gives; what else is known of it stands beside them. */
export interface ProcessRow extends ProcessState {
  /** Its final report was last released to everybody; an objection may hold it back. */
  readonly isReleasedToPublic: boolean;
}

export function processRows(
  db: Db,
  roundId: string,
  when: Moment,
  units: readonly string[],
): Promise<ProcessRow[]> {
  const values = [roundId, cutoffOf(when), units, coSigning, openingTags.released];
  return db.call(when.cutoff ? processesThen : processesNow, values);
}

interface FieldRow {
  /** The number of the field in the edition, from 1. */
  readonly fieldNo: number;
  readonly units: number;
  readonly rated: number;
  readonly pointsOf: number;
  readonly points: number;
}

const fields = (counted: string) => `
  select f.no::int as "fieldNo", count(*) filter (where f.rated > 0) as units, coalesce(sum(f.rated), 0) as rated,
         coalesce(sum(f.points_of), 0) as "pointsOf", coalesce(sum(f.points), 0) as points
    from (${counted}) f
   group by f.no order by f.no`;
const fieldsNow = fields(`
  select f.no, f.rated, f.points_of, f.points
    from audit.process_counters p,
         unnest(p.field_rated, p.field_points_of, p.field_points) with ordinality as f(rated, points_of, points, no)
   where p.process_id = any($1) and p.started_at < $2`);
const fieldsThen = fields(`
  select no, sum(f.rated) as rated, sum(f.points_of) as points_of, sum(f.points) as points
    from audit.counter_history d,
         unnest(d.field_rated, d.field_points_of, d.field_points) with ordinality as f(rated, points_of, points, no)
   where d.process_id = any($1) and d.recorded_at < $2
   group by d.process_id, no`);

/** Sums by field of action over the given processes. */
export function fieldRows(db: Db, when: Moment, processes: readonly string[]): Promise<FieldRow[]> {
  return db.call(when.cutoff ? fieldsThen : fieldsNow, [processes, cutoffOf(when)]);
}

export interface DueRow {
  readonly processId: string;
  readonly what: string;
  readonly dueOn: string;
}

const deadlinesNow = `
  select d.process_id as "processId", d.name as what, d.due_on as "dueOn"
    from engine.running_deadline d where d.process_id = any($1)
   order by d.due_on, d.process_id, d.name`;
const deadlinesThen = `
  select d.process_id as "processId", d.name as what, d.due_on as "dueOn"
    from engine.past_deadlines($1, $2) d
   order by d.due_on, d.process_id, d.name`;

/**
 * Deadlines that run, the next one first. Those of a suspended process stand still, and nobody has to keep the end of its
 * suspension.
 */
export function deadlineRows(db: Db, when: Moment, processes: readonly string[]): Promise<DueRow[]> {
  return when.cutoff ? db.call(deadlinesThen, [processes, when.cutoff]) : db.call(deadlinesNow, [processes]);
}

export interface MeasureRow extends DueRow {
  readonly unitId: string;
  readonly core: boolean;
}

const openMeasures = `
  select m.process_id as "processId", m.unit_id as "unitId", m.measure_no::text as what, m.due_on as "dueOn",
         k.criterion_id is not null as core
    from planning.open_measures($1, $2) m
    left join catalogue.core_criterion k on k.criterion_id = m.criterion_id
   order by m.due_on, m.process_id, m.measure_no`;

/** Agreed measures that are neither reported done nor rejected, the next one due first. */
export function measureRows(db: Db, when: Moment, units: readonly string[]): Promise<MeasureRow[]> {
  return db.call(openMeasures, [units, cutoffOf(when)]);
}

const ownKinds = ['SELF', 'CONSENSUS'];
const finalKinds = ['FINAL'];

interface CoreRow {
  readonly criterionId: string;
  readonly rated: number;
  readonly failing: number;
}

const coreFailures = `
  select c.criterion_id as "criterionId", count(r.level) as rated,
         count(*) filter (where r.level < $3) as failing
    from audit.counted_ratings($1, $2, $4) r
    join audit.core_criterion c on c.process_id = r.process_id and c.criterion_id = r.criterion_id
   where r.level is not null
   group by c.criterion_id`;

export function coreRows(
  db: Db,
  when: Moment,
  processes: readonly string[],
  level: number,
): Promise<CoreRow[]> {
  return db.call(coreFailures, [processes, cutoffOf(when), level, [...finalKinds, ...ownKinds]]);
}

interface DeviationRow {
  readonly criterionId: string;
  readonly kind: string;
  readonly units: number;
  readonly sum: number;
}

const deviations = `
  select own.criterion_id as "criterionId", u.kind, count(*) as units, sum(audited.level - own.level) as sum
    from audit.counted_ratings($1, $2, $4) own
    join audit.counted_ratings($1, $2, $5) audited
      on audited.process_id = own.process_id and audited.criterion_id = own.criterion_id
    join unnest($1::uuid[], $3::text[]) as u(process_id, kind) on u.process_id = own.process_id
   where own.level is not null and audited.level is not null
   group by own.criterion_id, u.kind`;

export function deviationRows(
  db: Db,
  when: Moment,
  of: readonly { readonly processId: string; readonly kind: string }[],
): Promise<DeviationRow[]> {
  const [ids, kinds] = [of.map(({ processId }) => processId), of.map(({ kind }) => kind)];
  return db.call(deviations, [ids, cutoffOf(when), kinds, ownKinds, finalKinds]);
}

interface RoundRow {
  readonly id: string;
  readonly editionId: string;
  readonly definitionId: string;
  readonly endOfDay: Date;
  readonly steeringActive: boolean;
}

const round = `
  with day as (select (($2::date + 1)::timestamp at time zone platform.zone()) as ends)
  select r.id, r.edition_id as "editionId", d.newest_id as "definitionId", day.ends as "endOfDay",
         exists (
           select from audit.round_function p
            where p.round_id = r.id and p.fn = 'STEERING' and p.recorded_at < day.ends
              and (p.retracted_at is null or p.retracted_at >= day.ends)
              and p.valid_from <= $2 and (p.valid_until is null or p.valid_until > $2)) as "steeringActive"
    from audit.round_overview r
    -- Its processes may run by a later version than the round began with: that one has all the words.
    join engine.newest_definition d on d.id = r.definition_id,
         day
   where case when $1::uuid is null
         then r.started_at < day.ends and exists (
              select from audit.process_cycle p where p.round_id = r.id and p.unit_id <> all($3))
         else r.id = $1 end
   order by r.started_at desc limit 1`;

/**
 * The round and what holds for it on the day; undefined when there is none. Without an id it is the last one started by
 * then that looks at the administration itself and not only at units outside its chart (schools, municipalities).
 */
export async function roundRow(
  db: Db,
  roundId: string | null,
  day: string,
  outside: readonly string[],
): Promise<RoundRow | undefined> {
  const [row] = await db.call<RoundRow>(round, [roundId, day, outside]);
  return row;
}

const scope = `
  select s.unit_id as "unitId", s.kind from audit.scope_entry s
   where s.round_id = $1 and s.recorded_at < $2 and (s.retracted_at is null or s.retracted_at >= $2)`;

/** Which units the round looked at, as recorded at the moment. */
export function scopeRows(db: Db, roundId: string, when: Moment): Promise<ScopeEntry[]> {
  return db.call(scope, [roundId, cutoffOf(when)]);
}
