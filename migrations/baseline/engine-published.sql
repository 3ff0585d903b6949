-- What other rooms may read here: the tables may change, these stay. Each is the reader's own view of the rows
-- (security_invoker), so the tenant's wall stands in front of it as in front of the table.
create view engine.process_history with (security_invoker = true) as
  select process_id, seq, at, stage, tags from engine.log_entry;
comment on view engine.process_history is 'A process after each of its steps: its visible state, and its tags.';

create view engine.process_rest with (security_invoker = true) as
  select id as process_id, suspended_at is not null as is_suspended from engine.process;
comment on view engine.process_rest is 'Whether a process is suspended now.';

create view engine.rest_history with (security_invoker = true) as
  select process_id, seq, at, clocks -> 'started' @> '[{"name": "$suspension"}]' as is_suspended
    from engine.log_entry
   where clocks -> 'started' @> '[{"name": "$suspension"}]' or clocks -> 'stopped' ? '$suspension';
comment on view engine.rest_history is
  'The steps that suspended a process or ended that; before the first of them it is not suspended.';

create view engine.turn with (security_invoker = true) as
  select t.process_id, t.function, t.opened_at, t.closed_at, coalesce(( -- looked up only where it is asked for
         select d.task_tags -> t.name from engine.log_entry e join engine.process_definition d on d.id = e.definition_id
          where e.process_id = t.process_id and e.seq = t.opened_seq), '[]') as tags
    from engine.task t;
comment on view engine.turn is
  'Whose turn it was from opened_at on and, when closed_at is given, until then. tags: those of the state that asks for it.';

create view engine.running_deadline with (security_invoker = true) as
  select process_id, name, due_on from engine.deadline where paused_on is null and name not like '$%';
comment on view engine.running_deadline is
  'Deadlines that run now. Those of a suspended process stand still, and the end of its suspension is nobody''s.';

create view engine.newest_definition with (security_invoker = true) as
  select d.id, (select n.id from engine.process_definition n where n.key = d.key order by n.version desc limit 1) as newest_id
    from engine.process_definition d;
comment on view engine.newest_definition is 'The newest version of the definition that a version belongs to.';

grant select on engine.process_history, engine.process_rest, engine.rest_history, engine.turn, engine.running_deadline,
  engine.newest_definition to oa_server;
