-- A rule ends by being retracted: from then on the less specific ones take over. Empty lists mean: all.
create table responsibility.assignment_rule (
  tenant_id uuid not null,
  id uuid not null,
  unit_id uuid not null,
  levels text[] not null default '{}' check (cardinality(levels) <= 10),
  catalogue text not null check (char_length(catalogue) <= 60),
  fields text[] not null default '{}' check (cardinality(fields) <= 100),
  criteria text[] not null default '{}' check (cardinality(criteria) <= 500),
  competent_post_id uuid,
  competent_head_of text check (competent_head_of in ('UNIT', 'OFFICE', 'DIRECTORATE', 'ADMINISTRATION')),
  competent_post_function text check (char_length(competent_post_function) between 1 and 200),
  accountable_post_id uuid,
  accountable_head_of text check (accountable_head_of in ('UNIT', 'OFFICE', 'DIRECTORATE', 'ADMINISTRATION')),
  rationale text check (char_length(rationale) <= 1000),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  proposed_by uuid,
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz check (retracted_at >= recorded_at),
  primary key (tenant_id, id),
  check (num_nonnulls(competent_post_id, competent_head_of, competent_post_function) <= 1),
  check (num_nonnulls(accountable_post_id, accountable_head_of) <= 1),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, competent_post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, accountable_post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, proposed_by) references identity.person (tenant_id, id)
);
create index on responsibility.assignment_rule (unit_id, tenant_id);
create index on responsibility.assignment_rule (competent_post_id, tenant_id);
create index on responsibility.assignment_rule (accountable_post_id, tenant_id);
create index on responsibility.assignment_rule (proposed_by, tenant_id);

-- Numbers for the codes of criteria and fields: what the exclusion constraint below can compare.
create table responsibility.subject (
  tenant_id uuid not null,
  no int generated always as identity,
  catalogue text not null check (char_length(catalogue) <= 60),
  code text not null check (char_length(code) <= 60),
  primary key (tenant_id, no),
  unique (tenant_id, catalogue, code)
);

-- One line: a post for some criteria (kind COMPETENT) or fields (ACCOUNTABLE) of one unit. A step retracts the line
-- and writes its successors under the same assignment_id. The persons named are part of the record, not references:
-- four more foreign keys with their indexes would double what a rule over thousands of units writes.
create table responsibility.assignment (
  tenant_id uuid not null,
  id uuid not null,
  assignment_id uuid not null,
  kind text not null check (kind in ('COMPETENT', 'ACCOUNTABLE')),
  unit_id uuid not null,
  catalogue text not null check (char_length(catalogue) <= 60),
  subjects text[] not null check (cardinality(subjects) between 1 and 500),
  slots int[] not null check (cardinality(slots) = cardinality(subjects)),
  post_id uuid not null,
  rule_id uuid,
  stage text not null check (stage in ('PROPOSED', 'ACCEPTED', 'DECLINED', 'CONFIRMED')),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  proposed_by uuid,
  accepted_by uuid,
  confirmed_by uuid,
  reason text check (reason in ('NOT_MY_TASK', 'NO_CAPACITY', 'CONFLICT_OF_INTEREST', 'LACKS_AUTHORITY',
    'WRONG_UNIT', 'REPLACED', 'ENDED_BY_HR', 'RULE_ENDED', 'ORG_CHANGE')),
  rationale text check (char_length(rationale) <= 1000),
  recorded_by uuid,
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz check (retracted_at >= recorded_at),
  primary key (tenant_id, id),
  constraint four_eyes check (confirmed_by <> proposed_by),
  constraint accepted_before_confirmed check (stage <> 'CONFIRMED' or accepted_by is not null),
  constraint one_post_for_each exclude using gist (
    tenant_id with =, unit_id with =, kind with =,
    slots responsibility.gist__intbig_ops with operator(responsibility.&&), daterange(valid_from, valid_until) with &&
  ) where (stage = 'CONFIRMED' and retracted_at is null),
  foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, rule_id) references responsibility.assignment_rule (tenant_id, id)
);
create index on responsibility.assignment (unit_id, tenant_id);
create index on responsibility.assignment (post_id, tenant_id);
create index on responsibility.assignment (rule_id, tenant_id);
create index on responsibility.assignment (assignment_id, tenant_id);
