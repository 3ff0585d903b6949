import { Migration } from '@mikro-orm/migrations';
import { bitemporal, room, tenantTable } from './support/tenant-table.ts';

/**
 * Rounds, opening processes and checklists. An opening process is one to one with a process of the engine and carries
 * the counters of its checklist; `counter_delta` holds every change of them, so the counters of any past day are a sum.
 */
export class Migration202611240700_audit extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('audit'));
    this.addSql(rounds);
    this.addSql(processes);
    this.addSql(ratings);
    this.addSql(records);
    for (const table of ['round', 'opening_process']) this.addSql(tenantTable(`audit.${table}`, 'change'));
    for (const table of ['round_scope', 'round_person', 'auditor_assignment', 'rated_within']) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(bitemporal(`audit.${table}`));
    }
    for (const table of [
      'process_criterion',
      'rating',
      'rating_evidence',
      'counter_delta',
      'signature',
      'return_reason',
      'team_member',
    ]) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(`create trigger append_only before update or delete on audit.${table}
        for each row execute function platform.append_only();`);
    }
  }
}

const rounds = `
  create table audit.round (
    tenant_id uuid not null,
    id uuid not null,
    name_de text not null check (char_length(name_de) between 1 and 200),
    name_en text not null check (char_length(name_en) between 1 and 200),
    edition_id uuid not null,
    definition_id uuid not null,
    opens_on date not null,
    closes_on date not null check (closes_on > opens_on),
    -- The opening is a self-commitment of the administration: no round without the paper that orders it.
    mandate_title text not null check (char_length(mandate_title) between 1 and 300),
    mandate_reference text not null check (char_length(mandate_reference) between 1 and 100),
    mandate_decided_on date not null,
    mandate_body text not null check (char_length(mandate_body) between 1 and 200),
    board_quorum int check (board_quorum between 1 and 100),
    small_teams text not null default 'WITHIN_SUPERIOR' check (small_teams in ('WITHIN_SUPERIOR', 'ALONE')),
    phase text not null default 'DRAFT' check (phase in ('DRAFT', 'RUNNING', 'ENDED')),
    opened_by uuid not null,
    opened_at timestamptz not null default platform.now(),
    started_at timestamptz check (started_at is not null or phase = 'DRAFT'),
    ended_at timestamptz check ((ended_at is not null) = (phase = 'ENDED')),
    version int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id),
    foreign key (tenant_id, definition_id) references engine.process_definition (tenant_id, id),
    foreign key (tenant_id, opened_by) references identity.person (tenant_id, id)
  );
  create index on audit.round (edition_id, tenant_id);
  create index on audit.round (definition_id, tenant_id);
  create index on audit.round (opened_by, tenant_id);

  -- The last entry of a unit decides; a subtree means the unit and everything below it on the day of the start.
  create table audit.round_scope (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    round_id uuid not null,
    unit_id uuid not null,
    kind text not null check (kind in ('SUBTREE', 'UNIT', 'EXCEPT')),
    reason text check (char_length(reason) <= 500),
    recorded_at timestamptz not null default platform.now(),
    retracted_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id)
  );
  create unique index round_scope_once on audit.round_scope (tenant_id, round_id, unit_id) where retracted_at is null;
  create index on audit.round_scope (round_id, tenant_id);
  create index on audit.round_scope (unit_id, tenant_id);

  create table audit.round_person (
    tenant_id uuid not null,
    id uuid not null,
    round_id uuid not null,
    fn text not null check (fn in
      ('AUDLEAD', 'AUD', 'AUD2', 'BOARD', 'STEERING', 'APPEAL', 'PR', 'GB', 'SBV', 'DSB')),
    person_id uuid,
    post_id uuid,
    chair boolean not null default false check (not chair or fn in ('BOARD', 'STEERING', 'APPEAL')),
    valid_from date not null,
    valid_until date check (valid_until >= valid_from),
    recorded_at timestamptz not null default platform.now(),
    retracted_at timestamptz,
    primary key (tenant_id, id),
    check (num_nonnulls(person_id, post_id) = 1),
    foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
    foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
    constraint round_person_once exclude using gist (
      tenant_id with =, round_id with =, fn with =, (coalesce(person_id, post_id)) with =,
      daterange(valid_from, valid_until) with &&) where (retracted_at is null)
  );
  create index on audit.round_person (round_id, tenant_id);
  create index on audit.round_person (person_id, tenant_id);
  create index on audit.round_person (post_id, tenant_id);

  -- At most one auditor and one second auditor look at a unit in a round.
  create table audit.auditor_assignment (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    round_id uuid not null,
    unit_id uuid not null,
    fn text not null check (fn in ('AUD', 'AUD2')),
    person_id uuid,
    post_id uuid,
    valid_from date not null,
    valid_until date check (valid_until >= valid_from),
    recorded_at timestamptz not null default platform.now(),
    retracted_at timestamptz,
    primary key (tenant_id, id),
    check (num_nonnulls(person_id, post_id) = 1),
    foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
    foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
    constraint auditor_assignment_once exclude using gist (
      tenant_id with =, round_id with =, unit_id with =, fn with =,
      daterange(valid_from, valid_until) with &&) where (retracted_at is null)
  );
  create index on audit.auditor_assignment (round_id, tenant_id);
  create index on audit.auditor_assignment (unit_id, tenant_id);
  create index on audit.auditor_assignment (person_id, tenant_id);
  create index on audit.auditor_assignment (post_id, tenant_id);

  -- Teams of fewer than five are rated within the unit above: a figure about them would be a figure about persons.
  create table audit.rated_within (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    round_id uuid not null,
    unit_id uuid not null,
    within_unit_id uuid not null check (within_unit_id <> unit_id),
    recorded_at timestamptz not null default platform.now(),
    retracted_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
    foreign key (tenant_id, within_unit_id) references organisation.unit (tenant_id, id)
  );
  create unique index rated_within_once on audit.rated_within (tenant_id, round_id, unit_id) where retracted_at is null;
  create index on audit.rated_within (round_id, tenant_id);
  create index on audit.rated_within (unit_id, tenant_id);
  create index on audit.rated_within (within_unit_id, tenant_id);
`;

/** The columns of a checklist's counters; a delta has the same ones as differences. Arrays follow the edition's fields. */
const counters = `
    applicable int not null default 0,
    rated int not null default 0,
    not_applicable int not null default 0,
    core_total int not null default 0,
    core_rated int not null default 0,       -- "not applicable" included
    core_confirmed int not null default 0,   -- rated by two natural persons
    core_zero int not null default 0,
    core_one int not null default 0,
    differences int not null default 0,      -- two ratings more than one level apart, not yet resolved
    weight_total int not null default 0,
    weight_rated int not null default 0,
    points int not null default 0,           -- sum of level x weight
    field_applicable int[] not null default '{}',
    field_rated int[] not null default '{}',
    field_weight int[] not null default '{}',
    field_points int[] not null default '{}',
`;

const processes = `
  create table audit.opening_process (
    tenant_id uuid not null,
    id uuid not null,
    round_id uuid not null,
    unit_id uuid not null,
    edition_id uuid not null,
    cycle_no int not null default 1 check (cycle_no >= 1),
    frozen_at timestamptz,
    ${counters}
    started_at timestamptz not null default platform.now(),
    counted_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    unique (tenant_id, round_id, unit_id, cycle_no),
    check (rated + not_applicable <= applicable and core_rated <= core_total and core_confirmed <= core_rated),
    check (points <= 4 * weight_rated and weight_rated <= weight_total),
    foreign key (tenant_id, id) references engine.process (tenant_id, id),
    foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
    foreign key (tenant_id, edition_id) references catalogue.edition (tenant_id, id)
  ) with (fillfactor = 80);
  create index on audit.opening_process (unit_id, tenant_id, started_at desc);
  create index on audit.opening_process (edition_id, tenant_id);

  -- One row for each command that changed a checklist's counters.
  create table audit.counter_delta (
    tenant_id uuid not null,
    id bigint generated always as identity,
    process_id uuid not null,
    round_id uuid not null,
    unit_id uuid not null,
    ${counters}
    command_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, round_id) references audit.round (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id)
  );
  create index on audit.counter_delta (process_id, tenant_id, recorded_at);
  create index on audit.counter_delta (round_id, tenant_id, recorded_at);
  create index on audit.counter_delta (unit_id, tenant_id);

  create function audit.plus(a int[], b int[]) returns int[] language sql immutable
    return (select coalesce(array_agg(coalesce(x, 0) + coalesce(y, 0) order by n), '{}')
              from unnest(a, b) with ordinality as both_of(x, y, n));

  -- Moves the counters of a process and says so in the delta log. The caller holds the process row.
  create function audit.move_counters(process uuid, command uuid, d jsonb) returns void language sql
  begin atomic
    with difference as (
      select * from jsonb_to_record(d) as f(
        applicable int, rated int, not_applicable int, core_total int, core_rated int, core_confirmed int,
        core_zero int, core_one int, differences int, weight_total int, weight_rated int, points int,
        field_applicable int[], field_rated int[], field_weight int[], field_points int[])
    ), counted as (
      update audit.opening_process p set
        applicable = p.applicable + f.applicable, rated = p.rated + f.rated,
        not_applicable = p.not_applicable + f.not_applicable, core_total = p.core_total + f.core_total,
        core_rated = p.core_rated + f.core_rated, core_confirmed = p.core_confirmed + f.core_confirmed,
        core_zero = p.core_zero + f.core_zero, core_one = p.core_one + f.core_one,
        differences = p.differences + f.differences, weight_total = p.weight_total + f.weight_total,
        weight_rated = p.weight_rated + f.weight_rated, points = p.points + f.points,
        field_applicable = audit.plus(p.field_applicable, f.field_applicable),
        field_rated = audit.plus(p.field_rated, f.field_rated),
        field_weight = audit.plus(p.field_weight, f.field_weight),
        field_points = audit.plus(p.field_points, f.field_points), counted_at = platform.now()
      from difference f where p.id = process
      returning p.id, p.round_id, p.unit_id
    )
    insert into audit.counter_delta (process_id, round_id, unit_id, command_id,
      applicable, rated, not_applicable, core_total, core_rated, core_confirmed, core_zero, core_one, differences,
      weight_total, weight_rated, points, field_applicable, field_rated, field_weight, field_points)
    select c.id, c.round_id, c.unit_id, command,
      f.applicable, f.rated, f.not_applicable, f.core_total, f.core_rated, f.core_confirmed, f.core_zero, f.core_one,
      f.differences, f.weight_total, f.weight_rated, f.points,
      f.field_applicable, f.field_rated, f.field_weight, f.field_points
    from counted c, difference f;
  end;

  -- The criteria a unit is rated by, fixed when its scope is confirmed.
  create table audit.process_criterion (
    tenant_id uuid not null,
    process_id uuid not null,
    criterion_id uuid not null,
    field_no int not null check (field_no >= 1),
    weight int not null check (weight between 1 and 3),
    core boolean not null,
    primary key (tenant_id, process_id, criterion_id),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, criterion_id) references catalogue.criterion (tenant_id, id)
  );
  create index on audit.process_criterion (criterion_id, tenant_id);
`;

const ratings = `
  -- Append-only. Versions number the ratings of a criterion, all kinds together; the latest of each kind counts, and
  -- the key on the version is the last wall against overwriting.
  create table audit.rating (
    tenant_id uuid not null,
    id uuid not null,
    process_id uuid not null,
    criterion_id uuid not null,
    kind text not null check (kind in ('SELF', 'SECOND', 'CONSENSUS', 'CARRIED', 'AUDIT', 'FINAL')),
    version int not null check (version >= 1),
    level smallint check (level between 0 and 4),
    statement text check (char_length(statement) <= 4000),
    reason text check (char_length(reason) <= 2000),
    check_note text check (char_length(check_note) <= 2000),
    changed_rule text check (char_length(changed_rule) <= 500),
    carried_from uuid,
    person_id uuid,
    represents_id uuid,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint rating_version_once unique (tenant_id, process_id, criterion_id, version),
    constraint not_applicable_has_reason check (level is not null or reason is not null),
    foreign key (tenant_id, process_id, criterion_id)
      references audit.process_criterion (tenant_id, process_id, criterion_id),
    foreign key (tenant_id, carried_from) references audit.rating (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
    foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
  );
  comment on column audit.rating.level is 'Null means: not applicable, for the given reason.';
  comment on column audit.rating.person_id is 'Null only for what the system carries over.';
  create index on audit.rating (carried_from, tenant_id);
  create index on audit.rating (person_id, tenant_id);
  create index on audit.rating (represents_id, tenant_id);

  create table audit.rating_evidence (
    tenant_id uuid not null,
    rating_id uuid not null,
    evidence_id uuid not null,
    primary key (tenant_id, rating_id, evidence_id),
    foreign key (tenant_id, rating_id) references audit.rating (tenant_id, id),
    foreign key (tenant_id, evidence_id) references evidence.evidence (tenant_id, id)
  );
  create index on audit.rating_evidence (evidence_id, tenant_id);
`;

const records = `
  -- Who carries a process in the unit; the latest naming counts, the rights themselves are grants.
  create table audit.team_member (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    role text not null check (role in ('OWNER', 'DEPUTY')),
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    unique (tenant_id, process_id, role, recorded_at),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on audit.team_member (person_id, tenant_id);

  -- Who put a name under which content: SHA-256 over the canonical JSON (RFC 8785) of the ratings signed.
  create table audit.signature (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    step text not null check (char_length(step) <= 60),
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    person_id uuid not null,
    represents_id uuid,
    capacity text not null check (char_length(capacity) <= 60),
    command_id uuid not null,
    signed_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
    foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
  );
  create index on audit.signature (process_id, tenant_id, step, signed_at);
  create index on audit.signature (person_id, tenant_id);
  create index on audit.signature (represents_id, tenant_id);

  -- What the audit lead wants reworked, criterion by criterion.
  create table audit.return_reason (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    criterion_id uuid not null,
    return_no int not null check (return_no >= 1),
    reason text not null check (char_length(reason) between 1 and 2000),
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    unique (tenant_id, process_id, criterion_id, return_no),
    foreign key (tenant_id, process_id, criterion_id)
      references audit.process_criterion (tenant_id, process_id, criterion_id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
  );
  create index on audit.return_reason (person_id, tenant_id);
`;
