create table planning.measure (
  tenant_id uuid not null,
  id uuid not null,
  process_id uuid not null,
  unit_id uuid not null,
  measure_no int not null check (measure_no >= 1),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint measure_no_once unique (tenant_id, process_id, measure_no),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on planning.measure (tenant_id, unit_id);
create index on planning.measure (tenant_id, person_id);

-- What was meant at a time: the latest version counts. A draft may still lack what an agreement needs.
create table planning.measure_terms (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  measure_id uuid not null,
  version int not null check (version >= 1),
  criterion_id uuid,
  title text not null check (char_length(title) between 1 and 200),
  description text not null default '' check (char_length(description) <= 4000),
  competent_post_id uuid,
  due_on date,
  indicator text check (char_length(indicator) <= 500),
  baseline text check (char_length(baseline) <= 500),
  -- "No budget needed" is a statement; null means that nobody has said yet.
  budget_kind text check (budget_kind in ('NONE', 'LINE')),
  budget_line text check (char_length(budget_line) <= 200),
  touches text[] not null default '{}' check (touches <@ array['STAFFING', 'CODETERMINATION', 'EQUALITY']),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint measure_terms_version_once unique (tenant_id, measure_id, version),
  check (budget_kind is distinct from 'LINE' or budget_line is not null),
  foreign key (tenant_id, measure_id) references planning.measure (tenant_id, id),
  foreign key (tenant_id, criterion_id) references catalogue.criterion (tenant_id, id),
  foreign key (tenant_id, competent_post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on planning.measure_terms (tenant_id, criterion_id);
create index on planning.measure_terms (tenant_id, competent_post_id);
create index on planning.measure_terms (tenant_id, person_id);

create table planning.measure_status (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  measure_id uuid not null,
  status_no int not null check (status_no >= 1),
  status text not null check (status in ('DRAFT', 'AGREED', 'IN_PROGRESS', 'DELAYED', 'REPORTED_DONE',
    'EFFECT_CONFIRMED', 'POSTPONED', 'REJECTED')),
  note text check (char_length(note) <= 2000),
  effect text check (char_length(effect) <= 500),
  postponed_until date check ((postponed_until is not null) = (status = 'POSTPONED')),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint measure_status_no_once unique (tenant_id, measure_id, status_no),
  foreign key (tenant_id, measure_id) references planning.measure (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on planning.measure_status (tenant_id, person_id);

-- A measure outlives its process: here it goes on, with a new number, when its unit has a successor.
create table planning.measure_home (
  tenant_id uuid not null,
  measure_id uuid not null,
  home_no int not null check (home_no >= 1),
  process_id uuid not null,
  unit_id uuid not null,
  measure_no int not null check (measure_no >= 1),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, measure_id, home_no),
  constraint measure_home_no_once unique (tenant_id, process_id, measure_no),
  foreign key (tenant_id, measure_id) references planning.measure (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on planning.measure_home (tenant_id, unit_id);
create index on planning.measure_home (tenant_id, person_id);

-- Co-signatures on a single measure that is no part of a target agreement; new terms need new ones.
create table planning.measure_signature (
  tenant_id uuid not null,
  measure_id uuid not null,
  terms_version int not null,
  fn text not null check (fn in ('HR', 'FIN', 'GB', 'PR')),
  person_id uuid not null,
  represents_id uuid,
  command_id uuid not null,
  signed_at timestamptz not null default platform.now(),
  primary key (tenant_id, measure_id, terms_version, fn),
  foreign key (tenant_id, measure_id, terms_version)
    references planning.measure_terms (tenant_id, measure_id, version),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
);
create index on planning.measure_signature (tenant_id, person_id);
create index on planning.measure_signature (tenant_id, represents_id);
