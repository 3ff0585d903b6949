import type { Db } from '../platform/index.ts';
import type { DefinitionBody } from './chart-words.rules.ts';
import type { ProcessState } from './status.rules.ts';

/**
 * The questions as SQL, one round trip each. `$2 = cutoff` is the end of the day asked about; everything recorded
 * later is not seen. Rows of the present and of the past come from the same append-only tables, so a figure of a past
 * day can be written again to the digit.
 */

/** The cycles of the units' processes ($3): the present one, and those that ended when the next began. */
const cycles = `
  select id, round_id, unit_id, edition_id, started_at, cycle_no, coalesce(cycle_began_at, started_at) as began_at,
         'infinity'::timestamptz as ended_at
    from audit.opening_process where unit_id = any($3)
   union all
  select o.id, o.round_id, o.unit_id, e.edition_id, o.started_at, e.cycle_no,
         coalesce((select b.ended_at from audit.cycle b where b.process_id = e.process_id and b.cycle_no = e.cycle_no - 1),
           o.started_at), e.ended_at
    from audit.cycle e join audit.opening_process o on o.id = e.process_id where o.unit_id = any($3)`;

/** A process rests from the step that set its end until the one that stopped that; today its row says so. */
const restsNow = `(
  select e.suspended_at is not null and p.ended_at = 'infinity' from engine.process e where e.id = p.id)`;
const restsThen = `(
  select e.clocks -> 'started' @> '[{"name": "$suspension"}]' from engine.log_entry e
   where e.process_id = p.id and e.at < until.at
     and (e.clocks -> 'started' @> '[{"name": "$suspension"}]' or e.clocks -> 'stopped' ? '$suspension')
   order by e.seq desc limit 1)`;

/**
 * Opening processes of the units by any edition of the round's catalogue, begun before the cutoff; one that is audited
 * again comes once for each of its cycles, an ended one as it stood when the next began. The present's counters lie on
 * the row; those of the past are the sum of their deltas. Whose turn it is stands in the open tasks; while targets are
 * co-signed it is whoever still has to sign.
 */
const processes = (counters: string, rests: string) => `
  select p.id as "processId", p.round_id as "roundId", p.unit_id as "unitId", p.started_at as "startedAt",
         last.stage as state, last.tags || public.tags || rests.tags as tags, since.at as since,
         coalesce(turn.functions, '{}') as "waitingFor",
         c.applicable, c.rated, c.not_applicable as "notApplicable", c.core_total as core, c.core_rated as "coreRated",
         c.core_zero + c.core_one as "coreBelow", c.weight_rated as "weightRated", c.points,
         (final.at at time zone platform.zone())::date as "finallyRatedOn"
    from (${cycles}) p
   cross join lateral (select least($2::timestamptz, p.ended_at) as at) until
   cross join lateral (
         select e.seq, e.stage, e.tags from engine.log_entry e
          where e.process_id = p.id and e.at < until.at order by e.seq desc limit 1) last
   cross join lateral (
         select min(e.at) as at from engine.log_entry e
          where e.process_id = p.id and e.seq > coalesce((
                select max(b.seq) from engine.log_entry b
                 where b.process_id = p.id and b.seq < last.seq and b.stage <> last.stage), 0)) since
   cross join lateral (
         select array_agg(distinct w.function order by w.function) as functions from (
                select t.function from engine.task t
                 where t.process_id = p.id and t.opened_at < until.at and (t.closed_at is null or t.closed_at >= until.at)
                   and t.name <> 'coSign'
                union all
                select r.fn from planning.required_signature r
                 where last.tags @> '{coSigning}' and r.agreement_id = (
                       select a.id from planning.target_agreement a
                        where a.process_id = p.id and a.submitted_at < until.at order by a.version desc limit 1)
                   and not exists (
                       select from planning.co_signature s
                        where s.agreement_id = r.agreement_id and s.fn = r.fn and s.signed_at < until.at)) w) turn
   cross join lateral (
         select max(r.recorded_at) as at from audit.rating r
          where r.process_id = p.id and r.kind = 'FINAL' and r.recorded_at >= p.began_at and r.recorded_at < until.at
            and last.tags @> '{released}') final
   cross join lateral (
         select case when not last.tags @> '{publicationHeld}' and (
                select r.visibility from audit.report_release r
                 where r.process_id = p.id and r.kind = 'FINAL' and r.recorded_at >= p.began_at and r.recorded_at < until.at
                 order by r.release_no desc limit 1) = 'PUBLIC' then array['published'] else '{}' end as tags) public
   cross join lateral (
         select case when ${rests} then array['suspended'] else '{}' end as tags) rests
   cross join lateral (${counters}) c
   where p.began_at < $2
     and p.edition_id in (
         select e.id from catalogue.edition e
          where e.catalogue_id = (
                select own.catalogue_id from audit.round r join catalogue.edition own on own.id = r.edition_id
                 where r.id = $1))
   order by p.unit_id, p.started_at, p.cycle_no`;

const countersThen = `
  select coalesce(sum(d.applicable), 0) as applicable, coalesce(sum(d.rated), 0) as rated,
         coalesce(sum(d.not_applicable), 0) as not_applicable, coalesce(sum(d.core_total), 0) as core_total,
         coalesce(sum(d.core_rated), 0) as core_rated, coalesce(sum(d.core_zero), 0) as core_zero,
         coalesce(sum(d.core_one), 0) as core_one, coalesce(sum(d.weight_rated), 0) as weight_rated,
         coalesce(sum(d.points), 0) as points
    from audit.counter_delta d where d.process_id = p.id and d.recorded_at < until.at`;
const countersNow = `
  select o.applicable, o.rated, o.not_applicable, o.core_total, o.core_rated, o.core_zero, o.core_one, o.weight_rated,
         o.points
    from audit.opening_process o where o.id = p.id and p.ended_at = 'infinity'
   union all ${countersThen} having p.ended_at < 'infinity'`;
const processesNow = processes(countersNow, restsNow);
const processesThen = processes(countersThen, restsThen);

/** When a status is read: of now, or as of the end of a past day. */
export interface Moment {
  readonly day: string;
  /** Nothing recorded at or after it counts; null means now. */
  readonly cutoff: Date | null;
}

const cutoffOf = ({ cutoff }: Moment) => cutoff ?? 'infinity';

export function processRows(
  db: Db,
  roundId: string,
  when: Moment,
  units: readonly string[],
): Promise<ProcessState[]> {
  return db.call(when.cutoff ? processesThen : processesNow, [roundId, cutoffOf(when), units]);
}

interface FieldRow {
  /** Counts the edition's fields from 1. */
  readonly fieldNo: number;
  readonly units: number;
  readonly rated: number;
  readonly weight: number;
  readonly points: number;
}

const fields = (counted: string) => `
  select f.no::int as "fieldNo", count(*) filter (where f.rated > 0) as units, coalesce(sum(f.rated), 0) as rated,
         coalesce(sum(f.weight), 0) as weight, coalesce(sum(f.points), 0) as points
    from (${counted}) f
   group by f.no order by f.no`;
const fieldsNow = fields(`
  select f.no, f.rated, f.weight, f.points
    from audit.opening_process p,
         unnest(p.field_rated, p.field_weight, p.field_points) with ordinality as f(rated, weight, points, no)
   where p.id = any($1) and p.started_at < $2`);
const fieldsThen = fields(`
  select no, sum(f.rated) as rated, sum(f.weight) as weight, sum(f.points) as points
    from audit.counter_delta d,
         unnest(d.field_rated, d.field_weight, d.field_points) with ordinality as f(rated, weight, points, no)
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
    from engine.deadline d where d.process_id = any($1) and d.paused_on is null and d.name not like '$%'
   order by d.due_on, d.process_id, d.name`;
/** A deadline ran at the cutoff when an entry before it started it and no later one before it stopped it. */
const deadlinesThen = `
  select e.process_id as "processId", s.name as what, s."dueOn"
    from engine.log_entry e, jsonb_to_recordset(e.clocks -> 'started') as s(name text, "dueOn" date, "pausedOn" date)
   where e.process_id = any($1) and e.at < $2 and s."pausedOn" is null and s.name not like '$%'
     and not exists (
         select from engine.log_entry l
          where l.process_id = e.process_id and l.seq > e.seq and l.at < $2 and l.clocks -> 'stopped' ? s.name)
   order by s."dueOn", e.process_id, s.name`;

/** Deadlines that run: those of a process that rests stand, and the end of its rest is nobody's. */
export function deadlineRows(db: Db, when: Moment, processes: readonly string[]): Promise<DueRow[]> {
  return when.cutoff ? db.call(deadlinesThen, [processes, when.cutoff]) : db.call(deadlinesNow, [processes]);
}

export interface MeasureRow extends DueRow {
  readonly unitId: string;
  readonly core: boolean;
}

/** Agreed measures that are neither reported done nor rejected; a postponed one is due on its new day. */
const openMeasures = `
  select coalesce(h.process_id, m.process_id) as "processId", coalesce(h.unit_id, m.unit_id) as "unitId",
         coalesce(h.measure_no, m.measure_no)::text as what,
         coalesce(s.postponed_until, t.due_on) as "dueOn", coalesce(k.core, false) as core
    from planning.measure m
    left join lateral (
         select h.process_id, h.unit_id, h.measure_no from planning.measure_home h
          where h.measure_id = m.id and h.recorded_at < $2 order by h.home_no desc limit 1) h on true
   cross join lateral (
         select t.due_on, t.criterion_id from planning.measure_terms t
          where t.measure_id = m.id and t.recorded_at < $2 order by t.version desc limit 1) t
   cross join lateral (
         select s.status, s.postponed_until from planning.measure_status s
          where s.measure_id = m.id and s.recorded_at < $2 order by s.status_no desc limit 1) s
    left join catalogue.criterion k on k.id = t.criterion_id
   where (m.unit_id = any($1) or m.id in (select measure_id from planning.measure_home where unit_id = any($1)))
     and coalesce(h.unit_id, m.unit_id) = any($1) and m.recorded_at < $2 and t.due_on is not null
     and s.status in ('AGREED', 'IN_PROGRESS', 'DELAYED', 'POSTPONED')
   order by 4, 1, coalesce(h.measure_no, m.measure_no)`;

export function measureRows(db: Db, when: Moment, units: readonly string[]): Promise<MeasureRow[]> {
  return db.call(openMeasures, [units, cutoffOf(when)]);
}

/** Since when ratings of a process count: since the last cycle that came to final ratings, or to none yet. */
const ratedSince = `
  select o.id, coalesce((
         select max(e.ended_at) from audit.cycle e
          where e.process_id = o.id and e.ended_at < $2 and exists (
                select from audit.rating f
                 where f.process_id = o.id and f.kind = 'FINAL' and f.recorded_at >= e.ended_at and f.recorded_at < $2)),
           '-infinity') as since
    from audit.opening_process o where o.id = any($1)`;

/** The rating that counts for each criterion of a process: the audit's final one, else the newest of the unit's own. */
const standing = (kinds: string) => `
  select distinct on (r.process_id, r.criterion_id) r.process_id, r.criterion_id, r.level
    from audit.rating r join (${ratedSince}) cycle on cycle.id = r.process_id and r.recorded_at >= cycle.since
   where r.process_id = any($1) and r.recorded_at < $2 and r.kind in (${kinds})
   order by r.process_id, r.criterion_id, r.kind = 'FINAL' desc, r.version desc, r.kind`;
const ownKinds = `'SELF', 'CONSENSUS'`;

interface CoreRow {
  readonly criterionId: string;
  readonly rated: number;
  readonly failing: number;
  /** Staff of the failing units together: what decides whether the number may be shown. */
  readonly staff: number;
}

const coreFailures = `
  select c.criterion_id as "criterionId", count(s.level) as rated,
         count(*) filter (where s.level < $5) as failing,
         coalesce(sum(u.staff) filter (where s.level < $5), 0) as staff
    from (${standing(`'FINAL', ${ownKinds}`)}) s
    join audit.process_criterion c on c.process_id = s.process_id and c.criterion_id = s.criterion_id
    join unnest($3::uuid[], $4::int[]) as u(process_id, staff) on u.process_id = s.process_id
   where c.core and s.level is not null
   group by c.criterion_id`;

/** Processes with the staff of their units. */
interface Staffed {
  readonly processId: string;
  readonly staff: number;
}

export function coreRows(db: Db, when: Moment, of: readonly Staffed[], level: number): Promise<CoreRow[]> {
  const ids = of.map(({ processId }) => processId);
  const staff = of.map((row) => row.staff);
  return db.call(coreFailures, [ids, cutoffOf(when), ids, staff, level]);
}

interface DeviationRow {
  readonly criterionId: string;
  readonly kind: string;
  readonly units: number;
  readonly sum: number;
  readonly staff: number;
}

const deviations = `
  with own as (${standing(ownKinds)}),
       audited as (${standing(`'FINAL'`)})
  select own.criterion_id as "criterionId", u.kind, count(*) as units, sum(audited.level - own.level) as sum,
         sum(u.staff) as staff
    from own
    join audited using (process_id, criterion_id)
    join unnest($1::uuid[], $3::text[], $4::int[]) as u(process_id, kind, staff) on u.process_id = own.process_id
   where own.level is not null and audited.level is not null
   group by own.criterion_id, u.kind`;

export function deviationRows(
  db: Db,
  when: Moment,
  of: readonly (Staffed & { readonly kind: string })[],
): Promise<DeviationRow[]> {
  const ids = of.map(({ processId }) => processId);
  return db.call(deviations, [ids, cutoffOf(when), of.map(({ kind }) => kind), of.map(({ staff }) => staff)]);
}

interface RoundRow {
  readonly id: string;
  readonly editionId: string;
  readonly definitionId: string;
  readonly endOfDay: Date;
  /** Fewer people than these are never told of. */
  readonly minimumShown: number;
  readonly steeringActive: boolean;
}

const round = `
  with day as (select (($2::date + 1)::timestamp at time zone platform.zone()) as ends)
  select r.id, r.edition_id as "editionId", newest.id as "definitionId", day.ends as "endOfDay",
         coalesce((select a.minimum_shown_size from organisation.administration a), 5) as "minimumShown",
         exists (
           select from audit.round_person p
            where p.round_id = r.id and p.fn = 'STEERING' and p.recorded_at < day.ends
              and (p.retracted_at is null or p.retracted_at >= day.ends)
              and p.valid_from <= $2 and (p.valid_until is null or p.valid_until > $2)) as "steeringActive"
    from audit.round r
    join engine.process_definition d on d.id = r.definition_id
    -- Its processes may run by a later version than the round began with: that one has all the words.
    join lateral (select n.id from engine.process_definition n where n.key = d.key order by n.version desc limit 1) newest on true,
         day
   where case when $1::uuid is null
         then r.started_at < day.ends and exists (
              select from audit.opening_process p where p.round_id = r.id and p.unit_id <> all($3))
         else r.id = $1 end
   order by r.started_at desc limit 1`;

/**
 * The round (without an id the last one started by then that looks at the administration itself, not only at schools
 * and municipalities outside its chart), and what the day means for it; undefined when there is none.
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

const definition = `select d.body from engine.process_definition d where d.id = $1`;

/** The body of a published process definition. */
export async function definitionBody(db: Db, id: string): Promise<DefinitionBody> {
  const [row] = await db.call<{ body: DefinitionBody }>(definition, [id]);
  return row!.body;
}
