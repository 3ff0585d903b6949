-- What other rooms may read here (see engine-published.sql).
create view audit.round_overview with (security_invoker = true) as
  select id, edition_id, definition_id, started_at from audit.round;
comment on view audit.round_overview is 'Rounds; one that is still prepared has not started.';

create view audit.round_function with (security_invoker = true) as
  select round_id, fn, valid_from, valid_until, recorded_at, retracted_at from audit.round_person;
comment on view audit.round_function is 'From which day until before which a function of a round is held, on both axes of time.';

create view audit.scope_entry with (security_invoker = true) as
  select round_id, unit_id, kind, recorded_at, retracted_at from audit.round_scope;
comment on view audit.scope_entry is 'Which units a round looks at: subtrees, units, and what is excepted from them.';

create view audit.process_cycle with (security_invoker = true) as
  select id as process_id, round_id, unit_id, edition_id, started_at, cycle_no,
         coalesce(cycle_began_at, started_at) as began_at, 'infinity'::timestamptz as ended_at
    from audit.opening_process
   union all
  select o.id, o.round_id, o.unit_id, e.edition_id, o.started_at, e.cycle_no,
         coalesce((select b.ended_at from audit.cycle b where b.process_id = e.process_id and b.cycle_no = e.cycle_no - 1),
           o.started_at), e.ended_at
    from audit.cycle e join audit.opening_process o on o.id = e.process_id;
comment on view audit.process_cycle is
  'Opening processes of units, once for each audit of the same process: the present one, whose end is infinity, and those before it.';

create view audit.process_counters with (security_invoker = true) as
  select id as process_id, started_at, applicable, rated, not_applicable, core_total, core_rated, core_failed, core_weak,
         points_of, points, field_rated, field_points_of, field_points
    from audit.opening_process;
comment on view audit.process_counters is 'What a checklist adds up to now, as a whole and by field of the edition (from 1).';

create view audit.counter_history with (security_invoker = true) as
  select process_id, recorded_at, applicable, rated, not_applicable, core_total, core_rated, core_failed, core_weak,
         points_of, points, field_rated, field_points_of, field_points
    from audit.counter_delta;
comment on view audit.counter_history is
  'By how much each command moved the counters; those of a past instant are the sum of what was recorded before it.';

create view audit.final_rating with (security_invoker = true) as
  select process_id, criterion_id, level, recorded_at from audit.rating where kind = 'FINAL';
comment on view audit.final_rating is 'What auditors found in the end, by criterion; a later row corrects an earlier one.';

create view audit.final_release with (security_invoker = true) as
  select process_id, release_no, recorded_at, visibility = 'PUBLIC' as is_public
    from audit.report_release where kind = 'FINAL';
comment on view audit.final_release is
  'Final reports as they were released, the last one counts. A process with the tag publicationHeld shows none outside.';

create view audit.core_criterion with (security_invoker = true) as
  select process_id, criterion_id from audit.process_criterion where core;
comment on view audit.core_criterion is 'The core criteria that a unit is rated by.';

grant select on audit.round_overview, audit.round_function, audit.scope_entry, audit.process_cycle, audit.process_counters,
  audit.counter_history, audit.final_rating, audit.final_release, audit.core_criterion to oa_server;
