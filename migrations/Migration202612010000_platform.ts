import { Migration } from '@mikro-orm/migrations';
import { baseline, shownToJobs, tenantTable } from './support/tenant-table.ts';

/**
 * Administrations (tenants), the two functions every row's default rests on, and the commands.
 * The schema itself exists before: the list of applied migrations lives in it.
 */
export class Migration202612010000_platform extends Migration {
  override async up(): Promise<void> {
    this.addSql(baseline('platform'));
    this.addSql(tenantTable('platform.command', 'change'));
    this.addSql(shownToJobs('platform.command', 'tenant_id, xact'));
  }
}
