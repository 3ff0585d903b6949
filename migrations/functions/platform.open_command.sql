-- A command's beginning in one call: who asks, until when it waits for locks, its turn among equal commands, and the
-- receipt if it was done before (ADR 41).
create or replace function platform.open_command(
  tenant uuid, actor text, travelled text, command uuid,
  out at timestamptz, out account_id uuid, out name text, out payload_digest text, out answer jsonb
) language plpgsql volatile security invoker
  set enable_seqscan to off set plan_cache_mode to force_generic_plan as $$
declare
  ignored text;
begin
  ignored := set_config('app.tenant', tenant::text, true);
  ignored := set_config('app.actor', actor, true);
  ignored := set_config('app.now', travelled, true);
  ignored := set_config('lock_timeout', '3s', true);
  -- Equal commands wait here for each other. A hash that two unequal ones share only makes them take turns; no
  -- circle can close over it, because it is the first lock of every command and each takes one.
  perform pg_advisory_xact_lock(hashtextextended(command::text, hashtextextended(tenant::text, 0)));
  -- Read committed: this statement sees what the one before has waited for.
  select c.account_id, c.name, c.payload_digest, c.answer into account_id, name, payload_digest, answer
    from platform.command c where c.command_id = command;
  at := platform.now();
end $$;
revoke all on function platform.open_command from public;
grant execute on function platform.open_command to oa_server;
