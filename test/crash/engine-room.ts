// The engine alone on a database, as an application context without GraphQL: what the runs drive and kill. The rooms
// above are stood in for: every guard finds what opens it, and every effect writes a row of its own, so that a step
// whose effect is lost or done twice is seen.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { v5 } from 'uuid';
import { entities } from '../../src/entities.ts';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { Definitions } from '../../src/engine/publish/definitions.service.ts';
import { DueSteps } from '../../src/engine/steps/due-steps.service.ts';
import { engineServices } from '../../src/engine/engine.services.ts';
import { Engine } from '../../src/engine/steps/engine.service.ts';
import { EngineRegistry } from '../../src/engine/machine/registry.ts';
import { StepGroups } from '../../src/engine/steps/step-groups.service.ts';
import { Verifier } from '../../src/engine/history/verifier.service.ts';
import { Config, readSettings } from '../../src/platform/config.ts';
import {
  Clock,
  Commands,
  isRefusal,
  PlatformModule,
  Reads,
  systemActor,
  type Actor,
  type Refusal,
  type Tx,
} from '../../src/platform/index.ts';
import { wordsOf } from '../engine/words.ts';

/** What a client wants; `as` is the function the sender holds. */
export type Wish =
  { readonly does: 'start'; readonly definitionId: string; readonly processId: string } | TakeWish;
interface TakeWish {
  readonly does: 'take';
  readonly processId: string;
  readonly step: string;
  readonly payload?: unknown;
  readonly expectedVersion?: number;
  readonly as: string;
}
export type Order = { readonly commandId: string } & Wish;

/** Where a process stands after a command, as its receipt keeps it. */
export type Receipt = {
  readonly version: number;
  readonly states: readonly string[];
  readonly steps: readonly string[];
};
export type Answer = { readonly receipt: Receipt } | { readonly refused: string };

/** Every deadline there is has passed by then. */
/** Somebody whom no test signs in. */
const nobodyHere = v5('somebody else', '6ba7b810-9dad-11d1-80b4-00c04fd430c8');
const farAhead = () => new Date(Date.now() + 40 * 365 * 86_400_000);

export const effectTable = `
  create schema if not exists crash;
  create table crash.effect (process_id uuid, seq int, effect text);
  grant usage on schema crash to oa_server;
  grant insert on crash.effect to oa_server;`;
const entriesOf = `
  select seq, step::text, to_states as states from engine.log_entry where command_id = $1 order by seq`;
/** Half of the steps go one way, half the other; one that is sent again goes its way again. */
const isEven = (commandId: string) => Number.parseInt(commandId.at(-1)!, 16) % 2 === 0;
const keepEffect = 'insert into crash.effect (process_id, seq, effect) values ($1, $2, $3)';

export async function openEngine(serverUrl: string, tenant: string) {
  const database = { serverUrl, ownerUrl: undefined, listenUrl: undefined, backupUrl: undefined };
  const settings = readSettings({ PROFILE: 'demo', DATA_DIR: 'node_modules/.cache/offenes-amt/crash' });
  class Rooms {
    readonly ready: Promise<void>;
    constructor(registry: EngineRegistry, definitions: Definitions) {
      this.ready = furnish(registry, definitions);
    }
    onModuleInit = () => this.ready;
  }
  Reflect.defineMetadata('design:paramtypes', [EngineRegistry, Definitions], Rooms);
  const config = new Config(settings, database);
  const platform = PlatformModule.with({ config, entities });
  Module({ imports: [platform], providers: engineServices })(Rooms);
  const app = await NestFactory.createApplicationContext(Rooms, { logger: false, abortOnError: false });
  return new EngineRoom(app, tenant);
}

export class EngineRoom {
  readonly #app;
  readonly #tenant: string;

  constructor(app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>, tenant: string) {
    this.#app = app;
    this.#tenant = tenant;
  }

  /** Publishes what is shipped; the definitions by id. */
  async publish(): Promise<Record<string, Definition>> {
    const definitions = this.#app.get(Definitions);
    const request = { name: 'publish', commandId: crypto.randomUUID(), input: null };
    const published = await this.#app.get(Commands).run(systemActor(this.#tenant), request, async (tx) => {
      tx.permit(true);
      await definitions.publishShipped(tx);
      return {};
    });
    if (isRefusal(published)) throw new Error(published.message.en);
    const db = await this.#app.get(Reads).db(systemActor(this.#tenant));
    return Object.fromEntries((await definitions.list(db)).map(({ id, body }) => [id, body]));
  }

  async obey({ commandId, ...wish }: Order): Promise<Answer> {
    const actor = wish.does === 'take' ? holder(this.#tenant, wish.as) : systemActor(this.#tenant);
    if (wish.does === 'take' && isEven(commandId)) return this.#inCompany(actor, commandId, wish);
    const request = { name: wish.does, commandId, input: wish };
    const outcome = await this.#app.get(Commands).run(actor, request, (tx) => this.#work(tx, wish));
    return isRefusal(outcome) ? { refused: outcome.__typename } : { receipt: outcome };
  }

  /** As `takeStep` does it: with whoever comes at the same time, and answered by what the log then says. */
  async #inCompany(
    actor: Actor,
    commandId: string,
    { does: _does, as: _as, ...take }: TakeWish,
  ): Promise<Answer> {
    const taken = await this.#app.get(StepGroups).take(actor, commandId, take);
    if (isRefusal(taken)) return { refused: taken.__typename };
    const db = await this.#app.get(Reads).db(systemActor(this.#tenant));
    const entries = await db.call<{ seq: number; step: string; states: string[] }>(entriesOf, [commandId]);
    const { seq, states } = entries.at(-1)!;
    return { receipt: { version: seq, states, steps: entries.map(({ step }) => step) } };
  }

  async #work(tx: Tx, wish: Wish): Promise<Receipt | Refusal> {
    const engine = this.#app.get(Engine);
    if (wish.does === 'start') {
      const items = [{ processId: wish.processId, scopeId: wish.processId }];
      tx.permit(true);
      const started = await engine.start(tx, { definitionId: wish.definitionId, seriesId: null, items });
      if (isRefusal(started)) return started;
      return { version: started[0]!.version, states: [...started[0]!.states], steps: ['$start'] };
    }
    const taken = await engine.take(tx, wish);
    if (isRefusal(taken)) return taken;
    const { process, step, followedBy } = taken;
    return { version: process.version, states: [...process.states], steps: [step, ...followedBy] };
  }

  /** Where processes stand, for clients that lost sight of one. */
  async look(processId: string): Promise<Pick<Receipt, 'version' | 'states'> | undefined> {
    const db = await this.#app.get(Reads).db(systemActor(this.#tenant));
    const [process] = await this.#app.get(Engine).processes(db, [processId]);
    return process && { version: process.version, states: process.states };
  }

  /** Fires everything that ever falls due, once over. */
  async fireDue(): Promise<number> {
    const report = await this.#app.get(Clock).at(farAhead(), () => this.#app.get(DueSteps).run());
    return report.taken.length;
  }

  async verify() {
    return this.#app.get(Verifier).run();
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}

/** For each function always the same person, so that a repeated command comes from who sent it first. */
function holder(tenant: string, fn: string): Actor {
  const id = v5(fn, tenant);
  const held = new Set([fn]);
  const who = { account: id, person: id, name: fn, language: 'de' as const, posts: [] };
  return Object.freeze({ tenant, ...who, functionsAt: () => held });
}

/** Facts, effects and functions as the shipped definitions name them. */
async function furnish(registry: EngineRegistry, definitions: Definitions): Promise<void> {
  const words = (await definitions.shipped()).map((definition) => wordsOf(new Chart(definition)));
  for (const [name, { type, opens }] of new Map(words.flatMap(({ facts }) => [...facts])))
    registry.registerFacts({
      [name]: { type, load: async (_db, rows) => new Map(rows.map(({ id }) => [id, opens])) },
    });
  for (const effect of new Set(words.flatMap(({ effects }) => [...effects])))
    registry.registerEffects({
      [effect]: {
        isOwn: true,
        apply: async (tx, { id }, _params, { seq }) => {
          await tx.call(keepEffect, [id, seq, effect]);
        },
      },
    });
  registry.registerAuthority({
    functions: new Set(words.flatMap(({ functions }) => [...functions])),
    nameOf: (code) => ({ de: code, en: code }),
    functionsAt: async (_db, actor, places) => places.map((place) => actor.functionsAt(place)),
    // There is always somebody else for the second pair of eyes.
    holders: async () => [{ personId: nobodyHere, name: '', postId: null, as: 'HOLDER' }],
    may: async (_db, _actor, _action, places) => places.map(() => true),
  });
}
