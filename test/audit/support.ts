import { v7 } from 'uuid';
import { AuditModule } from '../../src/audit/index.ts';
import { openingsOfRound } from '../../src/audit/opening/opening-process.sql.ts';
import { RoundPeople } from '../../src/audit/round/round-people.service.ts';
import { peopleOf, roundsById } from '../../src/audit/opening/round.sql.ts';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import { Catalogue } from '../../src/catalogue/index.ts';
import { Engine } from '../../src/engine/index.ts';
import { Organisation } from '../../src/organisation/index.ts';
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
import { plant, publishShipped, type PlantedUnit } from '../support/planted.ts';
import { actorWith, bootServices } from '../support/services.ts';

export type { PlantedUnit } from '../support/planted.ts';

/** The rooms up to audit on a database of their own, with an administration as the test tells it. */
export async function setStage(told: readonly PlantedUnit[], others: readonly string[] = []) {
  const planted = await plant(told, others);
  const { database, superuser, tenant, persons } = planted;
  const module = await bootServices(database.serverUrl, [AuditModule, PlanningModule]);
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
  const get = <T>(type: new (...args: never[]) => T): T => module.get(type, { strict: false });
  const definitions = await publishShipped(get, tenant);
  return {
    ...planted,
    module,
    as,
    read,
    readAs,
    run,
    organisation,
    get,
    definitionId: definitions['opening']!,
    definitions,
    engine: module.get(Engine, { strict: false }),
    async close() {
      await superuser.end();
      await module.close();
      await database.drop();
    },
  };
}
export type Stage = Awaited<ReturnType<typeof setStage>>;

/** A draft over the subtree of a unit, by the coordination `koordination`, with everybody it needs. */
export async function openRound(
  stage: Stage,
  top: string,
  definitionId = stage.definitionId,
): Promise<string> {
  const { as, units, persons, read } = stage;
  const edition = await read((db) => stage.get(Catalogue).newest(db, 'administration'));
  const opened = await stage.get(Rounds).openRound(as('koordination'), {
    commandId: v7(),
    name: { de: 'Probe', en: 'Trial' },
    editionId: edition!.id,
    definitionId,
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
  'koordination',
  'auditleitung',
  'auditorin',
  'zweitauditor',
  'vorsitz',
  'mitglied',
  'schiedsfrau',
  'personalrat',
  'gleichstellung',
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
