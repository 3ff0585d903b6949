-- Proved before it is stored and never changed: the log names it by its hash, and a replay asks it again.
create table engine.migration_plan (
  tenant_id uuid not null,
  id uuid not null,
  from_id uuid not null,
  to_id uuid not null,
  body jsonb not null check (pg_column_size(body) <= 131072),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  configurations int not null check (configurations > 0),
  proposed_by uuid not null,               -- the person: another one must run it
  proposed_at timestamptz not null default platform.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, from_id) references engine.process_definition (tenant_id, id),
  foreign key (tenant_id, to_id) references engine.process_definition (tenant_id, id)
);
create index on engine.migration_plan (from_id, tenant_id);
create index on engine.migration_plan (to_id, tenant_id);
create index on engine.migration_plan (sha256, tenant_id);

-- A run over many processes: what was agreed, and in whose name.
create table engine.bulk_run (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('STEP', 'MIGRATE', 'UNDO')),
  step text check ((step is not null) = (kind = 'STEP')),
  payload jsonb check (kind = 'STEP' or payload is null),
  plan_id uuid check ((plan_id is not null) = (kind in ('MIGRATE', 'UNDO'))),
  undoes_id uuid check ((undoes_id is not null) = (kind = 'UNDO')),
  filter jsonb not null,
  total int not null check (total >= 0),
  account_id uuid not null,                -- in whose name it goes on, whichever server carries it
  person_id uuid not null,
  started_at timestamptz not null default platform.now(),
  touched_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, plan_id) references engine.migration_plan (tenant_id, id),
  foreign key (tenant_id, undoes_id) references engine.bulk_run (tenant_id, id)
);
create index on engine.bulk_run (plan_id, tenant_id);
create index on engine.bulk_run (undoes_id, tenant_id);

-- The processes of a run stand fixed with its start; whatever refused already then is written down at once. No
-- foreign key to the process: it would wait for whoever holds one of thousands. Processes are never deleted.
create table engine.bulk_item (
  tenant_id uuid not null,
  run_id uuid not null,
  no int not null,
  process_id uuid not null,
  outcome text not null check (outcome in ('PENDING', 'DONE', 'REFUSED', 'FAILED')),
  seq int check (outcome = 'DONE' or seq is null),    -- its log entry
  reason jsonb check ((reason is not null) = (outcome in ('REFUSED', 'FAILED'))),
  primary key (tenant_id, run_id, no),
  foreign key (tenant_id, run_id) references engine.bulk_run (tenant_id, id)
);
create index bulk_item_pending on engine.bulk_item (run_id, no) where outcome = 'PENDING';

-- Any server takes up what another left unfinished: the jobs role finds it, by keys and times only.
create index bulk_run_unfinished on engine.bulk_run (touched_at) where finished_at is null;
