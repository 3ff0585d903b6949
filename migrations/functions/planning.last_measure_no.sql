-- The highest number a measure of the process has, its own or moved there.
create or replace function planning.last_measure_no(process uuid) returns int language sql stable
  return (select coalesce(max(n), 0) from (
    select measure_no as n from planning.measure where process_id = process
    union all select measure_no from planning.measure_home where process_id = process) numbers);
