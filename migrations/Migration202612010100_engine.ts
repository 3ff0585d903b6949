import { Migration } from '@mikro-orm/migrations';
import { appendOnly, baseline, room, shownToJobs, tenantTable } from './support/tenant-table.ts';

/**
 * Processes on rows: definitions, instances, their append-only log with its erasable payloads, deadlines, tasks and
 * the outbox; plans and runs that change many processes; who took the log along, and who was reminded by hand.
 */
export class Migration202612010100_engine extends Migration {
  override async up(): Promise<void> {
    this.addSql(room('engine'));
    for (const part of ['types', 'definitions', 'processes', 'deadlines', 'runs', 'downloads', 'reminders'])
      this.addSql(baseline(`engine-${part}`));
    for (const table of ['process', 'task', 'deadline', 'definition_draft', 'bulk_run', 'bulk_item'])
      this.addSql(tenantTable(`engine.${table}`, 'change'));
    for (const table of ['log_payload', 'outbox', 'log_download'])
      this.addSql(tenantTable(`engine.${table}`, 'append'));
    this.addSql(tenantTable('engine.hand_reminder', 'remove'));
    for (const table of ['process_definition', 'log_entry', 'definition_retirement', 'migration_plan']) {
      this.addSql(tenantTable(`engine.${table}`, 'append'));
      this.addSql(appendOnly(`engine.${table}`));
    }
    // Erasing a payload and stopping a clock delete rows; a download is ended once.
    this.addSql(`
      grant delete on engine.log_payload, engine.deadline to oa_server;
      grant update (processes, entries, whole) on engine.log_download to oa_server;
      grant usage on schema engine to oa_jobs;
    `);
    this.addSql(
      shownToJobs('engine.deadline', 'tenant_id, process_id, name, epoch, next_at, paused_on, retry_at'),
    );
    this.addSql(shownToJobs('engine.bulk_run', 'tenant_id, id, touched_at, finished_at'));
    this.addSql(shownToJobs('engine.log_entry', 'tenant_id, process_id, seq, xact'));
    // The relay takes rows where they lie, in about the order in which they came, without sorting them.
    this.addSql(shownToJobs('engine.outbox', 'tenant_id, process_id, seq, no, kind, body, backdated, ctid'));
    this.addSql('grant update (backdated), delete on engine.outbox to oa_jobs');
    this.addSql(baseline('engine-published'));
  }
}
