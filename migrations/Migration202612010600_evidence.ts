import { Migration } from '@mikro-orm/migrations';
import { baseline, room, tenantTable } from './support/tenant-table.ts';

/**
 * Proofs of a unit. A proof is never changed; it may be withdrawn once, and its content goes with it when it turned
 * out to hold personal data. The row stays: ratings refer to it.
 */
export class Migration202612010600_evidence extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('evidence'));
    this.addSql(baseline('evidence'));
    this.addSql(tenantTable('evidence.evidence', 'append'));
    this.addSql(`grant update (withdrawn_at, withdrawn_by, withdrawal_reason, url, reference, note)
      on evidence.evidence to oa_server`);
  }
}
