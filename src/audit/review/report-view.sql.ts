export const written = `person_id as "personId", recorded_at as "recordedAt"`;
export const comments = `
  select id, criterion_id as "criterionId", comment, ${written}
  from audit.report_comment where process_id = $1 order by recorded_at, id`;
export const replies = `
  select comment_id as "commentId", reply, ${written} from audit.report_reply where comment_id = any($1) order by recorded_at`;
export const releases = `
  select kind, visibility, content_hash as "contentHash", ${written}
  from audit.report_release where process_id = $1 order by release_no`;
