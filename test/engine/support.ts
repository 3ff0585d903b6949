import { Module, type OnModuleInit } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { v7 } from 'uuid';
import { Definitions, Engine, EngineModule, EngineRegistry, type StepTaken } from '../../src/engine/index.ts';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import type { FactValue } from '../../src/engine/definition/definition.rules.ts';
import { Commands, isRefusal, type Actor, type Refusal, type Tx } from '../../src/platform/index.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { actorWith, bootServices, foundTenants } from '../support/services.ts';
import { wordsOf } from './words.ts';

/** What the rooms above would know: facts as the test sets them, effects as they were asked for. */
export class World {
  /** Facts of single processes; otherwise a value that opens every guard. */
  readonly facts = new Map<string, Record<string, FactValue>>();
  readonly effects: string[] = [];
  /** Effects that touch nothing but their own process. */
  readonly own = new Set<string>();
  /** What an effect does beside being noted, or why it refuses. */
  inEffect: ((name: string, processId: string, tx: Tx) => Promise<Refusal | undefined>) | undefined;
  /** Who was made here, by person: a run goes on in the name of somebody who is not there any more. */
  readonly people = new Map<string, Actor>();
}

export interface Stage {
  readonly database: TestDatabase;
  readonly module: TestingModule;
  readonly engine: Engine;
  readonly commands: Commands;
  readonly definitions: Definitions;
  readonly definitionId: string;
  readonly world: World;
  /** Past all rules, for looking and for tampering. */
  readonly superuser: pg.Client;
  readonly tenant: string;
  /** Runs one command that needs no further permission. */
  run<R extends object>(actor: Actor, work: (tx: Tx) => Promise<R>, commandId?: string): Promise<R | Refusal>;
  start(count?: number, of?: string): Promise<string[]>;
  take(
    actor: Actor,
    processId: string,
    step: string,
    payload?: unknown,
    expectedVersion?: number,
  ): Promise<StepTaken | Refusal>;
  close(): Promise<void>;
}

/** Whose hands the test puts what is no step of a process: plans, migrations, bulk runs. */
const centre = 'OPENING_COORD';

/** One more server of the engine on the same database. */
export const bootEngine = (database: TestDatabase): Promise<TestingModule> =>
  bootServices(database.serverUrl, [RoomsAbove]).then((rooms) => rooms.init());

/** The engine with the shipped definition `opening` on a database of its own, without any higher room. */
export async function setStage(): Promise<Stage> {
  const database = await cloneDatabase();
  const tenant = v7();
  await foundTenants(database, { probe: tenant });
  const module = await bootEngine(database);
  const [engine, commands, definitions] = [module.get(Engine), module.get(Commands), module.get(Definitions)];
  const superuser = new pg.Client(database.superUrl);
  await superuser.connect();
  const run: Stage['run'] = async (actor, work, commandId = v7()) => {
    const done = await commands.run(actor, { name: 'test', commandId, input: null }, async (tx) => {
      const result = await work(tx);
      if (isRefusal(result)) return result;
      tx.permit(true);
      return JSON.parse(JSON.stringify(result)) as never;
    });
    return done as never;
  };
  const clerk = actorWith(tenant);
  const published = await run(clerk, async (tx) => Object.fromEntries(await definitions.publishShipped(tx)));
  const definitionId = (published as Record<string, string>).opening!;
  const stage: Stage = {
    database,
    module,
    engine,
    commands,
    definitions,
    definitionId,
    superuser,
    tenant,
    run,
    world: module.get(World),
    async start(count = 1, of = definitionId) {
      const items = Array.from({ length: count }, () => ({ processId: v7(), scopeId: v7() }));
      const started = await run(clerk, (tx) => engine.start(tx, { definitionId: of, seriesId: v7(), items }));
      if (isRefusal(started)) throw new Error(started.message.en);
      return items.map(({ processId }) => processId);
    },
    take: (actor, processId, step, payload, expectedVersion) =>
      run(
        actor,
        (tx) => engine.take(tx, { processId, step, payload, expectedVersion }) as Promise<StepTaken>,
      ),
    async close() {
      await superuser.end();
      await module.close();
      await database.drop();
    },
  };
  return stage;
}

/** Somebody who holds these functions everywhere. */
export function person(stage: Stage, ...held: string[]): Actor {
  const actor = actorWith(stage.tenant, held);
  stage.world.people.set(actor.person, actor);
  return actor;
}

/** One person for each function, and another hand for steps that need four eyes. */
export function cast(stage: Stage): Record<string, Actor> {
  const { functions } = stage.module.get(EngineRegistry).authority;
  return Object.fromEntries(
    [...functions, 'SECOND'].map((fn) => [fn, person(stage, fn === 'SECOND' ? 'AUDLEAD' : fn)]),
  );
}

/** Facts, effects and functions as the shipped definitions name them. */
async function register(registry: EngineRegistry, world: World, definitions: Definitions): Promise<void> {
  const words = (await definitions.shipped()).map((definition) => wordsOf(new Chart(definition)));
  for (const [name, { type, opens }] of new Map(words.flatMap(({ facts }) => [...facts])))
    registry.registerFacts({
      [name]: {
        type,
        load: async (_db, processes) =>
          new Map(processes.map(({ id }) => [id, world.facts.get(id)?.[name] ?? opens])),
      },
    });
  for (const effect of new Set(words.flatMap(({ effects }) => [...effects])))
    registry.registerEffects({
      [effect]: {
        get isOwn() {
          return world.own.has(effect) || undefined;
        },
        apply: async (tx, { id }) => {
          world.effects.push(effect);
          return world.inEffect?.(effect, id, tx);
        },
      },
    });
  registry.registerAuthority({
    functions: new Set(words.flatMap(({ functions }) => [...functions])),
    nameOf: (code) => ({ de: code, en: code }),
    functionsAt: async (_db, actor, places) =>
      places.map((place) => (world.people.get(actor.person) ?? actor).functionsAt(place)),
    holders: async (_db, code, place) =>
      [...world.people]
        .filter(([, actor]) => actor.functionsAt(place).has(code))
        .map(([personId]) => ({ personId, name: '', postId: null, as: 'HOLDER' as const })),
    may: async (_db, actor, _action, places) =>
      places.map((place) => (world.people.get(actor.person) ?? actor).functionsAt(place).has(centre)),
  });
}

@Module({ imports: [EngineModule], providers: [World] })
class RoomsAbove implements OnModuleInit {
  readonly #register: () => Promise<void>;

  constructor(registry: EngineRegistry, world: World, definitions: Definitions) {
    this.#register = () => register(registry, world, definitions);
  }

  onModuleInit(): Promise<void> {
    return this.#register();
  }
}
