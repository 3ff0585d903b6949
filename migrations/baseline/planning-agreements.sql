-- The set of measures a head submitted, by its hash. A changed measure no longer matches it, and its signatures fall.
create table planning.target_agreement (
  tenant_id uuid not null,
  id uuid not null,
  process_id uuid not null,
  version int not null check (version >= 1),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  person_id uuid not null,
  submitted_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint target_agreement_version_once unique (tenant_id, process_id, version),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on planning.target_agreement (tenant_id, person_id);

create table planning.required_signature (
  tenant_id uuid not null,
  agreement_id uuid not null,
  fn text not null check (fn in ('DEZ', 'HR', 'FIN', 'GB', 'PR')),
  primary key (tenant_id, agreement_id, fn),
  foreign key (tenant_id, agreement_id) references planning.target_agreement (tenant_id, id)
);

create table planning.co_signature (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  agreement_id uuid not null,
  fn text not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  person_id uuid not null,
  represents_id uuid,
  command_id uuid not null,
  signed_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint co_signature_once unique (tenant_id, agreement_id, fn),
  foreign key (tenant_id, agreement_id, fn) references planning.required_signature (tenant_id, agreement_id, fn),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
);
create index on planning.co_signature (tenant_id, person_id);
create index on planning.co_signature (tenant_id, represents_id);

-- How an agreement ended: approved, or back at the drawing board with a reason.
create table planning.agreement_end (
  tenant_id uuid not null,
  agreement_id uuid not null,
  kind text not null check (kind in ('APPROVED', 'OBJECTED', 'REJECTED', 'REVISED')),
  reason text check (char_length(reason) <= 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, agreement_id, kind), -- what was approved may be revised later
  foreign key (tenant_id, agreement_id) references planning.target_agreement (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on planning.agreement_end (tenant_id, person_id);
