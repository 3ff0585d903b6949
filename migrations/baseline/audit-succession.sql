create table audit.succession (
  tenant_id uuid not null,
  id uuid not null,
  unit_id uuid not null,                   -- the unit that is followed
  reason text not null check (char_length(reason) between 1 and 2000),
  proposed_by uuid not null,
  proposed_at timestamptz not null default platform.now(),
  confirmed_by uuid,
  confirmed_at timestamptz check ((confirmed_at is null) = (confirmed_by is null)),
  withdrawn_by uuid,
  withdrawn_at timestamptz check ((withdrawn_at is null) = (withdrawn_by is null)),
  primary key (tenant_id, id),
  check (confirmed_at is null or withdrawn_at is null),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, proposed_by) references identity.person (tenant_id, id),
  foreign key (tenant_id, confirmed_by) references identity.person (tenant_id, id),
  foreign key (tenant_id, withdrawn_by) references identity.person (tenant_id, id)
);
create unique index succession_open on audit.succession (tenant_id, unit_id)
  where confirmed_at is null and withdrawn_at is null;
create index on audit.succession (unit_id, tenant_id);
create index on audit.succession (proposed_by, tenant_id);
create index on audit.succession (confirmed_by, tenant_id);
create index on audit.succession (withdrawn_by, tenant_id);

-- In this order; the first one takes over whatever cannot be divided, such as open measures.
create table audit.succession_unit (
  tenant_id uuid not null,
  succession_id uuid not null,
  no int not null check (no between 1 and 20),
  unit_id uuid not null,
  primary key (tenant_id, succession_id, no),
  unique (tenant_id, succession_id, unit_id),
  foreign key (tenant_id, succession_id) references audit.succession (tenant_id, id),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id)
);
create index on audit.succession_unit (unit_id, tenant_id);

-- Which process was handed over to which; none where the successor takes no part in a round that is over.
create table audit.supersession (
  tenant_id uuid not null,
  process_id uuid not null,
  no int not null check (no between 1 and 20),
  successor_id uuid not null,
  succession_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, process_id, no),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, successor_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, succession_id) references audit.succession (tenant_id, id)
);
create index on audit.supersession (successor_id, tenant_id);
create index on audit.supersession (succession_id, tenant_id);
