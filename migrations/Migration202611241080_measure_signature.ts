import { Migration } from '@mikro-orm/migrations';
import { tenantTable } from './support/tenant-table.ts';

/** Co-signatures on a single measure that is no part of a target agreement; new terms need new ones. */
export class Migration202611241080_measure_signature extends Migration {
  override async up(): Promise<void> {
    this.addSql(signatures);
    this.addSql(tenantTable('planning.measure_signature', 'append'));
    this.addSql(`create trigger append_only before update or delete on planning.measure_signature
      for each row execute function platform.append_only();`);
  }
}

const signatures = `
  create table planning.measure_signature (
    tenant_id uuid not null,
    measure_id uuid not null,
    terms_version int not null,
    fn text not null check (fn in ('HR', 'FIN', 'GB', 'PR')),
    person_id uuid not null,
    represents_id uuid,
    command_id uuid not null,
    signed_at timestamptz not null default platform.now(),
    primary key (tenant_id, measure_id, terms_version, fn),
    foreign key (tenant_id, measure_id, terms_version)
      references planning.measure_terms (tenant_id, measure_id, version),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id),
    foreign key (tenant_id, represents_id) references identity.person (tenant_id, id)
  );
  create index on planning.measure_signature (tenant_id, person_id);
  create index on planning.measure_signature (tenant_id, represents_id);
`;
