// The SQL behind the questions about the organisation. $1 is the day, $2 the day by whose end a row was recorded.

/** As recorded by the end of day $2 in the administration's zone; null: as recorded until now. */
const recorded = (row: string) => `${row}.recorded_at < known.until
  and (${row}.retracted_at is null or ${row}.retracted_at >= known.until)`;
const valid = (row: string) =>
  `${row}.valid_from <= $1::date and (${row}.valid_until is null or ${row}.valid_until > $1::date)`;
const known = `known as materialized (select case when $2::date is null then 'infinity'::timestamptz
  else ($2::date + 1)::timestamp at time zone platform.zone() end as until)`;

/** All in one snapshot, and without joins: right after a large import the planner has no sizes, and 5,000 units joined
 * with their posts took 11 s. They are put together in memory. */
export const unitsOnDay = `
  with ${known}
  select
    (select coalesce(jsonb_object_agg(id, code), '{}') from organisation.unit) as codes,
    (select coalesce(jsonb_agg(jsonb_build_object('id', version.unit_id, 'name', version.name,
        'parentId', version.parent_id, 'level', version.level, 'kind', version.kind, 'tags', version.tags,
        'headcount', version.headcount, 'validFrom', version.valid_from, 'validUntil', version.valid_until)), '[]')
      from known, organisation.unit_version version where ${valid('version')} and ${recorded('version')}) as units,
    (select coalesce(jsonb_object_agg(unit_id, posts), '{}') from (
      select post.unit_id, count(*) as posts from known, organisation.post_version post
      where ${valid('post')} and ${recorded('post')} and post.status = 'FILLED' group by post.unit_id) filled) as filled`;

/** Posts of units ($3), or by their own ids ($4); null means all. */
export const postsOnDay = `
  with ${known}
  select post.id, post.post_no as "postNo", version.unit_id as "unitId", version.function,
    version.is_management as "isManagement", version.fte, version.status, version.valid_from as "validFrom",
    version.valid_until as "validUntil",
    coalesce((
      select jsonb_agg(jsonb_build_object('personId', holder.person_id, 'as', holder.capacity,
        'from', holder.valid_from, 'until', holder.valid_until) order by holder.capacity desc, holder.valid_from, holder.id)
      from organisation.holder where holder.post_id = post.id and ${valid('holder')} and ${recorded('holder')}
    ), '[]') as holders
  from known, organisation.post_version version
  join organisation.post on post.id = version.post_id
  where ${valid('version')} and ${recorded('version')}
    and ($3::uuid[] is null or version.unit_id = any($3)) and ($4::uuid[] is null or version.post_id = any($4))
  order by version.is_management desc, post.post_no`;

/** Since when nobody is at these posts ($3), neither as holder nor ad interim; posts that are held are left out. */
export const vacantSince = `
  with ${known}, ever as (
    select holder.post_id, max(holder.valid_until) as until, bool_or(${valid('holder')}) as held
    from known, organisation.holder
    where holder.post_id = any($3) and holder.capacity in ('HOLDER', 'INTERIM') and holder.valid_from <= $1::date
      and ${recorded('holder')} group by holder.post_id)
  select version.post_id as "postId", coalesce(max(ever.until), min(version.valid_from)) as since
  from known, organisation.post_version version left join ever on ever.post_id = version.post_id
  where version.post_id = any($3) and ${recorded('version')} and version.valid_from <= $1::date and ever.held is not true
  group by version.post_id`;

/** Who is at a post ($3), whether or not the books knew the post then. */
export const holdersOnDay = `
  with ${known}
  select holder.person_id as "personId", holder.capacity as "as", holder.valid_from as "from", holder.valid_until as "until"
  from known, organisation.holder
  where holder.post_id = $3 and ${valid('holder')} and ${recorded('holder')}
  order by holder.capacity desc, holder.valid_from, holder.id`;
export const postById = `select id from organisation.post where id = $1`;

/** The posts a person ($3) is at, in whatever capacity. */
export const heldOnDay = `
  with ${known}
  select holder.post_id as "postId", post.unit_id as "unitId", unit.level, post.is_management as "isManagement",
    holder.capacity as "as"
  from known, organisation.holder
  join organisation.post_version post on post.post_id = holder.post_id
  join organisation.unit_version unit on unit.unit_id = post.unit_id
  where holder.person_id = $3 and ${valid('holder')} and ${recorded('holder')}
    and ${valid('post')} and ${recorded('post')} and ${valid('unit')} and ${recorded('unit')}`;

/** The first day on which people ($3) were at no post any more; who is at one, or never was at any, is left out. */
export const awaySince = `
  with ${known}
  select holder.person_id as "personId", max(holder.valid_until) as since
  from known, organisation.holder
  where holder.person_id = any($3) and holder.valid_from <= $1::date and ${recorded('holder')}
  group by holder.person_id having not bool_or(${valid('holder')})`;

export const tasksOnDay = `
  with ${known}
  select entry.ref, entry.unit_id as "unitId", entry.task, entry.post_id as "postId",
    entry.deputy_post_id as "deputyPostId", entry.edition
  from known, organisation.task_entry entry
  where ${valid('entry')} and ${recorded('entry')} and entry.unit_id = any($3)
  order by entry.ref`;

export const predecessors = `select predecessor_id as id from organisation.unit_succession where unit_id = $1`;
export const successors = `select s.unit_id as id from organisation.unit_succession s
  join organisation.unit u on u.id = s.unit_id where s.predecessor_id = $1 order by u.code`;
/** For each unit the last day on which it stands, today at most when it is open. */
export const lastDays = `
  select unit_id as id, least(max(coalesce(valid_until - 1, 'infinity')), max(greatest(valid_from,
    (platform.now() at time zone platform.zone())::date))) as day
  from organisation.unit_version where unit_id = any($1) and retracted_at is null group by unit_id`;
export const administration = `
  select tenant.key, tenant.name, tenant.zone, tenant.federal_state as "federalState",
    administration.minimum_shown_size as "minimumShownSize", administration.plan_version as "planVersion"
  from organisation.administration join platform.tenant on tenant.id = administration.tenant_id`;

/** A page of posts by number, behind $5, at most $6; of units $3, only vacant ones when $4. */
export const postPage = `
  with ${known}, page as (
    select post.id
    from known, organisation.post_version version
    join organisation.post on post.id = version.post_id
    where ${valid('version')} and ${recorded('version')}
      and ($3::uuid[] is null or version.unit_id = any($3)) and ($5::text is null or post.post_no > $5)
      and (not $4::boolean or not exists (
        select from organisation.holder where holder.post_id = post.id and holder.capacity <> 'DEPUTY'
          and ${valid('holder')} and ${recorded('holder')}))
    order by post.post_no limit $6)
  select array_agg(id) as ids from page`;
