import { Migration } from '@mikro-orm/migrations';

/** The relay takes rows of the outbox where they lie, in about the order in which they came, without sorting them. */
export class Migration202611241043_relay extends Migration {
  override async up(): Promise<void> {
    this.addSql('grant select (ctid) on engine.outbox to oa_jobs');
  }
}
