create table audit.evidence_request (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  criterion_id uuid not null,
  request_no int not null check (request_no >= 1),
  wanted text not null check (char_length(wanted) between 1 and 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  unique (tenant_id, process_id, request_no, criterion_id),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id)
);
create index on audit.evidence_request (tenant_id, process_id, criterion_id);

-- What the unit brought; several answers to one request add up.
create table audit.evidence_answer (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  request_id uuid not null,
  note text check (char_length(note) <= 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, request_id) references audit.evidence_request (tenant_id, id)
);
create index on audit.evidence_answer (tenant_id, request_id);

create table audit.evidence_answer_item (
  tenant_id uuid not null,
  answer_id uuid not null,
  evidence_id uuid not null,
  primary key (tenant_id, answer_id, evidence_id),
  foreign key (tenant_id, answer_id) references audit.evidence_answer (tenant_id, id),
  foreign key (tenant_id, evidence_id) references evidence.evidence (tenant_id, id)
);
create index on audit.evidence_answer_item (tenant_id, evidence_id);

-- Talks are noted by criterion and without names.
create table audit.visit_note (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  criterion_id uuid,
  note text not null check (char_length(note) between 1 and 4000),
  retracted_at timestamptz,
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id)
);
create index on audit.visit_note (tenant_id, process_id, criterion_id);
create index on audit.evidence_request (tenant_id, person_id);
create index on audit.evidence_answer (tenant_id, person_id);
create index on audit.visit_note (tenant_id, person_id);
