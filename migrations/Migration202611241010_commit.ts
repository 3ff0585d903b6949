import { Migration } from '@mikro-orm/migrations';

/**
 * The lean path for the one move that nearly every command is: plain parameters instead of a record set, by key, and
 * every statement with a kept plan (ADR 0041). What moves many goes on through `commit_transition`.
 */
export class Migration202611241010_commit extends Migration {
  override async up(): Promise<void> {
    this.addSql(types);
    this.addSql(indexes);
    this.addSql(commitStep);
  }
}

/**
 * What a column may hold, said by its type. A CHECK is read, parsed and planned anew by every statement that writes
 * its table (a quarter of what a move costs); a domain's is kept by the session. What looks at two columns stays.
 */
const types = `
  create domain engine.process_status as text check (value in ('RUNNING', 'FINISHED'));
  create domain engine.path as text check (char_length(value) <= 200);
  create domain engine.name as text check (char_length(value) <= 60);
  create domain engine.task_name as text check (char_length(value) <= 120);
  create domain engine.function_code as text check (char_length(value) <= 40);
  create domain engine.hash as bytea check (octet_length(value) = 32);
  create domain engine.salt as bytea check (octet_length(value) = 16);
  create domain engine.digest as text check (value ~ '^[0-9a-f]{64}$');

  alter table engine.process
    drop constraint process_status_check, alter status type engine.process_status,
    drop constraint process_stage_check, alter stage type engine.path,
    drop constraint process_head_check, alter head type engine.hash;
  alter table engine.log_entry
    drop constraint log_entry_step_check, alter step type engine.name,
    drop constraint log_entry_payload_digest_check, alter payload_digest type engine.digest,
    drop constraint log_entry_hash_check, alter hash type engine.hash;
  alter table engine.log_payload
    drop constraint log_payload_salt_check, alter salt type engine.salt;
  alter table engine.deadline
    drop constraint deadline_name_check, alter name type engine.name;
  alter table engine.task
    drop constraint task_name_check, alter name type engine.task_name,
    drop constraint task_function_check, alter function type engine.function_code;
  alter table engine.outbox
    drop constraint outbox_kind_check, alter kind type engine.name;

  create domain platform.command_name as text check (char_length(value) <= 100);
  create domain platform.digest as text check (char_length(value) = 64);
  alter table platform.command
    drop constraint command_name_check, alter name type platform.command_name,
    drop constraint command_payload_digest_check, alter payload_digest type platform.digest;
`;

/** Nobody asks by stage; without its index a step changes no index of the process at all. */
const indexes = `
  drop index engine.process_stage_tenant_id_idx;
`;

const commitStep = `
  create function engine.commit_step(
    in_process uuid, in_version int, in_status text, in_stage text, in_tags text[], in_reentered boolean,
    in_snapshot jsonb, in_hash bytea, in_command uuid, in_step text, in_account uuid, in_person uuid,
    in_behalf_of uuid, in_at timestamptz, in_definition uuid, in_facts jsonb, in_guards jsonb, in_digest text,
    in_payload jsonb, in_salt bytea, in_effects jsonb, in_clocks jsonb, in_from text[], in_to text[],
    in_stopped text[], in_closed text[], in_opened jsonb, in_dated jsonb, in_notices jsonb,
    in_suspended_at timestamptz, in_suspended_until date
  ) returns void language plpgsql security invoker
    set enable_seqscan to off set plan_cache_mode to force_generic_plan as $$
  begin
    update engine.process p
       set version = in_version, status = in_status, states = in_to, tags = in_tags, stage = in_stage,
           stage_since = case when p.stage = in_stage and not in_reentered then p.stage_since else in_at end,
           snapshot = in_snapshot, head = in_hash, suspended_at = in_suspended_at, suspended_until = in_suspended_until
     where p.id = in_process and p.version = in_version - 1;
    if not found then
      raise exception 'process % moved under its own lock', in_process using errcode = '40001';
    end if;
    insert into engine.log_entry (process_id, seq, command_id, step, account_id, person_id, on_behalf_of, at,
                                  definition_id, facts, guards, payload_digest, effects, clocks, from_states,
                                  to_states, stage, tags, hash)
      values (in_process, in_version, in_command, in_step, in_account, in_person, in_behalf_of, in_at, in_definition,
              in_facts, in_guards, in_digest, in_effects, in_clocks, in_from, in_to, in_stage, in_tags, in_hash);
    if in_salt is not null then
      insert into engine.log_payload (process_id, seq, salt, body) values (in_process, in_version, in_salt, in_payload);
    end if;
    if in_stopped is not null then
      delete from engine.deadline where process_id = in_process and name = any(in_stopped);
    end if;
    if in_closed is not null then
      update engine.task set closed_seq = in_version, closed_at = in_at
       where process_id = in_process and name = any(in_closed) and closed_seq is null;
    end if;
    if in_clocks -> 'started' <> '[]' then
      insert into engine.deadline (process_id, name, epoch, due_on, due_at, next_step, next_at, started_on,
                                   first_due_on, extended, asked_seq, asked_until, paused_on)
        select in_process, c.name, in_version, c."dueOn", c."dueAt", c."nextStep", c."nextAt", c."startedOn",
               c."firstDueOn", coalesce(c.extended, 0), c."askedSeq", c."askedUntil", c."pausedOn"
          from jsonb_to_recordset(in_clocks -> 'started')
                 as c(name text, "dueOn" date, "dueAt" timestamptz, "nextStep" text, "nextAt" timestamptz,
                      "startedOn" date, "firstDueOn" date, extended int, "askedSeq" int, "askedUntil" date,
                      "pausedOn" date);
    end if;
    if in_opened is not null then
      insert into engine.task (process_id, name, function, due_on, opened_seq, opened_at)
        select in_process, t.name, t.function,
               (select min(d.due_on) from engine.deadline d
                 where d.process_id = in_process and d.name = any(t.deadlines)),
               in_version, in_at
          from jsonb_to_recordset(in_opened) as t(name text, function text, deadlines text[]);
    end if;
    if in_dated is not null then
      update engine.task t
         set due_on = (select min(d.due_on) from engine.deadline d
                        where d.process_id = in_process and d.name = any(b.deadlines))
        from jsonb_to_recordset(in_dated) as b(name text, deadlines text[])
       where t.process_id = in_process and t.name = b.name and t.closed_seq is null;
    end if;
    if in_notices is not null then
      insert into engine.outbox (process_id, seq, no, kind, body)
        select in_process, in_version, n.no, n.kind, n.body
          from jsonb_to_recordset(in_notices) as n(no int, kind text, body jsonb);
    end if;
  end $$;
`;
