const columns = `id, grant_id as "grantId", person_id as "personId", post_id as "postId", function as fn, scope,
  scope_id as "scopeId", levels, valid_from as "validFrom", valid_until as "validUntil", granted_by as "grantedBy",
  confirmed_by as "confirmedBy", recorded_at as "recordedAt"`;
export const insert = `insert into responsibility.function_grant (id, grant_id, person_id, post_id, function, scope, scope_id,
    levels, valid_from, valid_until, granted_by, confirmed_by)
  select id, "grantId", "personId", "postId", fn, scope, "scopeId", levels, "validFrom", "validUntil", "grantedBy", "confirmedBy"
  from jsonb_to_recordset($1::jsonb) as given (id uuid, "grantId" uuid, "personId" uuid, "postId" uuid, fn text,
    scope text, "scopeId" uuid, levels text[], "validFrom" date, "validUntil" date, "grantedBy" uuid, "confirmedBy" uuid)`;
export const retract = `update responsibility.function_grant set retracted_at = platform.now() where id = any($1::uuid[])`;
export const oneLocked = `select ${columns} from responsibility.function_grant
  where grant_id = $1 and retracted_at is null for update`;
export const matching = `select ${columns} from responsibility.function_grant g
  where retracted_at is null and (valid_until is null or valid_until > $2)
    and exists (
      select from jsonb_to_recordset($1::jsonb) as one ("scopeId" uuid, fn text, "personId" uuid, "postId" uuid)
      where one."scopeId" = g.scope_id and coalesce(one.fn, g.function) = g.function
        and (one."personId" is null or one."personId" = g.person_id) and (one."postId" is null or one."postId" = g.post_id))
  for update`;
export const listed = `select ${columns} from responsibility.function_grant
  where retracted_at is null and scope in ('TENANT', 'SUBTREE', 'UNIT') and ($1::text is null or function = $1)
    and (valid_until is null or valid_until > $2) and ($3::uuid is null or grant_id > $3)
  order by grant_id limit $4`;
export const oneById = `select ${columns} from responsibility.function_grant where grant_id = $1 and retracted_at is null`;
export const any = 'select 1 from responsibility.function_grant limit 1';
