import { Migration } from '@mikro-orm/migrations';
import { tenantTable } from './support/tenant-table.ts';

/** Runs over thousands of processes: what was agreed, for which processes, and what became of each of them. */
export class Migration202611241031_bulk extends Migration {
  override async up(): Promise<void> {
    this.addSql(runs);
    for (const table of ['bulk_run', 'bulk_item']) this.addSql(tenantTable(`engine.${table}`, 'change'));
    this.addSql(unfinished);
    this.addSql(recordBulk);
  }
}

const runs = `
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
`;

/** Any server takes up what another left unfinished: the jobs role finds it, by keys and times only. */
const unfinished = `
  create index bulk_run_unfinished on engine.bulk_run (touched_at) where finished_at is null;
  alter policy door on engine.bulk_run to oa_server, oa_jobs;
  alter policy tenant on engine.bulk_run to oa_server;
  grant select (tenant_id, id, touched_at, finished_at) on engine.bulk_run to oa_jobs;
`;

/** What became of some items, in their order; with the last one the run is finished. */
const recordBulk = `
  create function engine.record_bulk(run uuid, nos int[], outcomes text[], seqs int[], reasons text[])
  returns void language plpgsql security invoker set enable_seqscan to off as $$
  begin
    update engine.bulk_item i set outcome = r.outcome, seq = r.seq, reason = r.reason::jsonb
      from unnest(nos, outcomes, seqs, reasons) as r(no, outcome, seq, reason)
     where i.run_id = run and i.no = r.no and i.no between nos[1] and nos[cardinality(nos)]
       and i.outcome = 'PENDING';
    update engine.bulk_run
       set touched_at = clock_timestamp(),
           finished_at = case when not exists (select from engine.bulk_item
                                                where run_id = run and outcome = 'PENDING') then platform.now() end
     where id = run;
  end $$;
  revoke all on function engine.record_bulk(uuid, int[], text[], int[], text[]) from public;
  grant execute on function engine.record_bulk(uuid, int[], text[], int[], text[]) to oa_server;
`;
