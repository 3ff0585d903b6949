import { Migration } from '@mikro-orm/migrations';
import { tenantTable } from './support/tenant-table.ts';

/** Where a measure lives after its unit was merged or split. */
export class Migration202611241071_measure_home extends Migration {
  override async up(): Promise<void> {
    this.addSql(homes);
    this.addSql(tenantTable('planning.measure_home', 'append'));
    this.addSql(`create trigger append_only before update or delete on planning.measure_home
      for each row execute function platform.append_only();`);
  }
}

const author = `
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)`;

const homes = `
  -- A measure outlives its process: here it goes on, with a new number, when its unit has a successor.
  create table planning.measure_home (
    tenant_id uuid not null,
    measure_id uuid not null,
    home_no int not null check (home_no >= 1),
    process_id uuid not null,
    unit_id uuid not null,
    measure_no int not null check (measure_no >= 1),
    primary key (tenant_id, measure_id, home_no),
    constraint measure_home_no_once unique (tenant_id, process_id, measure_no),
    foreign key (tenant_id, measure_id) references planning.measure (tenant_id, id),
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id),
    foreign key (tenant_id, unit_id) references organisation.unit (tenant_id, id),
    ${author}
  );
  create index on planning.measure_home (tenant_id, unit_id);
  -- The highest number a measure of the process has, its own or moved there.
  create function planning.last_measure_no(process uuid) returns int language sql stable
    return (select coalesce(max(n), 0) from (
      select measure_no as n from planning.measure where process_id = process
      union all select measure_no from planning.measure_home where process_id = process) numbers);
  create index on planning.measure_home (tenant_id, person_id);
`;
