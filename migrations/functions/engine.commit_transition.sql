-- Writes all rows of one transition for each process in "moves", one or thousands; moves with version 1 start their
-- processes. The caller holds the processes' locks, so nothing moves in between.
-- All set by set. What is there is looked up by its key, row by row (LATERAL with a limit, which the planner leaves as it
-- stands), and then changed where it lies: the plan of a plain join is kept from when the table was young and small, and
-- reads all of it when it is not.
create or replace function engine.commit_transition(moves jsonb) returns void language plpgsql security invoker
  set plan_cache_mode to force_generic_plan set enable_seqscan to off set enable_hashjoin to off
  set enable_mergejoin to off set enable_material to off as $$
declare
  all_moves engine.move[] := (select array_agg(m) from jsonb_populate_recordset(null::engine.move, moves) m);
  m engine.move;
  starts boolean := false;
  steps int := 0;
  moved int;
  has_payloads boolean := false;
  has_clocks boolean := false;
  has_tasks boolean := false;
  has_dates boolean := false;
  has_notices boolean := false;
begin
  foreach m in array all_moves loop
    starts := starts or m.version = 1;
    steps := steps + (m.version > 1)::int;
    has_payloads := has_payloads or m.salt is not null;
    has_clocks := has_clocks or m.clocks -> 'started' <> '[]';
    has_tasks := has_tasks or m.tasks_opened <> '[]';
    has_dates := has_dates or m.tasks_dated <> '[]';
    has_notices := has_notices or m.notices <> '[]';
  end loop;

  if steps > 0 then
    update engine.process p
       set version = o.version, status = o.status, states = o.to_states, tags = o.tags, stage = o.stage,
           stage_since = case when p.stage = o.stage and not o.reentered then p.stage_since else o.at end,
           snapshot = o.snapshot, head = decode(o.hash, 'hex'),
           suspended_at = o.suspended_at, suspended_until = o.suspended_until
      from unnest(all_moves) o,
           lateral (select ctid from engine.process where id = o.process_id and version = o.version - 1 limit 1) f
     where p.ctid = f.ctid;
    get diagnostics moved = row_count;
    if moved <> steps then
      raise exception '% of % processes moved under their own lock', steps - moved, steps using errcode = '40001';
    end if;
    delete from engine.deadline d
     using unnest(all_moves) o, unnest(o.clocks_stopped) s(stopped),
           lateral (select ctid from engine.deadline where process_id = o.process_id and name = stopped limit 1) f
     where d.ctid = f.ctid;
    update engine.task t set closed_seq = o.version, closed_at = o.at
      from unnest(all_moves) o, unnest(o.tasks_closed) s(closed),
           lateral (select ctid from engine.task
                     where process_id = o.process_id and name = closed and closed_seq is null offset 0) f
     where t.ctid = f.ctid;
  end if;
  if starts then
    insert into engine.process (id, definition_id, scope_id, series_id, version, status, states, tags, stage,
                                stage_since, snapshot, head, started_at)
      select o.process_id, o.definition_id, o.scope_id, o.series_id, o.version, o.status, o.to_states, o.tags, o.stage,
             o.at, o.snapshot, decode(o.hash, 'hex'), o.at
        from unnest(all_moves) o where o.version = 1;
  end if;

  insert into engine.log_entry (process_id, seq, command_id, step, account_id, person_id, on_behalf_of, at,
                                definition_id, facts, guards, payload_digest, effects, clocks, from_states,
                                to_states, stage, tags, hash)
    select o.process_id, o.version, o.command_id, o.step, o.account_id, o.person_id, o.on_behalf_of, o.at,
           o.definition_id, o.facts, o.guards, o.payload_digest, o.effects, o.clocks, o.from_states,
           o.to_states, o.stage, o.tags, decode(o.hash, 'hex')
      from unnest(all_moves) o;
  if has_payloads then
    insert into engine.log_payload (process_id, seq, salt, body)
      select o.process_id, o.version, decode(o.salt, 'hex'), o.payload from unnest(all_moves) o where o.salt is not null;
  end if;

  if has_clocks then
    insert into engine.deadline (process_id, name, epoch, due_on, due_at, next_step, next_at, started_on,
                                 first_due_on, extended, asked_seq, asked_until, paused_on)
      select o.process_id, c.name, o.version, c."dueOn", c."dueAt", c."nextStep", c."nextAt", c."startedOn",
             c."firstDueOn", coalesce(c.extended, 0), c."askedSeq", c."askedUntil", c."pausedOn"
        from unnest(all_moves) o, jsonb_to_recordset(o.clocks -> 'started')
               as c(name text, "dueOn" date, "dueAt" timestamptz, "nextStep" text, "nextAt" timestamptz,
                    "startedOn" date, "firstDueOn" date, extended int, "askedSeq" int, "askedUntil" date,
                    "pausedOn" date);
  end if;

  if has_dates then
    foreach m in array all_moves loop
      update engine.task t
         set due_on = (select min(d.due_on) from engine.deadline d
                        where d.process_id = m.process_id and d.name = any(b.deadlines))
        from jsonb_to_recordset(m.tasks_dated) as b(name text, deadlines text[])
       where t.process_id = m.process_id and t.name = b.name and t.closed_seq is null;
    end loop;
  end if;
  if has_tasks then
    insert into engine.task (process_id, name, function, due_on, opened_seq, opened_at)
      select o.process_id, t.name, t.function,
             (select min(d.due_on) from engine.deadline d
               where d.process_id = o.process_id and d.name = any(t.deadlines)),
             o.version, o.at
        from unnest(all_moves) o,
             jsonb_to_recordset(o.tasks_opened) as t(name text, function text, deadlines text[]);
  end if;

  if has_notices then
    insert into engine.outbox (process_id, seq, no, kind, body)
      select o.process_id, o.version, n.no, n.kind, n.body
        from unnest(all_moves) o, jsonb_to_recordset(o.notices) as n(no int, kind text, body jsonb);
  end if;
end $$;
revoke all on function engine.commit_transition from public;
grant execute on function engine.commit_transition to oa_server;
