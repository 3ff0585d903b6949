import { Migration } from '@mikro-orm/migrations';
import { tenantTable } from './support/tenant-table.ts';

/**
 * What the second version of the opening process keeps beside its course: objections and their answers, participation
 * of the representations, and the cycles of a process that is audited again. All of it stands as it was written.
 */
export class Migration202611241070_opening_2 extends Migration {
  override async up(): Promise<void> {
    for (const script of [objections, participation, cycles]) this.addSql(script);
    for (const table of appended) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(`create trigger append_only before update or delete on audit.${table}
        for each row execute function platform.append_only();`);
    }
  }
}

const appended = [
  'objection',
  'objection_criterion',
  'objection_entry',
  'participation',
  'participation_entry',
  'cycle',
];

const author = `
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)`;
const ofProcess = `
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)`;

const objections = `
  -- The head's objection (Konzept §2.3). It is free and harms nobody; while it is open, what it attacks is not public.
  create table audit.objection (
    tenant_id uuid not null,
    id uuid not null,
    process_id uuid not null,
    objection_no int not null check (objection_no >= 1),
    against text not null check (against in ('FINAL_RATING', 'REFUSED_EXCLUSION', 'DECISION', 'WITHDRAWAL')),
    reason text not null check (char_length(reason) between 1 and 4000),
    primary key (tenant_id, id),
    constraint objection_no_once unique (tenant_id, process_id, objection_no),
    ${ofProcess},
    ${author}
  );
  create index on audit.objection (tenant_id, person_id);
  create table audit.objection_criterion (
    tenant_id uuid not null,
    objection_id uuid not null,
    criterion_id uuid not null,
    primary key (tenant_id, objection_id, criterion_id),
    foreign key (tenant_id, objection_id) references audit.objection (tenant_id, id),
    foreign key (tenant_id, criterion_id) references catalogue.criterion (tenant_id, id)
  );
  create index on audit.objection_criterion (tenant_id, criterion_id);
  create table audit.objection_entry (
    tenant_id uuid not null,
    objection_id uuid not null,
    kind text not null check (kind in ('ACKNOWLEDGED', 'UPHELD', 'PARTLY_UPHELD', 'REJECTED', 'RETRACTED')),
    reason text check (char_length(reason) <= 2000),
    primary key (tenant_id, objection_id, kind),
    foreign key (tenant_id, objection_id) references audit.objection (tenant_id, id),
    ${author}
  );
  create index on audit.objection_entry (tenant_id, person_id);
  -- Ended once, in whichever way.
  create unique index objection_ended_once on audit.objection_entry (tenant_id, objection_id) where kind <> 'ACKNOWLEDGED';
`;

const participation = `
  create table audit.participation (
    tenant_id uuid not null,
    id uuid not null,
    process_id uuid not null,
    participation_no int not null check (participation_no >= 1),
    body text not null check (body in ('PR', 'GB', 'SBV')),
    matter text not null check (char_length(matter) between 1 and 2000),
    co_determined boolean not null,
    primary key (tenant_id, id),
    constraint participation_no_once unique (tenant_id, process_id, participation_no),
    ${ofProcess},
    ${author}
  );
  create index on audit.participation (tenant_id, person_id);
  create table audit.participation_entry (
    tenant_id uuid not null,
    participation_id uuid not null,
    entry_no int not null check (entry_no >= 1),
    kind text not null check (kind in ('CONSENT', 'COMMENT', 'REFUSAL', 'RETRACTED')),
    said text check (char_length(said) <= 4000),
    primary key (tenant_id, participation_id, entry_no),
    foreign key (tenant_id, participation_id) references audit.participation (tenant_id, id),
    ${author}
  );
  create index on audit.participation_entry (tenant_id, person_id);
`;

const cycles = `
  -- When the present cycle began; null in the first one. Ratings from before are of an earlier cycle.
  alter table audit.opening_process add column cycle_began_at timestamptz check ((cycle_began_at is null) = (cycle_no = 1));
  -- A cycle that ended when the next one began, as the process stood then.
  create table audit.cycle (
    tenant_id uuid not null,
    process_id uuid not null,
    cycle_no int not null check (cycle_no >= 1),
    edition_id uuid not null,
    ended_at timestamptz not null default platform.now(),
    primary key (tenant_id, process_id, cycle_no),
    foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id),
    ${ofProcess}
  );
  create index on audit.cycle (tenant_id, edition_id);
  -- A round that carries out a focus area of the council: none of its processes is cancelled behind the council's back.
  alter table audit.round add column focus_area text check (char_length(focus_area) between 1 and 300);
`;
