create table audit.condition (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  criterion_id uuid,
  demand text not null check (char_length(demand) between 1 and 2000),
  due_on date not null,
  retracted_at timestamptz,
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id)
);
create index on audit.condition (tenant_id, process_id, criterion_id);

create table audit.condition_entry (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  condition_id uuid not null,
  entry_no int not null check (entry_no >= 1),
  kind text not null check (kind in ('SHOWN', 'MET', 'NOT_MET')),
  note text not null check (char_length(note) between 1 and 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  constraint condition_entry_no_once unique (tenant_id, condition_id, entry_no),
  foreign key (tenant_id, condition_id) references audit.condition (tenant_id, id)
);

create table audit.condition_evidence (
  tenant_id uuid not null,
  entry_id uuid not null,
  evidence_id uuid not null,
  primary key (tenant_id, entry_id, evidence_id),
  foreign key (tenant_id, entry_id) references audit.condition_entry (tenant_id, id),
  foreign key (tenant_id, evidence_id) references evidence.evidence (tenant_id, id)
);
create index on audit.condition_evidence (tenant_id, evidence_id);

-- The head's yearly word on each core criterion while the recognition lasts.
create table audit.surveillance_statement (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  criterion_id uuid not null,
  upheld boolean not null,
  statement text not null check (char_length(statement) between 1 and 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id)
);
create index on audit.surveillance_statement (tenant_id, process_id, criterion_id, recorded_at);
create index on audit.condition (tenant_id, person_id);
create index on audit.condition_entry (tenant_id, person_id);
create index on audit.surveillance_statement (tenant_id, person_id);
