const columns = `id, grant_id as "grantId", person_id as "personId", post_id as "postId", function as fn, scope,
  scope_id as "scopeId", levels, valid_from as "validFrom", valid_until as "validUntil", granted_by as "grantedBy",
  confirmed_by as "confirmedBy", end_on as "endOn", end_by as "endBy", recorded_at as "recordedAt"`;
export const insert = `insert into responsibility.function_grant (id, grant_id, person_id, post_id, function, scope, scope_id,
    levels, valid_from, valid_until, granted_by, confirmed_by, end_on, end_by)
  select id, "grantId", "personId", "postId", fn, scope, "scopeId", levels, "validFrom", "validUntil", "grantedBy", "confirmedBy", "endOn", "endBy"
  from jsonb_to_recordset($1::jsonb) as given (id uuid, "grantId" uuid, "personId" uuid, "postId" uuid, fn text,
    scope text, "scopeId" uuid, levels text[], "validFrom" date, "validUntil" date, "grantedBy" uuid, "confirmedBy" uuid, "endOn" date, "endBy" uuid)`;
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
/** Of the functions that give others their rights: what holds for the whole administration and has no end. */
const keys = `select ${columns} from responsibility.function_grant
  where retracted_at is null and function = $1 and scope = 'TENANT' and levels = '{}' and valid_until is null
    and (granted_by is null or confirmed_by is not null)
  order by id`;
export const readKeys = keys;
/** In a command they stand still, so that two endings at once do not each count the other's holder. */
export const holdKeys = `${keys} for update`;
export const addRescue = `insert into responsibility.rescue (id, grant_id, person_id, function, reason)
  values ($1, $2, $3, $4, $5)`;
export const rescues = `select id, person_id as "personId", function, reason, recorded_at as at
  from responsibility.rescue order by recorded_at desc, id limit 100`;
