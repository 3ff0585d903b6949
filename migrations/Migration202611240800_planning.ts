import { Migration } from '@mikro-orm/migrations';
import { room, tenantTable } from './support/tenant-table.ts';

/**
 * Measures and the agreement on them. A measure's terms and its status are rows of their own, appended, so that a
 * council paper of any past day can be written again; measures outlive the process they came from.
 */
export class Migration202611240800_planning extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('planning'));
    this.addSql(measures);
    this.addSql(agreements);
    for (const table of appended) {
      this.addSql(tenantTable(`planning.${table}`, 'append'));
      this.addSql(`create trigger append_only before update or delete on planning.${table}
        for each row execute function platform.append_only();`);
    }
  }
}

const appended = [
  'measure',
  'measure_terms',
  'measure_status',
  'target_agreement',
  'required_signature',
  'co_signature',
  'agreement_end',
];

const measures = `
  create table planning.measure (
    tenant_id uuid not null,
    id uuid not null,
    process_id uuid not null,
    unit_id uuid not null,
    measure_no int not null check (measure_no >= 1),
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint measure_no_once unique (tenant_id, process_id, measure_no),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on planning.measure (tenant_id, unit_id);
  create index on planning.measure (tenant_id, person_id);

  -- What was meant at a time: the latest version counts. A draft may still lack what an agreement needs.
  create table planning.measure_terms (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    measure_id uuid not null,
    version int not null check (version >= 1),
    criterion_id uuid,
    title text not null check (char_length(title) between 1 and 200),
    description text not null default '' check (char_length(description) <= 4000),
    competent_post_id uuid,
    due_on date,
    indicator text check (char_length(indicator) <= 500),
    baseline text check (char_length(baseline) <= 500),
    -- "No budget needed" is a statement; null means that nobody has said yet.
    budget_kind text check (budget_kind in ('NONE', 'LINE')),
    budget_line text check (char_length(budget_line) <= 200),
    touches text[] not null default '{}' check (touches <@ array['STAFFING', 'CODETERMINATION', 'EQUALITY']),
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint measure_terms_version_once unique (tenant_id, measure_id, version),
    check (budget_kind is distinct from 'LINE' or budget_line is not null),
    foreign key (tenant_id, measure_id) references planning.measure (tenant_id, id),
    foreign key (tenant_id, criterion_id) references catalogue.criterion (tenant_id, id),
    foreign key (tenant_id, competent_post_id) references organisation.post (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on planning.measure_terms (tenant_id, criterion_id);
  create index on planning.measure_terms (tenant_id, competent_post_id);
  create index on planning.measure_terms (tenant_id, person_id);

  create table planning.measure_status (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    measure_id uuid not null,
    status_no int not null check (status_no >= 1),
    status text not null check (status in ('DRAFT', 'AGREED', 'IN_PROGRESS', 'DELAYED', 'REPORTED_DONE',
      'EFFECT_CONFIRMED', 'POSTPONED', 'REJECTED')),
    note text check (char_length(note) <= 2000),
    effect text check (char_length(effect) <= 500),
    postponed_until date check ((postponed_until is not null) = (status = 'POSTPONED')),
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint measure_status_no_once unique (tenant_id, measure_id, status_no),
    foreign key (tenant_id, measure_id) references planning.measure (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on planning.measure_status (tenant_id, person_id);
`;

const agreements = `
  -- The set of measures a head submitted, by its hash. A changed measure no longer matches it, and its signatures fall.
  create table planning.target_agreement (
    tenant_id uuid not null,
    id uuid not null,
    process_id uuid not null,
    version int not null check (version >= 1),
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    person_id uuid not null,
    submitted_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint target_agreement_version_once unique (tenant_id, process_id, version),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on planning.target_agreement (tenant_id, person_id);

  create table planning.required_signature (
    tenant_id uuid not null,
    agreement_id uuid not null,
    fn text not null check (fn in ('DEZ', 'HR', 'FIN', 'GB', 'PR')),
    primary key (tenant_id, agreement_id, fn),
    foreign key (tenant_id, agreement_id) references planning.target_agreement (tenant_id, id)
  );

  create table planning.co_signature (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    agreement_id uuid not null,
    fn text not null,
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    person_id uuid not null,
    represents_id uuid,
    command_id uuid not null,
    signed_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint co_signature_once unique (tenant_id, agreement_id, fn),
    foreign key (tenant_id, agreement_id, fn) references planning.required_signature (tenant_id, agreement_id, fn),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
    foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
  );
  create index on planning.co_signature (tenant_id, person_id);
  create index on planning.co_signature (tenant_id, represents_id);

  -- How an agreement ended: approved, or back at the drawing board with a reason.
  create table planning.agreement_end (
    tenant_id uuid not null,
    agreement_id uuid not null,
    kind text not null check (kind in ('APPROVED', 'OBJECTED', 'REJECTED', 'REVISED')),
    reason text check (char_length(reason) <= 2000),
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, agreement_id, kind), -- what was approved may be revised later
    foreign key (tenant_id, agreement_id) references planning.target_agreement (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on planning.agreement_end (tenant_id, person_id);
`;
