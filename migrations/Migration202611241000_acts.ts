import { Migration } from '@mikro-orm/migrations';

/**
 * What the engine itself does with a process: it rests, and its deadlines with it; a deadline is put off on request;
 * a due step that was refused is tried again later and shown meanwhile.
 */
export class Migration202611241000_acts extends Migration {
  override async up(): Promise<void> {
    this.addSql(rest);
    this.addSql(clocks);
    this.addSql(refusals);
    this.addSql(commitTransition);
  }
}

const rest = `
  alter table engine.process
    add suspended_until date,                -- the last day of its rest
    add check ((suspended_until is null) = (suspended_at is null));
`;

/** A clock that stands keeps its next act: how far it had come is read from it when it goes on. */
const clocks = `
  alter table engine.deadline
    add started_on date,                     -- null: set before this was kept; the definition's span then counts
    add first_due_on date,                   -- where it was due before it was ever moved
    add extended int not null default 0,     -- how often it was put off on request
    add asked_seq int,                       -- the log entry of an open request, and what it asks for
    add asked_until date,
    add paused_on date,                      -- since when it stands
    add check ((asked_seq is null) = (asked_until is null));
`;

const refusals = `
  alter table engine.deadline
    add refusals int not null default 0,
    add refusal jsonb,                       -- the last one, in words
    add retry_at timestamptz;
  drop index engine.deadline_next;
  create index deadline_next on engine.deadline (coalesce(retry_at, next_at))
    where next_at is not null and paused_on is null;
  grant select (paused_on, retry_at) on engine.deadline to oa_jobs;
`;

/** As before, with the rest of the process, what is known of its clocks, and tasks whose due day moves with them. */
const commitTransition = `
  alter type engine.move add attribute suspended_at timestamptz, add attribute suspended_until date,
    add attribute tasks_dated jsonb;

  create or replace function engine.commit_transition(moves jsonb) returns void language plpgsql security invoker
    set enable_seqscan to off as $$
  declare
    all_moves engine.move[] := (select array_agg(m) from jsonb_populate_recordset(null::engine.move, moves) m);
    m engine.move;
    starts boolean := false;
    has_payloads boolean := false;
    has_clocks boolean := false;
    has_tasks boolean := false;
    has_dates boolean := false;
    has_notices boolean := false;
  begin
    foreach m in array all_moves loop
      starts := starts or m.version = 1;
      has_payloads := has_payloads or m.salt is not null;
      has_clocks := has_clocks or m.clocks -> 'started' <> '[]';
      has_tasks := has_tasks or m.tasks_opened <> '[]';
      has_dates := has_dates or m.tasks_dated <> '[]';
      has_notices := has_notices or m.notices <> '[]';
      continue when m.version = 1;
      update engine.process p
         set version = m.version, status = m.status, states = m.to_states, tags = m.tags, stage = m.stage,
             stage_since = case when p.stage = m.stage and not m.reentered then p.stage_since else m.at end,
             snapshot = m.snapshot, head = decode(m.hash, 'hex'),
             suspended_at = m.suspended_at, suspended_until = m.suspended_until
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
      insert into engine.deadline (process_id, name, epoch, due_on, due_at, next_step, next_at, started_on,
                                   first_due_on, extended, asked_seq, asked_until, paused_on)
        select o.process_id, c.name, o.version, c."dueOn", c."dueAt", c."nextStep", c."nextAt", c."startedOn",
               c."firstDueOn", coalesce(c.extended, 0), c."askedSeq", c."askedUntil", c."pausedOn"
          from unnest(all_moves) o, jsonb_to_recordset(o.clocks -> 'started')
                 as c(name text, "dueOn" date, "dueAt" timestamptz, "nextStep" text, "nextAt" timestamptz,
                      "startedOn" date, "firstDueOn" date, extended int, "askedSeq" int, "askedUntil" date,
                      "pausedOn" date);
    end if;

    if has_dates then
      foreach m in array all_moves loop
        update engine.task t
           set due_on = (select min(d.due_on) from engine.deadline d
                          where d.process_id = m.process_id and d.name = any(b.deadlines))
          from jsonb_to_recordset(m.tasks_dated) as b(name text, deadlines text[])
         where t.process_id = m.process_id and t.name = b.name and coalesce(t.closed_seq, 0) = 0;
      end loop;
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
`;
