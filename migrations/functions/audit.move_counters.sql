-- Moves the counters of a process and says so in the delta log. The caller holds the process row.
create or replace function audit.move_counters(process uuid, command uuid, d jsonb) returns void language sql
begin atomic
  with difference as (
    select * from jsonb_to_record(d) as f(
      applicable int, rated int, not_applicable int, core_total int, core_rated int, core_confirmed int,
      core_failed int, core_weak int, differences int, weight_total int, points_of int, points int,
      field_applicable int[], field_rated int[], field_points_of int[], field_points int[])
  ), counted as (
    update audit.opening_process p set
      applicable = p.applicable + f.applicable, rated = p.rated + f.rated,
      not_applicable = p.not_applicable + f.not_applicable, core_total = p.core_total + f.core_total,
      core_rated = p.core_rated + f.core_rated, core_confirmed = p.core_confirmed + f.core_confirmed,
      core_failed = p.core_failed + f.core_failed, core_weak = p.core_weak + f.core_weak,
      differences = p.differences + f.differences, weight_total = p.weight_total + f.weight_total,
      points_of = p.points_of + f.points_of, points = p.points + f.points,
      field_applicable = audit.plus(p.field_applicable, f.field_applicable),
      field_rated = audit.plus(p.field_rated, f.field_rated),
      field_points_of = audit.plus(p.field_points_of, f.field_points_of),
      field_points = audit.plus(p.field_points, f.field_points), counted_at = platform.now()
    from difference f where p.id = process
    returning p.id, p.round_id, p.unit_id
  )
  insert into audit.counter_delta (process_id, round_id, unit_id, command_id,
    applicable, rated, not_applicable, core_total, core_rated, core_confirmed, core_failed, core_weak, differences,
    weight_total, points_of, points, field_applicable, field_rated, field_points_of, field_points)
  select c.id, c.round_id, c.unit_id, command,
    f.applicable, f.rated, f.not_applicable, f.core_total, f.core_rated, f.core_confirmed, f.core_failed, f.core_weak,
    f.differences, f.weight_total, f.points_of, f.points,
    f.field_applicable, f.field_rated, f.field_points_of, f.field_points
  from counted c, difference f;
end;
