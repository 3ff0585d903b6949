export const commit = `select engine.commit_migration($1::jsonb, $2::uuid, $3, $4::uuid, $5::uuid, $6::timestamptz, $7::uuid[],
  $8::int[], $9::text[], $10::int[])`;
export const earlier = `
  select process_id as "processId", step, count(*)::int as count,
         (array_agg(array_remove(array[person_id, on_behalf_of], null) order by seq desc))[1:1] as people
    from engine.log_entry where process_id = any($1) and step = any($2) group by process_id, step`;
