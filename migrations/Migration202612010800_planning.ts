import { Migration } from '@mikro-orm/migrations';
import { appendOnly, baseline, room, tenantTable } from './support/tenant-table.ts';

/**
 * Measures and the agreement on them. A measure's terms and its status are rows of their own, appended, so that a
 * council paper of any past day can be written again; measures outlive the process they came from.
 */
export class Migration202612010800_planning extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('planning'));
    for (const part of ['measures', 'agreements']) this.addSql(baseline(`planning-${part}`));
    for (const table of appended) {
      this.addSql(tenantTable(`planning.${table}`, 'append'));
      this.addSql(appendOnly(`planning.${table}`));
    }
  }
}

const appended = [
  'measure',
  'measure_terms',
  'measure_status',
  'measure_home',
  'measure_signature',
  'target_agreement',
  'required_signature',
  'co_signature',
  'agreement_end',
];
