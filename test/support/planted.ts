import pg from 'pg';
import { v7 } from 'uuid';
import { Editions } from '../../src/catalogue/index.ts';
import { Definitions } from '../../src/engine/index.ts';
import { createAdministration } from '../../src/organisation/index.ts';
import { Commands, isRefusal, systemActor } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

/** A unit of the test's administration; who heads it is told by name. */
export interface PlantedUnit {
  readonly code: string;
  readonly parent?: string;
  readonly level: string;
  readonly kind: string;
  readonly headcount?: number;
  readonly head?: string;
}

/** An administration `probe` on a database of its own, planted past all rules: units, head posts, persons, grants. */
export interface Planted {
  readonly database: TestDatabase;
  readonly superuser: pg.Client;
  readonly tenant: string;
  /** Ids by name; the name is the register key, too. */
  readonly persons: ReadonlyMap<string, string>;
  /** Ids by code. */
  readonly units: ReadonlyMap<string, string>;
  grant(name: string, fn: string, scope?: string, scopeId?: string | null): Promise<void>;
  /** Puts somebody at a post of a unit, which is made where it is new; head posts are `<unit>-01`. The post's id. */
  seat(name: string, postNo: string, unit: string, as?: 'HOLDER' | 'DEPUTY' | 'INTERIM'): Promise<string>;
  /** Makes a post competent for criteria of a unit, confirmed. */
  makeCompetent(postId: string, unit: string, codes: readonly string[]): Promise<void>;
}

export async function plant(
  planted: readonly PlantedUnit[],
  others: readonly string[] = [],
): Promise<Planted> {
  const database = await cloneDatabase();
  const superuser = new pg.Client(database.superUrl);
  const owner = new pg.Client(database.ownerUrl);
  await Promise.all([superuser.connect(), owner.connect()]);
  const tenant = await createAdministration(owner, { key: 'probe', name: 'Probe' });
  await owner.end();
  const names = [...new Set([...planted.flatMap(({ head }) => head ?? []), ...others])];
  const persons = await plantPersons(superuser, tenant, names);
  const units = await plantUnits(superuser, tenant, planted, persons);
  await superuser.query(`select set_config('app.tenant', $1, false)`, [tenant]);
  const grant: Planted['grant'] = async (name, fn, scope = 'TENANT', scopeId = null) => {
    await superuser.query(
      `insert into responsibility.function_grant (tenant_id, id, grant_id, person_id, function, scope, scope_id, valid_from)
       values ($1, $2, $2, $3, $4, $5, $6, '2020-01-01')`,
      [tenant, v7(), persons.get(name), fn, scope, scopeId],
    );
  };
  const seat: Planted['seat'] = async (name, postNo, unit, as = 'HOLDER') => {
    const { rows } = await superuser.query<{ id: string }>(seatIt, [
      tenant,
      postNo,
      units.get(unit),
      persons.get(name),
      as,
    ]);
    return rows[0]!.id;
  };
  const makeCompetent: Planted['makeCompetent'] = async (postId, unit, codes) => {
    await superuser.query(competent, [tenant, postId, units.get(unit), codes, v7()]);
  };
  return { database, superuser, tenant, persons, units, grant, seat, makeCompetent };
}

const seatIt = `
  with post as (
    insert into organisation.post (tenant_id, id, post_no) values ($1, gen_random_uuid(), $2)
    on conflict (tenant_id, post_no) do update set post_no = excluded.post_no returning id, xmax = 0 as is_new
  ), told as (
    insert into organisation.post_version (tenant_id, id, post_id, unit_id, function, is_management, status, valid_from)
    select $1, gen_random_uuid(), id, $3, 'Sachbearbeitung', false, 'FILLED', '2020-01-01' from post where is_new
  ), seated as (
    insert into organisation.holder (tenant_id, id, post_id, person_id, capacity, valid_from)
    select $1, gen_random_uuid(), id, $4, $5, '2020-01-01' from post
  )
  select id from post`;
const competent = `
  with subject as (
    insert into responsibility.subject (tenant_id, catalogue, code) select $1, 'administration', unnest($4::text[])
    returning no, code
  )
  insert into responsibility.assignment (tenant_id, id, assignment_id, kind, unit_id, catalogue, subjects, slots,
    post_id, stage, valid_from, accepted_by)
  select $1, $5, $5, 'COMPETENT', $3, 'administration', array_agg(code order by no), array_agg(no order by no),
    $2, 'CONFIRMED', '2020-01-01', gen_random_uuid() from subject`;

/** Publishes the shipped catalogues and process definitions; the definitions' ids by key. */
export async function publishShipped(get: <T>(type: new (...args: never[]) => T) => T, tenant: string) {
  const request = { name: 'publishShipped', commandId: v7(), input: null };
  const ids = await get(Commands).run(systemActor(tenant), request, async (tx) => {
    tx.permit(true);
    await get(Editions).loadShippedCatalogues(tx);
    return Object.fromEntries(await get(Definitions).publishShipped(tx));
  });
  if (isRefusal(ids)) throw new Error(ids.message.en);
  return ids as Record<string, string>;
}

async function plantPersons(client: pg.Client, tenant: string, names: readonly string[]) {
  const rows = names.map((name) => [name, v7()] as const);
  await client.query(
    `insert into identity.person (tenant_id, id, person_key, display_name) select $1, id, name, initcap(name)
     from unnest($2::text[], $3::uuid[]) as given (name, id)`,
    [tenant, rows.map(([name]) => name), rows.map(([, id]) => id)],
  );
  return new Map<string, string>(rows);
}

async function plantUnits(
  client: pg.Client,
  tenant: string,
  planted: readonly PlantedUnit[],
  persons: ReadonlyMap<string, string>,
) {
  const ids = new Map(planted.map(({ code }) => [code, v7()]));
  const rows = planted.map((unit) => ({
    ...unit,
    id: ids.get(unit.code),
    parentId: unit.parent ? ids.get(unit.parent) : null,
    post: unit.head ? v7() : null,
    person: unit.head ? persons.get(unit.head) : null,
  }));
  await client.query(
    `with given as (select * from jsonb_to_recordset($2::jsonb) as g (code text, id uuid, "parentId" uuid, level text,
       kind text, headcount int, post uuid, person uuid)),
     units as (insert into organisation.unit (tenant_id, id, code) select $1, id, code from given),
     told as (insert into organisation.unit_version (tenant_id, id, unit_id, name, parent_id, level, kind, headcount, valid_from)
       select $1, gen_random_uuid(), id, 'Einheit ' || code, "parentId", level, kind, coalesce(headcount, 20), '2020-01-01' from given),
     posts as (insert into organisation.post (tenant_id, id, post_no) select $1, post, code || '-01' from given where post is not null),
     post_told as (insert into organisation.post_version (tenant_id, id, post_id, unit_id, function, is_management, status, valid_from)
       select $1, gen_random_uuid(), post, id, 'Leitung', true, 'FILLED', '2020-01-01' from given where post is not null)
     insert into organisation.holder (tenant_id, id, post_id, person_id, capacity, valid_from)
       select $1, gen_random_uuid(), post, person, 'HOLDER', '2020-01-01' from given where post is not null`,
    [tenant, JSON.stringify(rows)],
  );
  return ids as ReadonlyMap<string, string>;
}
