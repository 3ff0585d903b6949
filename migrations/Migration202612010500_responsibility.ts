import { Migration } from '@mikro-orm/migrations';
import { appendOnly, baseline, bitemporal, room, tenantTable } from './support/tenant-table.ts';

/**
 * Who carries out what, who answers for it, by which rule; and who holds which function where.
 */
export class Migration202612010500_responsibility extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('responsibility'));
    // One exclusion constraint holds "at most one" for each criterion of a list (ADR 0014). In a schema of ours, off
    // the search path: in public its operators would make those of other arrays ambiguous.
    this.addSql('create extension intarray schema responsibility');
    for (const part of ['assignments', 'grants']) this.addSql(baseline(`responsibility-${part}`));
    for (const table of ['subject', 'rescue']) this.addSql(tenantTable(`responsibility.${table}`, 'append'));
    this.addSql(appendOnly('responsibility.rescue'));
    for (const table of ['assignment_rule', 'assignment', 'function_grant']) {
      this.addSql(tenantTable(`responsibility.${table}`, 'append'));
      this.addSql(bitemporal(`responsibility.${table}`));
    }
  }
}
