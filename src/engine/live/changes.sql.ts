export const snapshot = 'select pg_current_snapshot()::text as cursor';
// Bounded from above, because numbers of a restored backup may lie beyond the present ones.
export const missed = `with now as materialized (select pg_current_snapshot() as snapshot)
  select p.id as "processId", p.scope_id as "scopeId", p.series_id as "seriesId" from engine.process p
   where (p.id = $2 or p.series_id = $3) and exists (
     select from engine.log_entry e, now where e.process_id = p.id and e.xact >= pg_snapshot_xmin($1::pg_snapshot)
       and e.xact < pg_snapshot_xmax(snapshot) and not pg_visible_in_snapshot(e.xact, $1::pg_snapshot))
   order by p.id`;
export const oneProcess = `select id as "processId", scope_id as "scopeId", series_id as "seriesId"
  from engine.process where id = $1`;
