create table audit.participation (
  tenant_id uuid not null,
  id uuid not null,
  process_id uuid not null,
  participation_no int not null check (participation_no >= 1),
  body text not null check (body in ('PR', 'GB', 'SBV')),
  matter text not null check (char_length(matter) between 1 and 2000),
  co_determined boolean not null,
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint participation_no_once unique (tenant_id, process_id, participation_no),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on audit.participation (tenant_id, person_id);

create table audit.participation_entry (
  tenant_id uuid not null,
  participation_id uuid not null,
  entry_no int not null check (entry_no >= 1),
  kind text not null check (kind in ('CONSENT', 'COMMENT', 'REFUSAL', 'RETRACTED')),
  said text check (char_length(said) <= 4000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, participation_id, entry_no),
  foreign key (tenant_id, participation_id) references audit.participation (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on audit.participation_entry (tenant_id, person_id);
