import { Migration } from '@mikro-orm/migrations';
import { appendOnly, baseline, bitemporal, room, tenantTable } from './support/tenant-table.ts';

/**
 * Rounds, opening processes and checklists, the outside look at them, objections, participation, and units that merge
 * or split. An opening process is one to one with a process of the engine and carries the counters of its checklist;
 * `counter_delta` holds every change of them, so the counters of any past day are a sum. What people wrote stands as it
 * was written; only a note of the visit and a proposed condition can be taken back.
 */
export class Migration202612010700_audit extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('audit'));
    for (const part of parts) this.addSql(baseline(`audit-${part}`));
    for (const table of ['round', 'opening_process', 'succession'])
      this.addSql(tenantTable(`audit.${table}`, 'change'));
    for (const table of retracted) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(bitemporal(`audit.${table}`));
    }
    for (const table of appended) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(appendOnly(`audit.${table}`));
    }
    this.addSql(baseline('audit-published'));
  }
}

const parts = [
  'rounds',
  'processes',
  'ratings',
  'review',
  'report',
  'decision',
  'after-decision',
  'objections',
  'participation',
  'cycles',
  'succession',
];
const retracted = [
  'round_scope',
  'round_person',
  'auditor_assignment',
  'rated_within',
  'visit_note',
  'condition',
];
const appended = [
  'process_criterion',
  'rating',
  'rating_evidence',
  'counter_delta',
  'signature',
  'return_reason',
  'team_member',
  'evidence_request',
  'evidence_answer',
  'evidence_answer_item',
  'report_text',
  'report_comment',
  'report_reply',
  'report_release',
  'recommendation',
  'decision',
  'vote',
  'decision_outcome',
  'condition_entry',
  'condition_evidence',
  'surveillance_statement',
  'objection',
  'objection_criterion',
  'objection_entry',
  'participation',
  'participation_entry',
  'cycle',
  'succession_unit',
  'supersession',
];
