-- scope_id and series_id are opaque here: what the process is about, and what it was started with.
create table engine.process (
  tenant_id uuid not null,
  id uuid not null,
  definition_id uuid not null,
  scope_id uuid not null,
  series_id uuid,
  version int not null,                    -- number of the last log entry
  status engine.process_status not null,
  states text[] not null,                  -- paths of all active leaves
  tags text[] not null,
  stage engine.path not null,
  stage_since timestamptz not null,
  snapshot jsonb not null,
  head engine.hash not null,
  started_at timestamptz not null,
  suspended_at timestamptz,
  suspended_until date,                    -- the last day of its rest
  primary key (tenant_id, id),
  check ((suspended_until is null) = (suspended_at is null)),
  foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id)
) with (fillfactor = 80);

-- These do not begin with tenant_id on purpose. While a table is young, "this tenant" seems as selective as a whole
-- key, and the check of every foreign key to it would walk all the tenant's rows through such an index (measured:
-- 5,000 starts in 27 s instead of 3). None over states or tags: array operators may not run before row-level
-- security, so it could never serve. None over the stage: without it a step changes no index at all.
create index on engine.process (definition_id, tenant_id);
create index on engine.process (scope_id, tenant_id);
create index on engine.process (series_id, tenant_id);

create table engine.log_entry (
  tenant_id uuid not null,
  process_id uuid not null,
  seq int not null check (seq >= 1),
  command_id uuid not null,
  step engine.name not null,
  account_id uuid not null,
  person_id uuid not null,
  on_behalf_of uuid,
  at timestamptz not null,
  definition_id uuid not null,
  facts jsonb not null,
  guards jsonb not null,                   -- every leaf's answer
  payload_digest engine.digest,
  effects jsonb not null,
  clocks jsonb not null,                   -- deadlines started and stopped
  from_states text[] not null,
  to_states text[] not null,
  stage text not null,                     -- after the step, with its tags: for questions about a past day
  tags text[] not null,
  hash engine.hash not null,
  -- Which transaction wrote the row: what is visible now and was not when the relay last looked is new, in whatever
  -- order transactions commit. It costs one value and one index entry at the right edge; no row, no NOTIFY.
  xact xid8 default pg_current_xact_id(),
  primary key (tenant_id, process_id, seq),
  foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
);
create index on engine.log_entry (xact);

-- What people wrote stands beside the chain, which holds only its salted digest: it can be erased (GDPR Art. 17).
create table engine.log_payload (
  tenant_id uuid not null,
  process_id uuid not null,
  seq int not null,
  salt engine.salt not null,
  body jsonb not null,
  primary key (tenant_id, process_id, seq),
  foreign key (tenant_id, process_id, seq) references engine.log_entry (tenant_id, process_id, seq)
);
