create table organisation.post (
  tenant_id uuid not null,
  id uuid not null,
  post_no text not null check (char_length(post_no) between 1 and 60),
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, post_no)
);

create table organisation.post_version (
  tenant_id uuid not null,
  id uuid not null,
  post_id uuid not null,
  unit_id uuid not null,
  function text not null check (char_length(function) between 1 and 200),
  is_management boolean not null,
  fte numeric(3, 2) check (fte > 0),
  status text not null check (status in ('FILLED', 'VACANT', 'BLOCKED')),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  constraint post_told_once_a_day exclude using gist (
    tenant_id with =, post_id with =, daterange(valid_from, valid_until) with &&) where (retracted_at is null),
  constraint one_head_a_day exclude using gist (
    tenant_id with =, unit_id with =, daterange(valid_from, valid_until) with &&)
    where (retracted_at is null and is_management)
);
create index post_version_post on organisation.post_version (post_id, tenant_id);
create index post_version_unit on organisation.post_version (unit_id, tenant_id);

-- Which person is at which post, in which capacity, from when to when.
create table organisation.holder (
  tenant_id uuid not null,
  id uuid not null,
  post_id uuid not null,
  person_id uuid not null,
  capacity text not null check (capacity in ('HOLDER', 'DEPUTY', 'INTERIM')),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  constraint one_capacity_a_day exclude using gist (
    tenant_id with =, post_id with =, person_id with =, daterange(valid_from, valid_until) with &&)
    where (retracted_at is null),
  constraint one_holder_a_day exclude using gist (
    tenant_id with =, post_id with =, capacity with =, daterange(valid_from, valid_until) with &&)
    where (retracted_at is null and capacity <> 'DEPUTY')
);
create index holder_post on organisation.holder (post_id, tenant_id);
create index holder_person on organisation.holder (person_id, tenant_id);

-- Entries of the distribution-of-business plan (Geschäftsverteilungsplan).
create table organisation.task_entry (
  tenant_id uuid not null,
  id uuid not null,
  ref text not null check (char_length(ref) between 1 and 60),
  unit_id uuid not null,
  task text not null check (char_length(task) between 1 and 2000),
  post_id uuid,
  deputy_post_id uuid,
  edition text not null default '' check (char_length(edition) <= 200),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, deputy_post_id) references organisation.post (tenant_id, id),
  constraint one_entry_a_day exclude using gist (
    tenant_id with =, ref with =, daterange(valid_from, valid_until) with &&) where (retracted_at is null)
);
create index task_entry_unit on organisation.task_entry (unit_id, tenant_id);
create index task_entry_post on organisation.task_entry (post_id, tenant_id);
create index task_entry_deputy_post on organisation.task_entry (deputy_post_id, tenant_id);
