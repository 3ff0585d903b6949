import { Migration } from '@mikro-orm/migrations';

/** What left and is long past is deleted; the index finds it by the day on which it was settled. */
export class Migration202611241042_notice_period extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      grant delete on notices.effect to oa_server;
      create index effect_settled on notices.effect (coalesce(settled_at, due_at), tenant_id)
        where state in ('DELIVERED', 'DROPPED');
    `);
  }
}
