import { Migration } from '@mikro-orm/migrations';
import { room, tenantTable } from './support/tenant-table.ts';

/**
 * Processes on rows: definitions, instances, their append-only log with its erasable payloads, deadlines, tasks and
 * the outbox. One function writes a whole transition, one or thousands at once, with the rights of its caller.
 */
export class Migration202611240100_engine extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('engine'));
    this.addSql(definitions);
    this.addSql(processes);
    this.addSql(log);
    this.addSql(clocks);
    for (const table of ['process', 'task']) this.addSql(tenantTable(`engine.${table}`, 'change'));
    for (const table of ['process_definition', 'log_entry']) {
      this.addSql(tenantTable(`engine.${table}`, 'append'));
      this.addSql(`create trigger append_only before update or delete on engine.${table}
        for each row execute function platform.append_only();`);
    }
    this.addSql(tenantTable('engine.log_payload', 'append'));
    this.addSql(tenantTable('engine.outbox', 'append'));
    this.addSql(tenantTable('engine.deadline', 'change'));
    this.addSql(erasableAndDue);
    this.addSql(commitTransition);
  }
}

const definitions = `
  -- What is published never changes (trigger): running processes are pinned to it.
  create table engine.process_definition (
    tenant_id uuid not null,
    id uuid not null,
    key text not null check (key ~ '^[a-z][a-z0-9-]{0,59}$'),
    version int not null check (version between 1 and 10000),
    body jsonb not null check (pg_column_size(body) <= 524288),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    published_by uuid not null,
    published_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    unique (tenant_id, key, version)
  );
`;

const processes = `
  -- scope_id and series_id are opaque here: what the process is about, and what it was started with.
  create table engine.process (
    tenant_id uuid not null,
    id uuid not null,
    definition_id uuid not null,
    scope_id uuid not null,
    series_id uuid,
    version int not null,                    -- number of the last log entry
    status text not null check (status in ('RUNNING', 'FINISHED')),
    states text[] not null,                  -- paths of all active leaves
    tags text[] not null,
    stage text not null check (char_length(stage) <= 200),
    stage_since timestamptz not null,
    snapshot jsonb not null,
    head bytea not null check (octet_length(head) = 32),
    started_at timestamptz not null,
    suspended_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id)
  ) with (fillfactor = 80);
  -- These do not begin with tenant_id on purpose. While a table is young, "this tenant" seems as selective as a whole
  -- key, and the check of every foreign key to it would walk all the tenant's rows through such an index (measured:
  -- 5,000 starts in 27 s instead of 3). None over states or tags: array operators may not run before row-level
  -- security, so it could never serve.
  create index on engine.process (definition_id, tenant_id);
  create index on engine.process (scope_id, tenant_id);
  create index on engine.process (series_id, tenant_id);
  create index on engine.process (stage, tenant_id);
`;

const log = `
  create table engine.log_entry (
    tenant_id uuid not null,
    process_id uuid not null,
    seq int not null check (seq >= 1),
    command_id uuid not null,
    step text not null check (char_length(step) <= 60),
    account_id uuid not null,
    person_id uuid not null,
    on_behalf_of uuid,
    at timestamptz not null,
    definition_id uuid not null,
    facts jsonb not null,
    guards jsonb not null,                   -- every leaf's answer
    payload_digest text check (payload_digest ~ '^[0-9a-f]{64}$'),
    effects jsonb not null,
    clocks jsonb not null,                   -- deadlines started and stopped
    from_states text[] not null,
    to_states text[] not null,
    stage text not null,                     -- after the step, with its tags: for questions about a past day
    tags text[] not null,
    hash bytea not null check (octet_length(hash) = 32),
    primary key (tenant_id, process_id, seq),
    foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
  );

  -- What people wrote stands beside the chain, which holds only its salted digest: it can be erased (GDPR Art. 17).
  create table engine.log_payload (
    tenant_id uuid not null,
    process_id uuid not null,
    seq int not null,
    salt bytea not null check (octet_length(salt) = 16),
    body jsonb not null,
    primary key (tenant_id, process_id, seq),
    foreign key (tenant_id, process_id, seq) references engine.log_entry (tenant_id, process_id, seq)
  );
`;

const clocks = `
  -- A running deadline. Beside its due day it knows only what the system does next about it (a reminder, an
  -- escalation, the step at the due day) and when: one row for each deadline, however long its chain.
  create table engine.deadline (
    tenant_id uuid not null,
    process_id uuid not null,
    name text not null check (char_length(name) <= 60),
    epoch int not null,                      -- the log entry that set it: a firing of an earlier visit is known by it
    due_on date not null,
    due_at timestamptz not null,             -- the end of that day in the administration's zone
    next_step text,
    next_at timestamptz check ((next_at is null) = (next_step is null)),
    primary key (tenant_id, process_id, name),
    foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
  );
  create index deadline_next on engine.deadline (next_at) where next_at is not null;
  create index on engine.deadline (due_on, tenant_id);

  -- Whose turn it is: a function, not a person; people are looked up when it is read.
  create table engine.task (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    name text not null check (char_length(name) <= 120),
    function text not null check (char_length(function) <= 40),
    due_on date,
    opened_seq int not null,
    opened_at timestamptz not null,
    closed_seq int,
    closed_at timestamptz check ((closed_at is null) = (closed_seq is null)),
    primary key (tenant_id, id),
    foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
  );
  create unique index task_open on engine.task (tenant_id, process_id, name, function) where closed_seq is null;
  create index on engine.task (function, due_on, tenant_id) where closed_seq is null;
  create index on engine.task (process_id, tenant_id);

  -- What somebody else must be told: taken by the relay. Its key is the receiver's idempotency key.
  create table engine.outbox (
    tenant_id uuid not null,
    process_id uuid not null,
    seq int not null,
    no int not null,
    kind text not null check (char_length(kind) <= 60),
    body jsonb not null,
    created_at timestamptz not null default platform.now(),
    primary key (tenant_id, process_id, seq, no),
    foreign key (tenant_id, process_id, seq) references engine.log_entry (tenant_id, process_id, seq)
  );
`;

/**
 * Erasing a payload and stopping a clock delete rows. The jobs role sees what is due in all administrations, and of
 * it nothing but keys and times; the wall is the server's, and nobody else passes the door.
 */
const erasableAndDue = `
  grant delete on engine.log_payload, engine.deadline to oa_server;
  alter policy door on engine.deadline to oa_server, oa_jobs;
  alter policy tenant on engine.deadline to oa_server;
  grant usage on schema engine to oa_jobs;
  grant select (tenant_id, process_id, name, epoch, next_at) on engine.deadline to oa_jobs;
`;

/**
 * One call writes all rows of one transition for each process in "moves": the caller holds their row locks. Moves with
 * version 1 start their processes. Rows are inserted set-based, so thousands cost little more than one; existing rows
 * are changed move by move, by key: joined with the moves they would be planned for the few rows that a young table
 * seems to have, and cost their product (a start of 5,000: 21 s instead of 2).
 */
const commitTransition = `
  create type engine.move as (
    process_id uuid, definition_id uuid, scope_id uuid, series_id uuid, version int, status text, stage text,
    tags text[], reentered boolean, snapshot jsonb, hash text, command_id uuid, step text, account_id uuid,
    person_id uuid, on_behalf_of uuid, at timestamptz, facts jsonb, guards jsonb, payload_digest text, payload jsonb,
    salt text, effects jsonb, clocks jsonb, clocks_stopped text[], from_states text[], to_states text[],
    tasks_closed text[], tasks_opened jsonb, notices jsonb
  );

  create function engine.commit_transition(moves jsonb) returns void language plpgsql security invoker
    set enable_seqscan to off as $$
  declare
    all_moves engine.move[] := (select array_agg(m) from jsonb_populate_recordset(null::engine.move, moves) m);
    m engine.move;
    starts boolean := false;
    has_payloads boolean := false;
    has_clocks boolean := false;
    has_tasks boolean := false;
    has_notices boolean := false;
  begin
    foreach m in array all_moves loop
      starts := starts or m.version = 1;
      has_payloads := has_payloads or m.salt is not null;
      has_clocks := has_clocks or m.clocks -> 'started' <> '[]';
      has_tasks := has_tasks or m.tasks_opened <> '[]';
      has_notices := has_notices or m.notices <> '[]';
      continue when m.version = 1;
      update engine.process p
         set version = m.version, status = m.status, states = m.to_states, tags = m.tags, stage = m.stage,
             stage_since = case when p.stage = m.stage and not m.reentered then p.stage_since else m.at end,
             snapshot = m.snapshot, head = decode(m.hash, 'hex')
       where p.id = m.process_id and p.version = m.version - 1;
      if not found then
        raise exception 'process % moved under its own lock', m.process_id using errcode = '40001';
      end if;
      if cardinality(m.clocks_stopped) > 0 then
        delete from engine.deadline where process_id = m.process_id and name = any(m.clocks_stopped);
      end if;
      continue when cardinality(m.tasks_closed) = 0;
      -- Not "is null": a young table's open tasks seem few, and all would be read by the index that holds only them.
      update engine.task set closed_seq = m.version, closed_at = m.at
       where process_id = m.process_id and name = any(m.tasks_closed) and coalesce(closed_seq, 0) = 0;
    end loop;

    if starts then
      insert into engine.process (id, definition_id, scope_id, series_id, version, status, states, tags, stage,
                                  stage_since, snapshot, head, started_at)
        select process_id, definition_id, scope_id, series_id, version, status, to_states, tags, stage,
               at, snapshot, decode(hash, 'hex'), at
          from unnest(all_moves) where version = 1;
    end if;

    insert into engine.log_entry (process_id, seq, command_id, step, account_id, person_id, on_behalf_of, at,
                                  definition_id, facts, guards, payload_digest, effects, clocks, from_states,
                                  to_states, stage, tags, hash)
      select process_id, version, command_id, step, account_id, person_id, on_behalf_of, at,
             definition_id, facts, guards, payload_digest, effects, clocks, from_states,
             to_states, stage, tags, decode(hash, 'hex')
        from unnest(all_moves);

    if has_payloads then
      insert into engine.log_payload (process_id, seq, salt, body)
        select process_id, version, decode(salt, 'hex'), payload from unnest(all_moves) where salt is not null;
    end if;

    if has_clocks then
      insert into engine.deadline (process_id, name, epoch, due_on, due_at, next_step, next_at)
        select o.process_id, c.name, o.version, c."dueOn", c."dueAt", c."nextStep", c."nextAt"
          from unnest(all_moves) o, jsonb_to_recordset(o.clocks -> 'started')
                 as c(name text, "dueOn" date, "dueAt" timestamptz, "nextStep" text, "nextAt" timestamptz);
    end if;

    if has_tasks then
      insert into engine.task (process_id, name, function, due_on, opened_seq, opened_at)
        select o.process_id, t.name, t.function,
               (select min(d.due_on) from engine.deadline d
                 where d.process_id = o.process_id and d.name = any(t.deadlines)),
               o.version, o.at
          from unnest(all_moves) o,
               jsonb_to_recordset(o.tasks_opened) as t(name text, function text, deadlines text[]);
    end if;

    if has_notices then
      insert into engine.outbox (process_id, seq, no, kind, body)
        select o.process_id, o.version, n.no, n.kind, n.body
          from unnest(all_moves) o, jsonb_to_recordset(o.notices) as n(no int, kind text, body jsonb);
    end if;
  end $$;
  revoke all on function engine.commit_transition(jsonb) from public;
  grant execute on function engine.commit_transition(jsonb) to oa_server;
`;
