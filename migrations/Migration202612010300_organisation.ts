import { Migration } from '@mikro-orm/migrations';
import { baseline, bitemporal, room, tenantTable } from './support/tenant-table.ts';

/**
 * Units, posts, holders and the distribution of business on two axes of time, and the files they came from.
 * A thing (unit, post) is a row that never changes; what is said of it is its versions. Exclusion constraints hold that
 * no two versions speak of the same day. Indexes for foreign keys end with the tenant: while a table is young the
 * planner takes a leading tenant for as selective as the whole key and walks all its rows.
 */
export class Migration202612010300_organisation extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('organisation'));
    for (const part of ['units', 'posts', 'imports']) this.addSql(baseline(`organisation-${part}`));
    for (const table of ['administration', 'unit_kind'])
      this.addSql(tenantTable(`organisation.${table}`, 'change'));
    this.addSql(tenantTable('organisation.import', 'remove'));
    for (const table of ['unit', 'unit_succession', 'post'])
      this.addSql(tenantTable(`organisation.${table}`, 'append'));
    for (const table of ['unit_version', 'post_version', 'holder', 'task_entry']) {
      this.addSql(tenantTable(`organisation.${table}`, 'append'));
      this.addSql(bitemporal(`organisation.${table}`));
    }
  }
}
