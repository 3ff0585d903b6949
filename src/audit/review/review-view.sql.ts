const written = `person_id as "personId", recorded_at as "recordedAt"`;
export const requests = `
  select id, criterion_id as "criterionId", request_no as "requestNo", wanted, ${written}
  from audit.evidence_request where process_id = $1 order by request_no desc, criterion_id`;
export const answers = `
  select request_id as "requestId", note, ${written},
    array(select i.evidence_id::text from audit.evidence_answer_item i where i.answer_id = a.id) as "evidenceIds"
  from audit.evidence_answer a where request_id = any($1) order by recorded_at`;
export const notes = `
  select criterion_id as "criterionId", note, ${written}
  from audit.visit_note where process_id = $1 and retracted_at is null order by recorded_at`;
