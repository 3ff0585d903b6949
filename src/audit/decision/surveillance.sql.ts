export const addStatements = `
  insert into audit.surveillance_statement (process_id, criterion_id, upheld, statement, person_id)
  select $1, s."criterionId", s.upheld, s.statement, $3
  from jsonb_to_recordset($2::jsonb) as s("criterionId" uuid, upheld boolean, statement text)`;
export const reconfirmed = `
  select process_id as "processId", criterion_id as "criterionId" from audit.surveillance_statement
  where process_id = any($1) and recorded_at > $2::timestamptz - interval '6 months'`;
