-- The lean path for the one move that nearly every command is: plain parameters instead of a record set, by key, and
-- every statement with a kept plan (ADR 41). A deadline, a task and a notice are each written as one plain row: a record
-- set made of JSON costs as much again as the row. Deadlines of a task come as the text of an array.
create or replace function engine.commit_step(
  in_process uuid, in_version int, in_status text, in_stage text, in_tags text[], in_reentered boolean,
  in_snapshot jsonb, in_hash bytea, in_command uuid, in_step text, in_account uuid, in_person uuid,
  in_behalf_of uuid, in_at timestamptz, in_definition uuid, in_facts jsonb, in_guards jsonb, in_digest text,
  in_payload jsonb, in_salt bytea, in_effects jsonb, in_clocks jsonb, in_from text[], in_to text[],
  in_stopped text[], in_closed text[], in_opened jsonb, in_dated jsonb, in_notices jsonb,
  in_suspended_at timestamptz, in_suspended_until date
) returns void language plpgsql security invoker
  set enable_seqscan to off set plan_cache_mode to force_generic_plan as $$
declare
  item jsonb;
begin
  update engine.process p
     set version = in_version, status = in_status, states = in_to, tags = in_tags, stage = in_stage,
         stage_since = case when p.stage = in_stage and not in_reentered then p.stage_since else in_at end,
         snapshot = in_snapshot, head = in_hash, suspended_at = in_suspended_at, suspended_until = in_suspended_until
   where p.id = in_process and p.version = in_version - 1;
  if not found then
    raise exception 'process % moved under its own lock', in_process using errcode = '40001';
  end if;

  insert into engine.log_entry (process_id, seq, command_id, step, account_id, person_id, on_behalf_of, at,
                                definition_id, facts, guards, payload_digest, effects, clocks, from_states,
                                to_states, stage, tags, hash)
    values (in_process, in_version, in_command, in_step, in_account, in_person, in_behalf_of, in_at, in_definition,
            in_facts, in_guards, in_digest, in_effects, in_clocks, in_from, in_to, in_stage, in_tags, in_hash);
  if in_salt is not null then
    insert into engine.log_payload (process_id, seq, salt, body)
      values (in_process, in_version, in_salt, in_payload);
  end if;

  if in_stopped is not null then
    delete from engine.deadline where process_id = in_process and name = any(in_stopped);
  end if;
  for i in 0 .. jsonb_array_length(in_clocks -> 'started') - 1 loop
    item := in_clocks -> 'started' -> i;
    insert into engine.deadline (process_id, name, epoch, due_on, due_at, next_step, next_at, started_on,
                                 first_due_on, extended, asked_seq, asked_until, paused_on)
      values (in_process, item ->> 'name', in_version, (item ->> 'dueOn')::date, (item ->> 'dueAt')::timestamptz,
              item ->> 'nextStep', (item ->> 'nextAt')::timestamptz, (item ->> 'startedOn')::date,
              (item ->> 'firstDueOn')::date, coalesce((item ->> 'extended')::int, 0), (item ->> 'askedSeq')::int,
              (item ->> 'askedUntil')::date, (item ->> 'pausedOn')::date);
  end loop;

  if in_closed is not null then
    update engine.task set closed_seq = in_version, closed_at = in_at
     where process_id = in_process and name = any(in_closed) and closed_seq is null;
  end if;
  for i in 0 .. coalesce(jsonb_array_length(in_dated), 0) - 1 loop
    item := in_dated -> i;
    update engine.task t
       set due_on = (select min(d.due_on) from engine.deadline d
                      where d.process_id = in_process and d.name = any((item ->> 'deadlines')::text[]))
     where t.process_id = in_process and t.name = item ->> 'name' and t.closed_seq is null;
  end loop;
  for i in 0 .. coalesce(jsonb_array_length(in_opened), 0) - 1 loop
    item := in_opened -> i;
    insert into engine.task (process_id, name, function, due_on, opened_seq, opened_at)
      values (in_process, item ->> 'name', item ->> 'function',
              (select min(d.due_on) from engine.deadline d
                where d.process_id = in_process and d.name = any((item ->> 'deadlines')::text[])),
              in_version, in_at);
  end loop;

  for i in 0 .. coalesce(jsonb_array_length(in_notices), 0) - 1 loop
    item := in_notices -> i;
    insert into engine.outbox (process_id, seq, no, kind, body)
      values (in_process, in_version, (item ->> 'no')::int, item ->> 'kind', item -> 'body');
  end loop;
end $$;
revoke all on function engine.commit_step from public;
grant execute on function engine.commit_step to oa_server;
