export const ofProcesses = `
  select c.id, c.process_id as "processId", c.criterion_id as "criterionId", c.demand, c.due_on as "dueOn",
    c.person_id as "personId", c.recorded_at as "recordedAt", coalesce(
      (select kind from audit.condition_entry e where e.condition_id = c.id order by entry_no desc limit 1), 'OPEN') as state
  from audit.condition c where c.process_id = any($1) and c.retracted_at is null order by c.due_on, c.id`;
export const processOf = `select process_id as "processId" from audit.condition where id = $1 and retracted_at is null`;
export const add = `
  insert into audit.condition (process_id, criterion_id, demand, due_on, person_id)
  select $1, c."criterionId", c.demand, c."dueOn", $3
  from jsonb_to_recordset($2::jsonb) as c("criterionId" uuid, demand text, "dueOn" date)`;
export const drop = `update audit.condition set retracted_at = platform.now() where id = $1`;
export const addEntry = `
  with entry as (
    insert into audit.condition_entry (id, condition_id, entry_no, kind, note, person_id)
    select $1, $2, 1 + coalesce(max(entry_no), 0), $3, $4, $5 from audit.condition_entry where condition_id = $2
  )
  insert into audit.condition_evidence (entry_id, evidence_id) select $1, unnest($6::uuid[])`;
