-- What a column may hold, said by its type. A CHECK is read, parsed and planned anew by every statement that writes
-- its table (a quarter of what a move costs); a domain's is kept by the session. What looks at two columns stays.
create domain engine.process_status as text check (value in ('RUNNING', 'FINISHED'));
create domain engine.path as text check (char_length(value) <= 200);
create domain engine.name as text check (char_length(value) <= 60);
create domain engine.task_name as text check (char_length(value) <= 120);
create domain engine.function_code as text check (char_length(value) <= 40);
create domain engine.hash as bytea check (octet_length(value) = 32);
create domain engine.salt as bytea check (octet_length(value) = 16);
create domain engine.digest as text check (value ~ '^[0-9a-f]{64}$');

-- What engine.commit_transition is given, one for each process (src/engine/steps/move-row.rules.ts).
create type engine.move as (
  process_id uuid, definition_id uuid, scope_id uuid, series_id uuid, version int, status text, stage text,
  tags text[], reentered boolean, snapshot jsonb, hash text, command_id uuid, step text, account_id uuid,
  person_id uuid, on_behalf_of uuid, at timestamptz, facts jsonb, guards jsonb, payload_digest text, payload jsonb,
  salt text, effects jsonb, clocks jsonb, clocks_stopped text[], from_states text[], to_states text[],
  tasks_closed text[], tasks_opened jsonb, notices jsonb, suspended_at timestamptz, suspended_until date,
  tasks_dated jsonb
);

-- What processes share that engine.commit_migration moves alike (src/engine/plan/migration-entry.rules.ts).
create type engine.migration_kind as (
  definition_id uuid, stage text, stage_since timestamptz, tags text[], snapshot jsonb, effects jsonb, clocks jsonb,
  clocks_stopped text[], from_states text[], to_states text[], tasks_closed jsonb, tasks_opened jsonb,
  tasks_dated jsonb
);
