/** The row holds today, by what is known now; $1 is the day. */
const today = (row: string) => `${row}.retracted_at is null and ${row}.valid_from <= $1::date
  and (${row}.valid_until is null or ${row}.valid_until > $1::date)`;
/** A standing function counts from its second signature on; a round's and a process's at once. */
const effective = `(scope in ('SERIES', 'PROCESS') or granted_by is null or confirmed_by is not null)`;
/** All that claims are made of beside the posts, in one read: the grants, and the competent posts that are the person's
 *  own or stand in a unit the person heads. */
const claimsOf = (lock: '' | 'for share') => `
  with granted as materialized (
    select function, scope, scope_id, levels, post_id from responsibility.function_grant g
    where ${today('g')} and ${effective} and (person_id = $2 or post_id = any($3::uuid[])) ${lock}
  ), competent as (
    select distinct unit_id, post_id from responsibility.assignment a
    where ${today('a')} and stage = 'CONFIRMED' and kind = 'COMPETENT'
      and (post_id = any($3::uuid[]) or unit_id = any($4::uuid[]))
  )
  select function as fn, scope, scope_id as "scopeId", levels, post_id as "postId", null::uuid as "unitId" from granted
  union all
  select null, null, null, null, post_id, unit_id from competent`;
export const readClaims = claimsOf('');
/** In a command the grants stand still until its end: nobody signs with a right that is being withdrawn. */
export const holdClaims = claimsOf('for share');

export const competentPostsIn = `select distinct post_id as "postId" from responsibility.assignment a
  where ${today('a')} and stage = 'CONFIRMED' and kind = 'COMPETENT' and unit_id = $2`;
export const grantsAt = `select person_id as "personId", post_id as "postId", scope from responsibility.function_grant g
  where ${today('g')} and ${effective} and function = $2
    and (scope = 'TENANT' or (scope = 'SUBTREE' and scope_id = any($3::uuid[])) or (scope = 'UNIT' and scope_id = $4)
      or (scope = 'SERIES' and scope_id = $5) or (scope = 'PROCESS' and scope_id = $6))
    and (levels = '{}' or $7 = any(levels))`;
