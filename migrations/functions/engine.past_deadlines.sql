-- The deadlines of processes that ran just before an instant, as their logs tell: a step before it set them going, and no
-- later one before it stopped or moved them. Those of a suspended process stand still, and the end of its suspension is
-- nobody's. Written to be inlined: plans see through it.
create or replace function engine.past_deadlines(processes uuid[], until timestamptz)
returns table (process_id uuid, name text, due_on date) language sql stable
begin atomic
  select e.process_id, s.name, s."dueOn"
    from engine.log_entry e, jsonb_to_recordset(e.clocks -> 'started') as s(name text, "dueOn" date, "pausedOn" date)
   where e.process_id = any(processes) and e.at < until and s."pausedOn" is null and s.name not like '$%'
     and not exists (
         select from engine.log_entry l
          where l.process_id = e.process_id and l.seq > e.seq and l.at < until and l.clocks -> 'stopped' ? s.name);
end;
