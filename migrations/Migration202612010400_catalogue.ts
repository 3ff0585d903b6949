import { Migration } from '@mikro-orm/migrations';
import { baseline, room, tenantTable } from './support/tenant-table.ts';

/**
 * Catalogues in editions. A draft may be replaced; a published edition never changes again, which a trigger holds
 * against everybody: ratings of many years refer to its criteria.
 */
export class Migration202612010400_catalogue extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('catalogue'));
    this.addSql(baseline('catalogue'));
    this.addSql(tenantTable('catalogue.catalogue', 'append'));
    this.addSql(tenantTable('catalogue.edition', 'change'));
    for (const table of ['field', 'criterion']) this.addSql(tenantTable(`catalogue.${table}`, 'remove'));
    this.addSql(baseline('catalogue-published'));
  }
}
