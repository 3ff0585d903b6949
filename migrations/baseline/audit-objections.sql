-- The head's objection (Konzept §2.3). It is free and harms nobody; while it is open, what it attacks is not public.
create table audit.objection (
  tenant_id uuid not null,
  id uuid not null,
  process_id uuid not null,
  objection_no int not null check (objection_no >= 1),
  against text not null check (against in ('FINAL_RATING', 'REFUSED_EXCLUSION', 'DECISION', 'WITHDRAWAL')),
  reason text not null check (char_length(reason) between 1 and 4000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint objection_no_once unique (tenant_id, process_id, objection_no),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on audit.objection (tenant_id, person_id);

create table audit.objection_criterion (
  tenant_id uuid not null,
  objection_id uuid not null,
  criterion_id uuid not null,
  primary key (tenant_id, objection_id, criterion_id),
  foreign key (tenant_id, objection_id) references audit.objection (tenant_id, id),
  foreign key (tenant_id, criterion_id) references catalogue.criterion (tenant_id, id)
);
create index on audit.objection_criterion (tenant_id, criterion_id);

create table audit.objection_entry (
  tenant_id uuid not null,
  objection_id uuid not null,
  kind text not null check (kind in ('ACKNOWLEDGED', 'UPHELD', 'PARTLY_UPHELD', 'REJECTED', 'RETRACTED')),
  reason text check (char_length(reason) <= 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, objection_id, kind),
  foreign key (tenant_id, objection_id) references audit.objection (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on audit.objection_entry (tenant_id, person_id);

-- Ended once, in whichever way.
create unique index objection_ended_once on audit.objection_entry (tenant_id, objection_id) where kind <> 'ACKNOWLEDGED';
