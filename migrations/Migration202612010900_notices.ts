import { Migration } from '@mikro-orm/migrations';
import { baseline, room, tenantTable } from './support/tenant-table.ts';

/**
 * What people chose to be told, whom else an administration tells (webhooks), and every single thing that leaves: to
 * whom, how far it got, and why it is parked. No text and no address is kept; both are made when it is sent.
 */
export class Migration202612010900_notices extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('notices'));
    this.addSql(baseline('notices'));
    for (const table of ['choice', 'webhook', 'effect'])
      this.addSql(tenantTable(`notices.${table}`, 'change'));
    // What left and is long past is deleted.
    this.addSql('grant delete on notices.effect to oa_server');
  }
}
