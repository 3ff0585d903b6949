-- Locks the processes that nobody else holds. A function, because the plan of `any($1)` alone is made anew for ever.
create or replace function engine.lock_free(ids uuid[]) returns setof engine.process
  language plpgsql volatile security invoker
  set plan_cache_mode to force_generic_plan set enable_seqscan to off as $$
begin
  return query select * from engine.process where id = any(ids) order by id for update skip locked;
end $$;
revoke all on function engine.lock_free from public;
grant execute on function engine.lock_free to oa_server;
