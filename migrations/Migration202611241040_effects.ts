import { Migration } from '@mikro-orm/migrations';
import { readFileSync } from 'node:fs';

/**
 * What leaves the database: the relay reads the outbox and who changed, as the jobs role, and hands over to pg-boss.
 * The queues belong to the jobs role alone; a job holds keys, never a person.
 */
export class Migration202611241040_effects extends Migration {
  override async up(): Promise<void> {
    this.addSql(readFileSync(new URL('support/pg-boss-46.sql', import.meta.url), 'utf8'));
    this.addSql(queues);
    this.addSql(whatChanged);
    this.addSql(outbox);
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

const queues = `
  grant usage on schema pgboss to oa_jobs;
  grant select, insert, update, delete on all tables in schema pgboss to oa_jobs;
  ${queue('parked', { ...patience, retryLimit: 1000 })}
  ${['notice', 'mail', 'webhook'].map((name) => queue(name, { ...patience, deadLetter: 'parked' })).join('\n')}
`;

/**
 * Which transaction wrote a row: what is visible now and was not when the relay last looked is new, in whatever order
 * transactions commit. It costs the command one value and one index entry at the right edge; no row, no NOTIFY.
 */
const whatChanged = ['engine.log_entry', 'platform.command']
  .map(
    (table) => `
      alter table ${table} add column xact xid8;
      alter table ${table} alter column xact set default pg_current_xact_id();
      create index on ${table} (xact);
      alter policy door on ${table} to oa_server, oa_jobs;
      alter policy tenant on ${table} to oa_server;`,
  )
  .concat(
    `grant select (tenant_id, process_id, seq, xact) on engine.log_entry to oa_jobs;
     grant select (tenant_id, xact) on platform.command to oa_jobs;`,
  )
  .join('\n');

/**
 * The relay takes rows away; kind and body hold names of the definition (a notice, function codes), no data of people.
 * What is told of the past, as the demo's history is, tells nobody.
 */
const outbox = `
  alter table engine.outbox add column told boolean not null
    default coalesce(nullif(current_setting('app.now', true), ''), '') <> '';
  alter policy door on engine.outbox to oa_server, oa_jobs;
  alter policy tenant on engine.outbox to oa_server;
  grant select (tenant_id, process_id, seq, no, kind, body, told), update (told), delete on engine.outbox to oa_jobs;
`;
