export const addRequests = `
  insert into audit.evidence_request (process_id, criterion_id, request_no, wanted, person_id)
  select $1, i."criterionId", 1 + coalesce((select max(request_no) from audit.evidence_request where process_id = $1), 0),
    i.text, $3
  from jsonb_to_recordset($2::jsonb) as i("criterionId" uuid, text text)
    join audit.process_criterion c on c.process_id = $1 and c.criterion_id = i."criterionId"
  returning request_no as "requestNo"`;
export const requestIds = `select id from audit.evidence_request where process_id = $1 and id = any($2)`;
export const addAnswers = `
  with given as (
    select * from jsonb_to_recordset($1::jsonb) as g(id uuid, request_id uuid, note text, evidence_ids uuid[])
  ), answered as (
    insert into audit.evidence_answer (id, request_id, note, person_id) select id, request_id, note, $2 from given
  )
  insert into audit.evidence_answer_item (answer_id, evidence_id) select id, unnest(evidence_ids) from given`;
export const addNotes = `
  insert into audit.visit_note (process_id, criterion_id, note, person_id)
  select $1, n."criterionId", n.note, $3 from jsonb_to_recordset($2::jsonb) as n("criterionId" uuid, note text)`;
