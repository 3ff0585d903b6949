const ratingColumns = `r.id, r.process_id as "processId", r.criterion_id as "criterionId", r.kind, r.version, r.level,
  r.statement, r.reason, r.check_note as "checkNote", r.changed_rule as "changedRule", r.carried_from as "carriedFrom",
  r.person_id as "personId", r.represents_id as "representsId", r.recorded_at as "recordedAt",
  array(select e.evidence_id::text from audit.rating_evidence e where e.rating_id = r.id) as "evidenceIds"`;
// In a later cycle the criteria are those of its own edition, once they are fixed; its ratings go on counting versions.
export const criteriaOf = `
  with process as materialized (
    select o.id, o.cycle_no, o.frozen_at, o.edition_id, o.field_applicable,
           array(select level->>'pdca' from jsonb_array_elements(e.scale) level) as stages
      from audit.opening_process o join catalogue.edition e on e.id = o.edition_id
     where o.id = any($1))
  select c.process_id as "processId", c.criterion_id as "criterionId", c.field_no as "fieldNo", c.weight, c.core,
    cardinality(p.field_applicable) as fields, p.stages,
    case when p.cycle_no = 1 then 0 else (select coalesce(max(r.version), 0) from audit.rating r
      where r.process_id = c.process_id and r.criterion_id = c.criterion_id) end as "lastVersion"
  from audit.process_criterion c join process p on p.id = c.process_id
  where (p.cycle_no = 1 or p.frozen_at is not null and exists (
    select from catalogue.criterion known where known.id = c.criterion_id and known.edition_id = p.edition_id))`;
export const latestOf = `
  select distinct on (r.process_id, r.criterion_id, r.kind) ${ratingColumns}
  from audit.rating r join audit.opening_process p on p.id = r.process_id
  where r.process_id = any($1) and r.recorded_at >= coalesce(p.cycle_began_at, '-infinity')
  order by r.process_id, r.criterion_id, r.kind, r.version desc`;
export const earlierOf = `
  select distinct on (r.criterion_id, r.kind) ${ratingColumns}
  from audit.rating r join audit.opening_process p on p.id = r.process_id
  where r.process_id = $1 and r.recorded_at < p.cycle_began_at
  order by r.criterion_id, r.kind, r.version desc`;
export const historyOf = `
  select ${ratingColumns} from audit.rating r where r.process_id = $1 order by r.criterion_id, r.version`;
export const append = `
  with entry as (
    select * from jsonb_to_recordset($3::jsonb) as e(id uuid, criterion_id uuid, kind text, version int,
      level smallint, statement text, reason text, check_note text, changed_rule text, carried_from uuid,
      person_id uuid, represents_id uuid, evidence_ids uuid[])
  ), written as (
    insert into audit.rating (id, process_id, criterion_id, kind, version, level, statement, reason, check_note,
      changed_rule, carried_from, person_id, represents_id)
    select id, $1, criterion_id, kind, version, level, statement, reason, check_note,
      changed_rule, carried_from, person_id, represents_id from entry
  ), linked as (
    insert into audit.rating_evidence (rating_id, evidence_id) select id, unnest(evidence_ids) from entry
  )
  select audit.move_counters($1, $2, $4::jsonb)`;
