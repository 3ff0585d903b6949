export const addText = `
  insert into audit.report_text (process_id, version, summary, public_summary, person_id)
  select $1, 1 + coalesce(max(version), 0), $2, $3, $4 from audit.report_text where process_id = $1`;
export const addComments = `
  insert into audit.report_comment (process_id, criterion_id, comment, person_id)
  select $1, c."criterionId", c.comment, $3
  from jsonb_to_recordset($2::jsonb) as c("criterionId" uuid, comment text)`;
export const addReply = `
  insert into audit.report_reply (comment_id, reply, person_id)
  select id, $3, $4 from audit.report_comment where process_id = $1 and id = $2 returning id`;
export const addRelease = `
  insert into audit.report_release (process_id, release_no, kind, visibility, content_hash, person_id)
  select $1, 1 + coalesce(max(release_no), 0), $2, $3, $4, $5 from audit.report_release where process_id = $1
  returning release_no as "releaseNo"`;
