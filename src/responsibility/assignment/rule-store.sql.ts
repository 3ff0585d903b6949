const columns = `id, unit_id as "unitId", levels, catalogue, fields, criteria, competent_post_id as "competentPostId",
  competent_head_of as "competentHeadOf", competent_post_function as "competentPostFunction",
  accountable_post_id as "accountablePostId", accountable_head_of as "accountableHeadOf", rationale,
  valid_from as "validFrom", valid_until as "validUntil", proposed_by as "proposedBy", recorded_at as "recordedAt"`;
export const inForce = `select ${columns} from responsibility.assignment_rule
  where retracted_at is null and valid_from <= $1 and (valid_until is null or valid_until > $1) order by catalogue, recorded_at`;
export const notOver = `select ${columns} from responsibility.assignment_rule
  where retracted_at is null and (valid_until is null or valid_until > $1) order by recorded_at desc, id desc`;
export const byIds = `select ${columns} from responsibility.assignment_rule where id = any($1::uuid[])`;
