-- Append-only. Versions number the ratings of a criterion, all kinds together; the latest of each kind counts, and
-- the key on the version is the last wall against overwriting.
create table audit.rating (
  tenant_id uuid not null,
  id uuid not null,
  process_id uuid not null,
  criterion_id uuid not null,
  kind text not null check (kind in ('SELF', 'SECOND', 'CONSENSUS', 'CARRIED', 'AUDIT', 'FINAL')),
  version int not null check (version >= 1),
  level smallint check (level between 0 and 9),
  statement text check (char_length(statement) <= 4000),
  reason text check (char_length(reason) <= 2000),
  check_note text check (char_length(check_note) <= 2000),
  changed_rule text check (char_length(changed_rule) <= 500),
  carried_from uuid,
  person_id uuid,
  represents_id uuid,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint rating_version_once unique (tenant_id, process_id, criterion_id, version),
  constraint not_applicable_has_reason check (level is not null or reason is not null),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id),
  foreign key (tenant_id, carried_from) references audit.rating (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
);
comment on column audit.rating.level is 'Null means: not applicable, for the given reason.';
comment on column audit.rating.person_id is 'Null only for what the system carries over.';
create index on audit.rating (carried_from, tenant_id);
create index on audit.rating (person_id, tenant_id);
create index on audit.rating (represents_id, tenant_id);

create table audit.rating_evidence (
  tenant_id uuid not null,
  rating_id uuid not null,
  evidence_id uuid not null,
  primary key (tenant_id, rating_id, evidence_id),
  foreign key (tenant_id, rating_id) references audit.rating (tenant_id, id),
  foreign key (tenant_id, evidence_id) references evidence.evidence (tenant_id, id)
);
create index on audit.rating_evidence (evidence_id, tenant_id);

-- Who carries a process in the unit; the latest naming counts, the rights themselves are grants.
create table audit.team_member (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  role text not null check (role in ('OWNER', 'DEPUTY')),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, process_id, role, recorded_at),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on audit.team_member (person_id, tenant_id);

-- Who put a name under which content: SHA-256 over the canonical JSON (RFC 8785) of the ratings signed.
create table audit.signature (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  step text not null check (char_length(step) <= 60),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  person_id uuid not null,
  represents_id uuid,
  capacity text not null check (char_length(capacity) <= 60),
  command_id uuid not null,
  signed_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
);
create index on audit.signature (process_id, tenant_id, step, signed_at);
create index on audit.signature (person_id, tenant_id);
create index on audit.signature (represents_id, tenant_id);

-- What the audit lead wants reworked, criterion by criterion.
create table audit.return_reason (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  criterion_id uuid not null,
  return_no int not null check (return_no >= 1),
  reason text not null check (char_length(reason) between 1 and 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  unique (tenant_id, process_id, criterion_id, return_no),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on audit.return_reason (person_id, tenant_id);
