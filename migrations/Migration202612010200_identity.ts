import { Migration } from '@mikro-orm/migrations';
import { baseline, room, tenantTable } from './support/tenant-table.ts';

/**
 * Natural persons, known by their key in the administration's own register, and the accounts they sign in with.
 * A changed name or address overwrites: a wrong one is to be rectified (Art. 16 DSGVO), not kept.
 */
export class Migration202612010200_identity extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('identity'));
    this.addSql(baseline('identity'));
    this.addSql(tenantTable('identity.person', 'change'));
    this.addSql(tenantTable('identity.account', 'append'));
  }
}
