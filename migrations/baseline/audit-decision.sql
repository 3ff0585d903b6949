create table audit.recommendation (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  recommended text not null check (recommended in ('FULL', 'CONDITIONAL', 'REFUSED')),
  reason text not null check (char_length(reason) between 1 and 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)
);
create index on audit.recommendation (tenant_id, process_id, recorded_at);

-- What the board votes on: the final ratings by their hash, and what they allow under the thresholds of the day.
create table audit.decision (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  decision_no int not null check (decision_no >= 1),
  opened_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  constraint decision_no_once unique (tenant_id, process_id, decision_no),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)
);

create table audit.vote (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  decision_id uuid not null,
  vote_no int not null check (vote_no >= 1),
  choice text not null check (choice in ('FOR_FULL', 'FOR_CONDITIONS', 'FOR_REFUSAL', 'ABSTAIN')),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  rationale text check (char_length(rationale) <= 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  -- A member may think again until the decision is taken; the latest vote counts.
  constraint vote_no_once unique (tenant_id, decision_id, person_id, vote_no),
  foreign key (tenant_id, decision_id) references audit.decision (tenant_id, id)
);

-- One row for each outcome a decision led to; a withdrawal or fulfilled conditions end it anew.
create table audit.decision_outcome (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  decision_id uuid,
  outcome text not null check (outcome in ('FULL', 'CONDITIONAL', 'REFUSED', 'WITHDRAWN')),
  allowed text not null check (allowed in ('FULL', 'CONDITIONAL', 'REFUSED')),
  exemplary boolean not null,
  points int not null,
  points_of int not null check (points between 0 and points_of),
  thresholds_version int not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  votes_full int not null default 0,
  votes_conditions int not null default 0,
  votes_refusal int not null default 0,
  votes_abstain int not null default 0,
  excluded int not null default 0,
  quorum int not null default 0,
  reason text check (char_length(reason) <= 2000),
  person_id uuid not null,
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, decision_id) references audit.decision (tenant_id, id),
  foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)
);
create index on audit.decision_outcome (tenant_id, process_id, recorded_at);

-- A vote leads to one outcome; later ones (fulfilled, withdrawn) carry no vote.
create unique index decided_once on audit.decision_outcome (tenant_id, decision_id);
create index on audit.recommendation (tenant_id, person_id);
create index on audit.vote (tenant_id, person_id);
create index on audit.decision_outcome (tenant_id, person_id);
