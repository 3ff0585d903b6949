import { Migration } from '@mikro-orm/migrations';
import { readFileSync } from 'node:fs';

/** The job queue and what waits in it. It belongs to the jobs role alone; a job holds keys, never a person. */
export class Migration202612010010_pgboss extends Migration {
  override async up(): Promise<void> {
    this.addSql(readFileSync(new URL('support/pg-boss-46.sql', import.meta.url), 'utf8'));
    this.addSql(`
      grant usage on schema pgboss to oa_jobs;
      grant select, insert, update, delete on all tables in schema pgboss to oa_jobs;
    `);
    this.addSql(queue('parked', { ...patience, retryLimit: 1000 }));
    for (const name of ['notice', 'mail', 'webhook'])
      this.addSql(queue(name, { ...patience, deadLetter: 'parked' }));
  }
}

// A job that a server took and did not end is somebody else's after a minute without a sign of life. What fails is
// tried for about six hours, ever more seldom, and then parked.
const patience = {
  policy: 'standard',
  retryLimit: 10,
  retryDelay: 20,
  retryBackoff: true,
  retryDelayMax: 3600,
  expireInSeconds: 300,
  heartbeatSeconds: 60,
  retentionSeconds: 365 * 86400,
  deleteAfterSeconds: 7 * 86400,
};
const queue = (name: string, options: object) =>
  `select pgboss.create_queue('${name}', '${JSON.stringify(options)}'::jsonb);`;
