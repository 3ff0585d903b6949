-- Agreed measures of units that were neither reported done nor rejected before an instant, where they belonged then; a
-- postponed one is due on its new day. Written to be inlined: plans see through it.
create or replace function planning.open_measures(units uuid[], until timestamptz)
returns table (process_id uuid, unit_id uuid, measure_no int, due_on date, criterion_id uuid) language sql stable
begin atomic
  select coalesce(h.process_id, m.process_id), coalesce(h.unit_id, m.unit_id), coalesce(h.measure_no, m.measure_no),
         coalesce(s.postponed_until, t.due_on), t.criterion_id
    from planning.measure m
    left join lateral (
         select h.process_id, h.unit_id, h.measure_no from planning.measure_home h
          where h.measure_id = m.id and h.recorded_at < until order by h.home_no desc limit 1) h on true
   cross join lateral (
         select t.due_on, t.criterion_id from planning.measure_terms t
          where t.measure_id = m.id and t.recorded_at < until order by t.version desc limit 1) t
   cross join lateral (
         select s.status, s.postponed_until from planning.measure_status s
          where s.measure_id = m.id and s.recorded_at < until order by s.status_no desc limit 1) s
   where (m.unit_id = any(units) or m.id in (select g.measure_id from planning.measure_home g where g.unit_id = any(units)))
     and coalesce(h.unit_id, m.unit_id) = any(units) and m.recorded_at < until and t.due_on is not null
     and s.status in ('AGREED', 'IN_PROGRESS', 'DELAYED', 'POSTPONED');
end;
