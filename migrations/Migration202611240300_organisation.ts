import { Migration } from '@mikro-orm/migrations';
import { bitemporal, room, tenantTable } from './support/tenant-table.ts';

/**
 * Units, posts, holders and the distribution of business on two axes of time, and the files they came from.
 * A thing (unit, post) is a row that never changes; what is said of it is its versions. Exclusion constraints hold that
 * no two versions speak of the same day. Indexes for foreign keys end with the tenant: while a table is young the
 * planner takes a leading tenant for as selective as the whole key and walks all its rows.
 */
export class Migration202611240300_organisation extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('organisation'));
    this.addSql(`
      -- Settings of the administration, and the lock under which its plan is changed.
      create table organisation.administration (
        tenant_id uuid not null,
        id uuid not null,
        minimum_shown_size integer not null default 5 check (minimum_shown_size between 1 and 100),
        plan_version integer not null default 0,
        -- Never given twice, unlike the version of a change that was rolled back: what is cached hangs on it.
        plan_stamp text not null default pg_current_xact_id()::text,
        version integer not null default 1,
        primary key (tenant_id, id),
        unique (tenant_id)
      );

      create table organisation.unit_kind (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        code text not null check (code ~ '^[A-Z][A-Z0-9]{0,19}$'),
        label_de text not null check (char_length(label_de) between 1 and 200),
        label_en text not null check (char_length(label_en) between 1 and 200),
        position integer not null,
        version integer not null default 1,
        primary key (tenant_id, id),
        unique (tenant_id, code)
      );

      create table organisation.unit (
        tenant_id uuid not null,
        id uuid not null,
        code text not null check (char_length(code) between 1 and 60),
        recorded_at timestamptz not null default platform.now(),
        primary key (tenant_id, id),
        unique (tenant_id, code)
      );

      create table organisation.unit_version (
        tenant_id uuid not null,
        id uuid not null,
        unit_id uuid not null,
        name text not null check (char_length(name) between 1 and 200),
        parent_id uuid check (parent_id <> unit_id),
        level text not null check (level in ('L0', 'L1', 'L2', 'L3', 'L4')),
        kind text not null,
        tags text[] not null default '{}' check (cardinality(tags) <= 20),
        headcount integer check (headcount between 0 and 100000),
        valid_from date not null,
        valid_until date check (valid_until > valid_from),
        recorded_at timestamptz not null default platform.now(),
        retracted_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
        foreign key (tenant_id, parent_id) references organisation.unit (tenant_id, id),
        foreign key (tenant_id, kind) references organisation.unit_kind (tenant_id, code),
        constraint unit_told_once_a_day exclude using gist (
          tenant_id with =, unit_id with =, daterange(valid_from, valid_until) with &&) where (retracted_at is null)
      );
      create index unit_version_unit on organisation.unit_version (unit_id, tenant_id);
      create index unit_version_parent on organisation.unit_version (parent_id, tenant_id);
      create index unit_version_kind on organisation.unit_version (kind, tenant_id);

      -- Which units a unit came from, as HR says; ratings of the past are found through it.
      create table organisation.unit_succession (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        unit_id uuid not null,
        predecessor_id uuid not null check (predecessor_id <> unit_id),
        recorded_at timestamptz not null default platform.now(),
        primary key (tenant_id, id),
        unique (tenant_id, unit_id, predecessor_id),
        foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
        foreign key (tenant_id, predecessor_id) references organisation.unit (tenant_id, id)
      );
      create index unit_succession_predecessor on organisation.unit_succession (predecessor_id, tenant_id);

      create table organisation.post (
        tenant_id uuid not null,
        id uuid not null,
        post_no text not null check (char_length(post_no) between 1 and 60),
        recorded_at timestamptz not null default platform.now(),
        primary key (tenant_id, id),
        unique (tenant_id, post_no)
      );

      create table organisation.post_version (
        tenant_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        unit_id uuid not null,
        function text not null check (char_length(function) between 1 and 200),
        is_management boolean not null,
        fte numeric(3, 2) check (fte > 0),
        status text not null check (status in ('FILLED', 'VACANT', 'BLOCKED')),
        valid_from date not null,
        valid_until date check (valid_until > valid_from),
        recorded_at timestamptz not null default platform.now(),
        retracted_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
        foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
        constraint post_told_once_a_day exclude using gist (
          tenant_id with =, post_id with =, daterange(valid_from, valid_until) with &&) where (retracted_at is null),
        constraint one_head_a_day exclude using gist (
          tenant_id with =, unit_id with =, daterange(valid_from, valid_until) with &&)
          where (retracted_at is null and is_management)
      );
      create index post_version_post on organisation.post_version (post_id, tenant_id);
      create index post_version_unit on organisation.post_version (unit_id, tenant_id);

      -- Which person is at which post, in which capacity, from when to when.
      create table organisation.holder (
        tenant_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        person_id uuid not null,
        capacity text not null check (capacity in ('HOLDER', 'DEPUTY', 'INTERIM')),
        valid_from date not null,
        valid_until date check (valid_until > valid_from),
        recorded_at timestamptz not null default platform.now(),
        retracted_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
        foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
        constraint one_capacity_a_day exclude using gist (
          tenant_id with =, post_id with =, person_id with =, daterange(valid_from, valid_until) with &&)
          where (retracted_at is null),
        constraint one_holder_a_day exclude using gist (
          tenant_id with =, post_id with =, capacity with =, daterange(valid_from, valid_until) with &&)
          where (retracted_at is null and capacity <> 'DEPUTY')
      );
      create index holder_post on organisation.holder (post_id, tenant_id);
      create index holder_person on organisation.holder (person_id, tenant_id);

      -- Entries of the distribution-of-business plan (Geschäftsverteilungsplan).
      create table organisation.task_entry (
        tenant_id uuid not null,
        id uuid not null,
        ref text not null check (char_length(ref) between 1 and 60),
        unit_id uuid not null,
        task text not null check (char_length(task) between 1 and 2000),
        post_id uuid,
        deputy_post_id uuid,
        edition text not null default '' check (char_length(edition) <= 200),
        valid_from date not null,
        valid_until date check (valid_until > valid_from),
        recorded_at timestamptz not null default platform.now(),
        retracted_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
        foreign key (tenant_id, post_id) references organisation.post (tenant_id, id),
        foreign key (tenant_id, deputy_post_id) references organisation.post (tenant_id, id),
        constraint one_entry_a_day exclude using gist (
          tenant_id with =, ref with =, daterange(valid_from, valid_until) with &&) where (retracted_at is null)
      );
      create index task_entry_unit on organisation.task_entry (unit_id, tenant_id);
      create index task_entry_post on organisation.task_entry (post_id, tenant_id);
      create index task_entry_deputy_post on organisation.task_entry (deputy_post_id, tenant_id);

      -- Uploaded files as they came: what a dry run read is what the import applies. They hold names and addresses, so
      -- they are forgotten after thirty days (Art. 5 (1) e DSGVO); what was applied stands in the plan.
      create table organisation.import (
        tenant_id uuid not null,
        id uuid not null,
        format text not null check (char_length(format) <= 40),
        file_name text not null check (char_length(file_name) between 1 and 200),
        bytes bytea not null,
        size integer not null,
        digest text not null check (digest ~ '^[0-9a-f]{64}$'),
        account_id uuid not null,
        recorded_at timestamptz not null default platform.now(),
        primary key (tenant_id, id)
      );
      -- Read back slice by slice: kept uncompressed, so that a slice does not unpack the whole.
      alter table organisation.import alter column bytes set storage external;
    `);
    this.addSql(tenantTable('organisation.administration', 'change'));
    this.addSql(tenantTable('organisation.unit_kind', 'change'));
    this.addSql(tenantTable('organisation.import', 'remove'));
    for (const table of ['unit', 'unit_succession', 'post'])
      this.addSql(tenantTable(`organisation.${table}`, 'append'));
    for (const table of ['unit_version', 'post_version', 'holder', 'task_entry']) {
      this.addSql(tenantTable(`organisation.${table}`, 'append'));
      this.addSql(bitemporal(`organisation.${table}`));
    }
  }
}
