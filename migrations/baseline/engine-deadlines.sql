-- A running deadline. Beside its due day it knows only what the system does next about it (a reminder, an
-- escalation, the step at the due day) and when: one row for each deadline, however long its chain.
create table engine.deadline (
  tenant_id uuid not null,
  process_id uuid not null,
  name engine.name not null,
  epoch int not null,                      -- the log entry that set it: a firing of an earlier visit is known by it
  due_on date not null,
  due_at timestamptz not null,             -- the end of that day in the administration's zone
  next_step text,
  next_at timestamptz check ((next_at is null) = (next_step is null)),
  started_on date,                         -- null: set before this was kept; the definition's span then counts
  first_due_on date,                       -- where it was due before it was ever moved
  extended int not null default 0,         -- how often it was put off on request
  asked_seq int,                           -- the log entry of an open request, and what it asks for
  asked_until date,
  paused_on date,                          -- since when it stands; it keeps its next step, from which it goes on
  refusals int not null default 0,
  refusal jsonb,                           -- the last one, in words
  retry_at timestamptz,
  primary key (tenant_id, process_id, name),
  check ((asked_seq is null) = (asked_until is null)),
  foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
);
create index deadline_next on engine.deadline (coalesce(retry_at, next_at)) where next_at is not null and paused_on is null;

-- Whose turn it is: a function, not a person; people are looked up when it is read.
create table engine.task (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  process_id uuid not null,
  name engine.task_name not null,
  function engine.function_code not null,
  due_on date,
  opened_seq int not null,
  opened_at timestamptz not null,
  closed_seq int,
  closed_at timestamptz check ((closed_at is null) = (closed_seq is null)),
  primary key (tenant_id, id),
  foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
);
create unique index task_open on engine.task (tenant_id, process_id, name, function) where closed_seq is null;

-- Nobody asks for tasks by function without the process, and no index of open ones leads by anything else: the planner
-- took it for few rows while the table was young, and it holds the open tasks of all.
create index on engine.task (process_id, tenant_id);

-- What somebody else must be told: the relay takes it away. Its key is the receiver's idempotency key; kind and body
-- hold names of the definition (a notice, function codes), no data of people.
create table engine.outbox (
  tenant_id uuid not null,
  process_id uuid not null,
  seq int not null,
  no int not null,
  kind engine.name not null,
  body jsonb not null,
  created_at timestamptz not null default platform.now(),
  -- Written under a travelling clock, as the demo's history is: it goes out to nobody.
  backdated boolean not null default coalesce(nullif(current_setting('app.now', true), ''), '') <> '',
  primary key (tenant_id, process_id, seq, no),
  foreign key (tenant_id, process_id, seq) references engine.log_entry (tenant_id, process_id, seq)
);
