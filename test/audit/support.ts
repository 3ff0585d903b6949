import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { v7 } from 'uuid';
import { AuditModule } from '../../src/audit/index.ts';
import { openingsOfRound } from '../../src/audit/opening-process.queries.ts';
import { RoundPeople } from '../../src/audit/round-people.service.ts';
import { peopleOf, roundsById } from '../../src/audit/round.queries.ts';
import { Rounds } from '../../src/audit/round.service.ts';
import { Catalogue, catalogueEntities, Editions } from '../../src/catalogue/index.ts';
import { Definitions, Engine } from '../../src/engine/index.ts';
import { createAdministration, Organisation } from '../../src/organisation/index.ts';
import { PlanningModule } from '../../src/planning/index.ts';
import {
  Commands,
  isRefusal,
  Reads,
  systemActor,
  type Actor,
  type Db,
  type Tx,
} from '../../src/platform/index.ts';
import { cloneDatabase } from '../support/database.ts';
import { actorWith, bootServices } from '../support/services.ts';

/** A unit of the test's administration; who heads it is told by name. */
export interface PlantedUnit {
  readonly code: string;
  readonly parent?: string;
  readonly level: string;
  readonly kind: string;
  readonly headcount?: number;
  readonly head?: string;
}

/** The rooms up to audit on a database of their own, with an administration as the test tells it. */
export async function setStage(planted: readonly PlantedUnit[], others: readonly string[] = []) {
  const database = await cloneDatabase();
  const superuser = new pg.Client(database.superUrl);
  const owner = new pg.Client(database.ownerUrl);
  await Promise.all([superuser.connect(), owner.connect()]);
  const tenant = await createAdministration(owner, { key: 'probe', name: 'Probe' });
  await owner.end();
  const persons = await plantPersons(superuser, tenant, [
    ...new Set([...planted.flatMap(({ head }) => head ?? []), ...others]),
  ]);
  const units = await plantUnits(superuser, tenant, planted, persons);
  const module = await bootServices(database.serverUrl, [AuditModule, PlanningModule], catalogueEntities);
  const commands = module.get(Commands, { strict: false });
  const organisation = module.get(Organisation, { strict: false });
  const reads = module.get(Reads, { strict: false });

  /** Somebody who is signed in; rights are read from the database, as for real users. */
  const as = (name: string): Actor =>
    actorWith(tenant, [], { account: persons.get(name)!, person: persons.get(name)!, name });
  const read = async <T>(work: (db: Db) => Promise<T>): Promise<T> => reads.within(systemActor(tenant), work);
  /** Reads as somebody. */
  const readAs = <T>(name: string, work: (db: Db) => Promise<T>): Promise<T> => reads.within(as(name), work);
  const run = <T>(actor: Actor, work: (tx: Tx) => Promise<T>) =>
    commands.run(actor, { name: 'test', commandId: v7(), input: null }, async (tx) => {
      tx.permit(true);
      return ((await work(tx)) ?? null) as never;
    });
  const grant = (name: string, fn: string, scope = 'TENANT', scopeId: string | null = null) =>
    superuser.query(
      `insert into responsibility.function_grant (tenant_id, id, grant_id, person_id, function, scope, scope_id, valid_from)
       values ($1, $2, $2, $3, $4, $5, $6, '2020-01-01')`,
      [tenant, v7(), persons.get(name), fn, scope, scopeId],
    );
  await superuser.query(`select set_config('app.tenant', $1, false)`, [tenant]);
  const definitions = await run(systemActor(tenant), async (tx) => {
    await module.get(Editions, { strict: false }).loadShippedCatalogues(tx);
    return Object.fromEntries(await module.get(Definitions, { strict: false }).publishShipped(tx));
  });
  return {
    ...{ database, module, tenant, persons, units, superuser, as, read, readAs, run, grant, organisation },
    definitionId: (definitions as unknown as Record<string, string>)['opening']!,
    engine: module.get(Engine, { strict: false }),
    get: <T>(type: new (...args: never[]) => T): T => module.get(type, { strict: false }),
    async close() {
      await superuser.end();
      await module.close();
      await database.drop();
    },
  };
}
export type Stage = Awaited<ReturnType<typeof setStage>>;

/** A draft over the subtree of a unit, by the coordination `koordination`, with everybody it needs. */
export async function openRound(stage: Stage, top: string): Promise<string> {
  const { as, units, persons, read } = stage;
  const edition = await read((db) => stage.get(Catalogue).newest(db, 'administration'));
  const opened = await stage.get(Rounds).openRound(as('koordination'), {
    commandId: v7(),
    name: { de: 'Probe', en: 'Trial' },
    editionId: edition!.id,
    definitionId: stage.definitionId,
    opensOn: '2026-01-01',
    closesOn: '2099-12-31',
    mandate: { title: 'Auftrag', reference: '2026/1', decidedOn: '2020-01-01', body: 'Kreistag' },
    scope: [{ unitId: units.get(top)!, kind: 'SUBTREE' }],
  });
  const { roundId } = succeeded(opened);
  const person = (fn: string, name: string, chair = false) => {
    return { fn, personId: persons.get(name)!, postId: null, chair };
  };
  const named = await stage.get(RoundPeople).nameRoundPeople(as('koordination'), {
    commandId: v7(),
    roundId,
    people: [
      person('AUDLEAD', 'auditleitung'),
      person('AUD', 'auditorin'),
      person('AUD2', 'zweitauditor'),
      person('BOARD', 'vorsitz', true),
      person('BOARD', 'mitglied'),
      person('APPEAL', 'schiedsfrau'),
      person('PR', 'personalrat'),
      person('GB', 'gleichstellung'),
    ],
    release: [],
    boardQuorum: 2,
  });
  succeeded(named);
  return roundId;
}
export const roundStaff = [
  ...['koordination', 'auditleitung', 'auditorin', 'zweitauditor', 'vorsitz', 'mitglied', 'schiedsfrau'],
  ...['personalrat', 'gleichstellung'],
];

export const versionOf = async ({ read }: Stage, roundId: string) =>
  read(async (db) => (await roundsById(db, [roundId]))[0]!.version);
export const entriesOf = ({ read }: Stage, roundId: string) => read((db) => peopleOf(db, roundId, db.today));

/** Takes a step as somebody; the outcome or the refusal. */
export const take = (stage: Stage, name: string, processId: string, step: string, payload?: object) =>
  stage.run(stage.as(name), async (tx) => {
    const taken = await stage.engine.take(tx, { processId, step, payload });
    return isRefusal(taken) ? taken : { stage: taken.process.stage, tags: [...taken.process.tags] };
  });

/** Leads the process of a unit to its open checklist; `owner` and `deputy` carry it. Returns the process. */
export async function openChecklist(
  stage: Stage,
  roundId: string,
  unit: { code: string; head: string },
  team: { owner: string; deputy: string },
) {
  const keys = await stage.read((db) => openingsOfRound(db, roundId));
  const processId = keys.find(({ unitId }) => unitId === stage.units.get(unit.code))!.id;
  const [ownerId, deputyId] = [stage.persons.get(team.owner), stage.persons.get(team.deputy)];
  succeeded(await take(stage, unit.head, processId, 'NAME_TEAM', { ownerId, deputyId }));
  succeeded(
    await take(stage, 'koordination', processId, 'CONFIRM_SCOPE', {
      representationsInformedOn: '2026-01-15',
    }),
  );
  succeeded(await take(stage, team.owner, processId, 'OPEN_SELF_ASSESSMENT'));
  return processId;
}

/** The receipt, or a failing test that tells the refusal. */
export function succeeded<T>(outcome: T): Exclude<T, { __typename: string }> {
  if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome));
  return outcome as Exclude<T, { __typename: string }>;
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
