import { Migration } from '@mikro-orm/migrations';
import { tenantTable } from './support/tenant-table.ts';

/** Which posts (or persons who hold a function without one) were reminded by hand, by which entry; one a day each. */
export class Migration202611241033_hand_reminder extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table engine.hand_reminder (
        tenant_id uuid not null,
        day date not null,                       -- in the administration's zone
        holder_id uuid not null,
        process_id uuid not null,
        seq int not null,
        primary key (tenant_id, day, holder_id)
      );
      create index on engine.hand_reminder (process_id, seq, tenant_id);
    `);
    this.addSql(tenantTable('engine.hand_reminder', 'remove'));
  }
}
