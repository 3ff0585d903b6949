create table audit.opening_process (
  tenant_id uuid not null,
  id uuid not null,
  round_id uuid not null,
  unit_id uuid not null,
  edition_id uuid not null,
  cycle_no int not null default 1 check (cycle_no >= 1),
  frozen_at timestamptz,
  applicable int not null default 0,
  rated int not null default 0,
  not_applicable int not null default 0,
  core_total int not null default 0,
  core_rated int not null default 0,       -- "not applicable" included
  core_confirmed int not null default 0,   -- rated by two natural persons
  core_failed int not null default 0,      -- too low for any recognition
  core_weak int not null default 0,        -- too low for a full one
  differences int not null default 0,      -- two ratings more than one level apart, not yet resolved
  weight_total int not null default 0,
  points_of int not null default 0,        -- sum of highest level x weight of what is rated
  points int not null default 0,           -- sum of level x weight
  field_applicable int[] not null default '{}',
  field_rated int[] not null default '{}',
  field_points_of int[] not null default '{}',
  field_points int[] not null default '{}',
  started_at timestamptz not null default platform.now(),
  counted_at timestamptz not null default platform.now(),
  -- When the present cycle began; null in the first one. Ratings from before are of an earlier cycle.
  cycle_began_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, round_id, unit_id, cycle_no),
  check (rated + not_applicable <= applicable and core_rated <= core_total and core_confirmed <= core_rated),
  check (points <= points_of),
  check ((cycle_began_at is null) = (cycle_no = 1)),
  foreign key (tenant_id, id) references engine.process (tenant_id, id),
  foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id)
) with (fillfactor = 80);
create index on audit.opening_process (unit_id, tenant_id, started_at desc);
create index on audit.opening_process (edition_id, tenant_id);

-- One row for each command that changed a checklist's counters.
create table audit.counter_delta (
  tenant_id uuid not null,
  id bigint generated always as identity,
  process_id uuid not null,
  round_id uuid not null,
  unit_id uuid not null,
  applicable int not null default 0,
  rated int not null default 0,
  not_applicable int not null default 0,
  core_total int not null default 0,
  core_rated int not null default 0,       -- "not applicable" included
  core_confirmed int not null default 0,   -- rated by two natural persons
  core_failed int not null default 0,      -- too low for any recognition
  core_weak int not null default 0,        -- too low for a full one
  differences int not null default 0,      -- two ratings more than one level apart, not yet resolved
  weight_total int not null default 0,
  points_of int not null default 0,        -- sum of highest level x weight of what is rated
  points int not null default 0,           -- sum of level x weight
  field_applicable int[] not null default '{}',
  field_rated int[] not null default '{}',
  field_points_of int[] not null default '{}',
  field_points int[] not null default '{}',
  command_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id)
);
create index on audit.counter_delta (process_id, tenant_id, recorded_at);
create index on audit.counter_delta (round_id, tenant_id, recorded_at);
create index on audit.counter_delta (unit_id, tenant_id);

create function audit.plus(a int[], b int[]) returns int[] language sql immutable
  return (select coalesce(array_agg(coalesce(x, 0) + coalesce(y, 0) order by n), '{}')
            from unnest(a, b) with ordinality as both_of(x, y, n));

-- The criteria a unit is rated by, fixed when its scope is confirmed.
create table audit.process_criterion (
  tenant_id uuid not null,
  process_id uuid not null,
  criterion_id uuid not null,
  field_no int not null check (field_no >= 1),
  weight int not null check (weight between 1 and 3),
  core boolean not null,
  primary key (tenant_id, process_id, criterion_id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, criterion_id) references catalogue.criterion (tenant_id, id)
);
create index on audit.process_criterion (criterion_id, tenant_id);
