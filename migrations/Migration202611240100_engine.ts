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
  create index on engine.process (tenant_id, definition_id);
  create index on engine.process (tenant_id, scope_id);
  create index on engine.process (tenant_id, series_id);
  create index on engine.process (tenant_id, stage);
  create index process_states on engine.process using gin (states);
  create index process_tags on engine.process using gin (tags);
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
    foreign key (tenant_id, process_id) references engine.process (tenant_id, id),
    foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id)
  );
  create index on engine.log_entry (tenant_id, definition_id);
  create index on engine.log_entry (tenant_id, command_id);

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
  -- A running deadline, and the reminders and escalations that belong to it ("of").
  create table engine.deadline (
    tenant_id uuid not null,
    process_id uuid not null,
    name text not null check (char_length(name) <= 120),
    epoch int not null,                      -- the log entry that started it: a late firing of an earlier visit is known by it
    of text,
    step text,                               -- taken by the system when due; null: only shown
    due_on date not null,
    due_at timestamptz not null,             -- the end of that day in the administration's zone
    primary key (tenant_id, process_id, name),
    foreign key (tenant_id, process_id) references engine.process (tenant_id, id)
  );
  create index deadline_due on engine.deadline (due_at) where step is not null;
  create index on engine.deadline (tenant_id, due_on) where of is null;

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
    foreign key (tenant_id, process_id, opened_seq) references engine.log_entry (tenant_id, process_id, seq)
  );
  create unique index task_open on engine.task (tenant_id, process_id, name, function) where closed_seq is null;
  create index on engine.task (tenant_id, function, due_on) where closed_seq is null;
  create index on engine.task (tenant_id, process_id, opened_seq);

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
  grant select (tenant_id, process_id, name, epoch, step, due_at) on engine.deadline to oa_jobs;
`;

/**
 * One call writes all rows of one transition for each process in "moves": the caller holds their row locks. A move
 * with version 1 starts its process. Set-based throughout, so thousands cost little more than one.
 */
const commitTransition = `
  create function engine.commit_transition(moves jsonb) returns void language plpgsql security invoker as $$
  declare
    moved int;
  begin
    insert into engine.process (id, definition_id, scope_id, series_id, version, status, states, tags, stage,
                                stage_since, snapshot, head, started_at)
      select m.process_id, m.definition_id, m.scope_id, m.series_id, m.version, m.status, m.to_states, m.tags,
             m.stage, m.at, m.snapshot, decode(m.hash, 'hex'), m.at
        from jsonb_to_recordset(moves) as m(process_id uuid, definition_id uuid, scope_id uuid, series_id uuid,
             version int, status text, to_states text[], tags text[], stage text, at timestamptz, snapshot jsonb,
             hash text)
       where m.version = 1;
    get diagnostics moved = row_count;

    if moved < jsonb_array_length(moves) then
      update engine.process p
         set version = m.version, status = m.status, states = m.to_states, tags = m.tags, stage = m.stage,
             stage_since = case when p.stage = m.stage and not m.reentered then p.stage_since else m.at end,
             snapshot = m.snapshot, head = decode(m.hash, 'hex')
        from jsonb_to_recordset(moves) as m(process_id uuid, version int, status text, to_states text[],
             tags text[], stage text, reentered boolean, at timestamptz, snapshot jsonb, hash text)
       where p.id = m.process_id and p.version = m.version - 1 and m.version > 1;
      declare
        updated int;
      begin
        get diagnostics updated = row_count;
        moved := moved + updated;
      end;
    end if;
    if moved <> jsonb_array_length(moves) then
      raise exception 'a process moved under its own lock' using errcode = '40001';
    end if;

    insert into engine.log_entry (process_id, seq, command_id, step, account_id, person_id, on_behalf_of, at,
                                  definition_id, facts, guards, payload_digest, effects, clocks, from_states,
                                  to_states, stage, tags, hash)
      select m.process_id, m.version, m.command_id, m.step, m.account_id, m.person_id, m.on_behalf_of, m.at,
             m.definition_id, m.facts, m.guards, m.payload_digest, m.effects, m.clocks, m.from_states, m.to_states,
             m.stage, m.tags, decode(m.hash, 'hex')
        from jsonb_to_recordset(moves) as m(process_id uuid, version int, command_id uuid, step text,
             account_id uuid, person_id uuid, on_behalf_of uuid, at timestamptz, definition_id uuid, facts jsonb,
             guards jsonb, payload_digest text, effects jsonb, clocks jsonb, from_states text[], to_states text[],
             stage text, tags text[], hash text);

    insert into engine.log_payload (process_id, seq, salt, body)
      select m.process_id, m.version, decode(m.salt, 'hex'), m.payload
        from jsonb_to_recordset(moves) as m(process_id uuid, version int, salt text, payload jsonb)
       where m.salt is not null;

    delete from engine.deadline d
     using jsonb_to_recordset(moves) as m(process_id uuid, clocks jsonb)
     where d.process_id = m.process_id and m.clocks -> 'stopped' ? d.name;

    insert into engine.deadline (process_id, name, epoch, of, step, due_on, due_at)
      select m.process_id, c.name, m.version, c.of, c.step, c."dueOn", c."dueAt"
        from jsonb_to_recordset(moves) as m(process_id uuid, version int, clocks jsonb),
             jsonb_to_recordset(m.clocks -> 'started')
               as c(name text, of text, step text, "dueOn" date, "dueAt" timestamptz);

    update engine.task t set closed_seq = m.version, closed_at = m.at
      from jsonb_to_recordset(moves) as m(process_id uuid, version int, at timestamptz, tasks_closed jsonb)
     where t.process_id = m.process_id and t.closed_seq is null and m.tasks_closed ? t.name;

    insert into engine.task (process_id, name, function, due_on, opened_seq, opened_at)
      select m.process_id, o.name, o.function, o."dueOn", m.version, m.at
        from jsonb_to_recordset(moves) as m(process_id uuid, version int, at timestamptz, tasks_opened jsonb),
             jsonb_to_recordset(m.tasks_opened) as o(name text, function text, "dueOn" date);

    insert into engine.outbox (process_id, seq, no, kind, body)
      select m.process_id, m.version, n.no, n.kind, n.body
        from jsonb_to_recordset(moves) as m(process_id uuid, version int, notices jsonb),
             jsonb_to_recordset(m.notices) as n(no int, kind text, body jsonb);
  end $$;
  revoke all on function engine.commit_transition(jsonb) from public;
  grant execute on function engine.commit_transition(jsonb) to oa_server;
`;
