-- Moves processes to another definition. Those that move alike share one kind; of its own each has its version and its
-- link in the chain. Rows are inserted set by set and existing ones changed by key, and the caller holds the locks.
create or replace function engine.commit_migration(
  alike jsonb, command_id uuid, step text, account_id uuid, person_id uuid, at timestamptz,
  ids uuid[], versions int[], hashes text[], kind_nos int[]
) returns void language plpgsql security invoker
  set plan_cache_mode to force_generic_plan set enable_seqscan to off as $$
#variable_conflict use_column
declare
  kinds engine.migration_kind[] :=
    (select array_agg(k order by no) from jsonb_array_elements(alike) with ordinality e(kind, no),
            jsonb_populate_record(null::engine.migration_kind, kind) k);
  k engine.migration_kind;
  moved_at timestamptz := commit_migration.at;
begin
  for i in 1 .. cardinality(ids) loop
    k := kinds[kind_nos[i]];
    update engine.process p
       set version = versions[i], definition_id = k.definition_id, states = k.to_states, tags = k.tags,
           stage = k.stage, stage_since = coalesce(k.stage_since, p.stage_since), snapshot = k.snapshot,
           head = decode(hashes[i], 'hex')
     where p.id = ids[i] and p.version = versions[i] - 1;
    if not found then
      raise exception 'process % moved under its own lock', ids[i] using errcode = '40001';
    end if;
    if cardinality(k.clocks_stopped) > 0 then
      delete from engine.deadline where process_id = ids[i] and name = any(k.clocks_stopped);
    end if;
    continue when k.tasks_closed = '[]';
    update engine.task t set closed_seq = versions[i], closed_at = moved_at
      from jsonb_to_recordset(k.tasks_closed) as c(name text, function text)
     where t.process_id = ids[i] and (t.name, t.function) = (c.name, c.function)
       and t.closed_seq is null;
  end loop;

  insert into engine.log_entry (process_id, seq, command_id, step, account_id, person_id, at, definition_id, facts,
                                guards, effects, clocks, from_states, to_states, stage, tags, hash)
    select m.id, m.version, commit_migration.command_id, commit_migration.step, commit_migration.account_id,
           commit_migration.person_id, moved_at, d.definition_id, '{}', '[]', d.effects, d.clocks, d.from_states,
           d.to_states, d.stage, d.tags, decode(m.hash, 'hex')
      from unnest(ids, versions, hashes, kind_nos) as m(id, version, hash, kind_no)
      join unnest(kinds) with ordinality as d on d.ordinality = m.kind_no;

  insert into engine.deadline (process_id, name, epoch, due_on, due_at, next_step, next_at, started_on, first_due_on,
                               extended, asked_seq, asked_until, paused_on)
    select m.id, c.name, m.version, c."dueOn", c."dueAt", c."nextStep", c."nextAt", c."startedOn", c."firstDueOn",
           coalesce(c.extended, 0), c."askedSeq", c."askedUntil", c."pausedOn"
      from unnest(ids, versions, kind_nos) as m(id, version, kind_no)
      join unnest(kinds) with ordinality as d on d.ordinality = m.kind_no,
           jsonb_to_recordset(d.clocks -> 'started')
             as c(name text, "dueOn" date, "dueAt" timestamptz, "nextStep" text, "nextAt" timestamptz,
                  "startedOn" date, "firstDueOn" date, extended int, "askedSeq" int, "askedUntil" date,
                  "pausedOn" date);

  for i in 1 .. cardinality(ids) loop
    k := kinds[kind_nos[i]];
    continue when k.tasks_dated = '[]';
    update engine.task t
       set due_on = (select min(d.due_on) from engine.deadline d
                      where d.process_id = ids[i] and d.name = any(b.deadlines))
      from jsonb_to_recordset(k.tasks_dated) as b(name text, deadlines text[])
     where t.process_id = ids[i] and t.name = b.name and t.closed_seq is null;
  end loop;

  insert into engine.task (process_id, name, function, due_on, opened_seq, opened_at)
    select m.id, t.name, t.function,
           (select min(d.due_on) from engine.deadline d
             where d.process_id = m.id and d.name = any(t.deadlines)),
           m.version, moved_at
      from unnest(ids, versions, kind_nos) as m(id, version, kind_no)
      join unnest(kinds) with ordinality as d on d.ordinality = m.kind_no,
           jsonb_to_recordset(d.tasks_opened) as t(name text, function text, deadlines text[]);
end $$;
revoke all on function engine.commit_migration from public;
grant execute on function engine.commit_migration to oa_server;
