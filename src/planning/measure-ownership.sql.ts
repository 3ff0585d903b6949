export const move = `
  insert into planning.measure_home (measure_id, home_no, process_id, unit_id, measure_no, person_id)
  select m.id, 1 + coalesce((select max(home_no) from planning.measure_home o where o.measure_id = m.id), 0),
    p.id, p.unit_id, m.n + planning.last_measure_no(p.id), $3
  from unnest($1::uuid[]) with ordinality as m(id, n), audit.opening_process p where p.id = $2`;
