-- A standing function counts once a second person has confirmed it; people of a round and owners of a process are
-- named by the commands of those rooms, which have their own four eyes. granted_by null: the installation itself.
create table responsibility.function_grant (
  tenant_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  person_id uuid,
  post_id uuid,
  function text not null check (function ~ '^[A-Z][A-Z0-9_]{1,39}$'),
  scope text not null check (scope in ('TENANT', 'SUBTREE', 'UNIT', 'SERIES', 'PROCESS')),
  scope_id uuid,
  levels text[] not null default '{}' check (cardinality(levels) <= 10),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  granted_by uuid,
  confirmed_by uuid,
  -- An end that waits for the second person; once confirmed it is valid_until.
  end_on date,
  end_by uuid,
  recorded_at timestamptz not null default platform.now(),
  retracted_at timestamptz check (retracted_at >= recorded_at),
  primary key (tenant_id, id),
  check (num_nonnulls(person_id, post_id) = 1),
  check ((scope = 'TENANT') = (scope_id is null)),
  constraint four_eyes check (confirmed_by <> granted_by),
  check ((end_on is null) = (end_by is null)),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
  foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
  foreign key (tenant_id, granted_by) references identity.person (tenant_id, id),
  foreign key (tenant_id, confirmed_by) references identity.person (tenant_id, id),
  foreign key (tenant_id, end_by) references identity.person (tenant_id, id)
);
create index on responsibility.function_grant (grant_id, tenant_id);
create index on responsibility.function_grant (person_id, tenant_id);
create index on responsibility.function_grant (post_id, tenant_id);
create index on responsibility.function_grant (scope_id, function, tenant_id);
create index on responsibility.function_grant (granted_by, tenant_id);
create index on responsibility.function_grant (confirmed_by, tenant_id);
create index on responsibility.function_grant (end_by, tenant_id);

-- Functions that the operator gave because nobody was left to give them; everybody may see these.
create table responsibility.rescue (
  tenant_id uuid not null,
  id uuid not null,
  grant_id uuid not null,
  person_id uuid not null,
  function text not null,
  reason text not null check (char_length(reason) between 10 and 2000),
  recorded_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create index on responsibility.rescue (person_id, tenant_id);
