-- What became of some items of a run, in their order; with the last one the run is finished.
create or replace function engine.record_bulk(run uuid, nos int[], outcomes text[], seqs int[], reasons text[])
returns void language plpgsql security invoker set enable_seqscan to off as $$
begin
  update engine.bulk_item i set outcome = r.outcome, seq = r.seq, reason = r.reason::jsonb
    from unnest(nos, outcomes, seqs, reasons) as r(no, outcome, seq, reason)
   where i.run_id = run and i.no = r.no and i.no between nos[1] and nos[cardinality(nos)]
     and i.outcome = 'PENDING';
  update engine.bulk_run
     set touched_at = clock_timestamp(),
         finished_at = case when not exists (select from engine.bulk_item
                                              where run_id = run and outcome = 'PENDING') then platform.now() end
   where id = run;
end $$;
revoke all on function engine.record_bulk from public;
grant execute on function engine.record_bulk to oa_server;
