import { channel } from './live.rules.ts';
/** Of the one server that relays; the others stand by. */
export const leadership = 'select pg_try_advisory_lock(20261124, 1) as leads';

/** About the longest waiting first, for rows lie as they came. Only the leader takes any away. */
export const take = `delete from engine.outbox where ctid = any(array(select ctid from engine.outbox limit $1))
  returning tenant_id as tenant, process_id as "processId", seq, no, kind, body, backdated`;

/**
 * What is visible now and was not to the snapshot $1, in whatever order transactions ended: processes with their newest
 * entry, and whether there were more commands in a transaction than entries, so that one took no step. Numbers beyond
 * the present ones came with a restored backup and are no news.
 */
export const news = `with now as materialized (select pg_current_snapshot() as snapshot),
  entries as materialized (
    select tenant_id, process_id, seq, xact from engine.log_entry, now
     where xact >= pg_snapshot_xmin($1::pg_snapshot) and xact < pg_snapshot_xmax(snapshot)
       and not pg_visible_in_snapshot(xact, $1::pg_snapshot)),
  moved as (
    select tenant_id, string_agg(process_id || ':' || seq, ' ') as named
      from (select tenant_id, process_id, max(seq) as seq from entries group by 1, 2) newest group by 1),
  unmoving as (
    select distinct tenant_id from (
      select tenant_id, xact, -1 as n from entries
      union all
      select tenant_id, xact, 1 from platform.command, now
       where xact >= pg_snapshot_xmin($1::pg_snapshot) and xact < pg_snapshot_xmax(snapshot)
         and not pg_visible_in_snapshot(xact, $1::pg_snapshot)) written
     group by tenant_id, xact having sum(n) > 0)
  select snapshot::text, tenant_id as tenant, named, unmoving.tenant_id is not null as commands
    from now left join (moved full join unmoving using (tenant_id)) on true`;

export const announce = `select pg_notify('${channel}', payload) from unnest($1::text[]) payload`;
export const currentSnapshot = 'select pg_current_snapshot()::text as snapshot';
