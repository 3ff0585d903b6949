import { readFileSync } from 'node:fs';

/** What the server's role may do with a table; append-only tables get neither update nor delete. */
export type Rights = 'append' | 'change' | 'remove' | 'read';

const grants: Record<Rights, string> = {
  read: 'select',
  append: 'select, insert',
  change: 'select, insert, update',
  remove: 'select, insert, update, delete',
};

/**
 * What every tenant table bears (ADR 0002): the tenant's default, forced row-level security with one permissive door
 * and one restrictive wall, and the server's rights. Write `tenant_id` and the composite keys in the table itself.
 */
export function tenantTable(table: string, rights: Rights): string {
  return `
    alter table ${table} alter column tenant_id set default platform.tenant();
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy door on ${table} using (true);
    create policy tenant on ${table} as restrictive
      using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
    grant ${grants[rights]} on ${table} to oa_server;
  `;
}

/** A bi-temporal table may be appended to; of a row that stands only \`retracted_at\` may be set, once. */
export function bitemporal(table: string): string {
  return `
    grant update (retracted_at) on ${table} to oa_server;
    create trigger retract_only before update on ${table}
      for each row execute function platform.retract_only();
  `;
}

/** Grants the room's schema to the server. */
export function room(schema: string): string {
  return `create schema ${schema}; grant usage on schema ${schema} to oa_server;`;
}

/** Rows that stand as they were written: changing and deleting them is refused to everybody. */
export function appendOnly(table: string): string {
  return `create trigger append_only before update or delete on ${table}
    for each row execute function platform.append_only();`;
}

/** Lets the jobs role see these columns in every administration: keys and times, to find what is due. The wall is the server's. */
export function shownToJobs(table: string, columns: string): string {
  return `
    alter policy door on ${table} to oa_server, oa_jobs;
    alter policy tenant on ${table} to oa_server;
    grant select (${columns}) on ${table} to oa_jobs;
  `;
}

/** The text of `migrations/baseline/<name>.sql`. */
export const baseline = (name: string): string =>
  readFileSync(new URL(`../baseline/${name}.sql`, import.meta.url), 'utf8');
