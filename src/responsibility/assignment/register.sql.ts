export const columns = `id, assignment_id as "assignmentId", kind, unit_id as "unitId", catalogue, subjects,
  post_id as "postId", rule_id as "ruleId", stage, valid_from as "validFrom", valid_until as "validUntil",
  proposed_by as "proposedBy", accepted_by as "acceptedBy", confirmed_by as "confirmedBy", reason, rationale,
  recorded_at as "recordedAt"`;
export const standing = `select ${columns} from responsibility.assignment
  where retracted_at is null and (valid_until is null or valid_until > $2)`;
export const asRecorded = `select ${columns} from responsibility.assignment
  where unit_id = any($1::uuid[]) and (valid_until is null or valid_until > $2)
    and recorded_at < (select ($3::date + 1)::timestamp at time zone platform.zone())
    and (retracted_at is null or retracted_at >= (select ($3::date + 1)::timestamp at time zone platform.zone()))
  order by recorded_at, id`;
export const historyOf = `select ${columns}, retracted_at as "retractedAt", recorded_by as "recordedBy"
  from responsibility.assignment where assignment_id = $1 order by recorded_at, id`;
export const lock = `select pg_advisory_xact_lock(hashtextextended('responsibility ' || platform.tenant(), 0))`;
export const retract = `update responsibility.assignment set retracted_at = platform.now() where id = any($1::uuid[])`;
export const insert = `insert into responsibility.assignment (id, assignment_id, kind, unit_id, catalogue, subjects, slots,
    post_id, rule_id, stage, valid_from, valid_until, proposed_by, accepted_by, confirmed_by, reason, rationale, recorded_by)
  select id, "assignmentId", kind, "unitId", catalogue, subjects, slots, "postId", "ruleId", stage, "validFrom",
    "validUntil", "proposedBy", "acceptedBy", "confirmedBy", reason, rationale, $2
  from jsonb_to_recordset($1::jsonb) as line (id uuid, "assignmentId" uuid, kind text, "unitId" uuid, catalogue text,
    subjects text[], slots int[], "postId" uuid, "ruleId" uuid, stage text, "validFrom" date, "validUntil" date,
    "proposedBy" uuid, "acceptedBy" uuid, "confirmedBy" uuid, reason text, rationale text)`;
export const numbers = `select no, catalogue, code from responsibility.subject
  where (catalogue, code) in (select * from unnest($1::text[], $2::text[]))`;
export const number = `insert into responsibility.subject (catalogue, code) select * from unnest($1::text[], $2::text[])`;
