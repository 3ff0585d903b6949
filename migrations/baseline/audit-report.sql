-- The report's own words; the ratings and explanations it stands on are rows of audit.rating.
create table audit.report_text (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  version int not null check (version >= 1),
  summary text not null check (char_length(summary) between 1 and 4000),
  public_summary text check (char_length(public_summary) <= 4000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  constraint report_text_version_once unique (tenant_id, process_id, version),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)
);

create table audit.report_comment (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  criterion_id uuid,
  comment text not null check (char_length(comment) between 1 and 4000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
  foreign key (tenant_id, process_id, criterion_id)
    references audit.process_criterion (tenant_id, process_id, criterion_id)
);
create index on audit.report_comment (tenant_id, process_id, criterion_id);

create table audit.report_reply (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  comment_id uuid not null,
  reply text not null check (char_length(reply) between 1 and 4000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, comment_id) references audit.report_comment (tenant_id, id)
);
create index on audit.report_reply (tenant_id, comment_id);

-- A report as it went out: draft to the unit, or final with its visibility. The hash says which content that was.
create table audit.report_release (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  release_no int not null check (release_no >= 1),
  kind text not null check (kind in ('DRAFT', 'FINAL')),
  visibility text check (visibility in ('INTERNAL', 'PUBLIC')),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  check ((kind = 'FINAL') = (visibility is not null)),
  unique (tenant_id, process_id, release_no),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)
);
create index on audit.report_text (tenant_id, person_id);
create index on audit.report_comment (tenant_id, person_id);
create index on audit.report_reply (tenant_id, person_id);
create index on audit.report_release (tenant_id, person_id);
