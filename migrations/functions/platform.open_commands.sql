-- Opens commands that arrive together and share a transaction (ADR 69): for each, in the order given, whether it is
-- ours to do, and the receipt if it was done before.
create or replace function platform.open_commands(tenant uuid, commands uuid[])
  returns table (at timestamptz, is_ours boolean, account_id uuid, name text, payload_digest text, answer jsonb)
  language plpgsql volatile security invoker
  set plan_cache_mode to force_generic_plan set enable_seqscan to off as $$
#variable_conflict use_column
declare
  ignored text;
  ours boolean[];
begin
  ignored := set_config('app.tenant', tenant::text, true);
  -- Many would wait with the one who waits: a group gives way soon, and its members wait alone.
  ignored := set_config('lock_timeout', '100ms', true);
  -- The same turns as in open_command; whose turn somebody else has is left to wait for it alone.
  ours := array(select pg_try_advisory_xact_lock(hashtextextended(c.id::text, hashtextextended(tenant::text, 0)))
                  from unnest(commands) with ordinality as c(id, no) order by c.no);
  -- Read committed: this statement sees what was committed before the turns were taken.
  return query
    select platform.now(), o.is_ours, r.account_id, r.name::text, r.payload_digest::text, r.answer
      from unnest(commands, ours) with ordinality as o(id, is_ours, no)
      -- One by one, by the key: the planner takes a table that grew since its last look for small, and reads all of it.
      left join lateral (select * from platform.command c where c.command_id = o.id limit 1) r on true
     order by o.no;
end $$;
revoke all on function platform.open_commands from public;
grant execute on function platform.open_commands to oa_server;
