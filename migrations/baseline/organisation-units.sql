-- Settings of the administration, and the lock under which its plan is changed.
create table organisation.administration (
  tenant_id uuid not null,
  id uuid not null,
  minimum_shown_size integer not null default 5 check (minimum_shown_size between 1 and 100),
  plan_version integer not null default 0,
  -- Never given twice, unlike the version of a change that was rolled back: what is cached hangs on it.
  plan_stamp text not null default pg_current_xact_id()::text,
  version integer not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id)
);

create table organisation.unit_kind (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  code text not null check (code ~ '^[A-Z][A-Z0-9]{0,19}$'),
  label_de text not null check (char_length(label_de) between 1 and 200),
  label_en text not null check (char_length(label_en) between 1 and 200),
  position integer not null,
  version integer not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);

create table organisation.unit (
  tenant_id uuid not null,
  id uuid not null,
  code text not null check (char_length(code) between 1 and 60),
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, code)
);

create table organisation.unit_version (
  tenant_id uuid not null,
  id uuid not null,
  unit_id uuid not null,
  name text not null check (char_length(name) between 1 and 200),
  parent_id uuid check (parent_id <> unit_id),
  level text not null check (level in ('L0', 'L1', 'L2', 'L3', 'L4')),
  kind text not null,
  tags text[] not null default '{}' check (cardinality(tags) <= 20),
  headcount integer check (headcount between 0 and 100000),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, parent_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, kind) references organisation.unit_kind (tenant_id, code),
  constraint unit_told_once_a_day exclude using gist (
    tenant_id with =, unit_id with =, daterange(valid_from, valid_until) with &&) where (retracted_at is null)
);
create index unit_version_unit on organisation.unit_version (unit_id, tenant_id);
create index unit_version_parent on organisation.unit_version (parent_id, tenant_id);
create index unit_version_kind on organisation.unit_version (kind, tenant_id);

-- Which units a unit came from, as HR says; ratings of the past are found through it.
create table organisation.unit_succession (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  unit_id uuid not null,
  predecessor_id uuid not null check (predecessor_id <> unit_id),
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, unit_id, predecessor_id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, predecessor_id) references organisation.unit (tenant_id, id)
);
create index unit_succession_predecessor on organisation.unit_succession (predecessor_id, tenant_id);
