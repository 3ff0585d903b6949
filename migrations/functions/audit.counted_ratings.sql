-- The rating of these kinds that counts for each criterion of a process before an instant: the audit's final one, else
-- the newest of the unit's own. Ratings count since the last cycle that came to final ones. A level that is null says
-- that the criterion does not apply. Written to be inlined: plans see through it.
create or replace function audit.counted_ratings(processes uuid[], until timestamptz, kinds text[])
returns table (process_id uuid, criterion_id uuid, level smallint) language sql stable
begin atomic
  select distinct on (r.process_id, r.criterion_id) r.process_id, r.criterion_id, r.level
    from audit.rating r
    join (select o.id, coalesce((
                 select max(e.ended_at) from audit.cycle e
                  where e.process_id = o.id and e.ended_at < until and exists (
                        select from audit.rating f
                         where f.process_id = o.id and f.kind = 'FINAL' and f.recorded_at >= e.ended_at
                           and f.recorded_at < until)), '-infinity') as since
            from audit.opening_process o where o.id = any(processes)) cycle
      on cycle.id = r.process_id and r.recorded_at >= cycle.since
   where r.process_id = any(processes) and r.recorded_at < until and r.kind = any(kinds)
   order by r.process_id, r.criterion_id, r.kind = 'FINAL' desc, r.version desc, r.kind;
end;
