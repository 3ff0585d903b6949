import type { INestApplicationContext } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { execute, parse, type DocumentNode, type ExecutionResult } from 'graphql';
import { v5 } from 'uuid';
import { Persons, SignIn } from '../../identity/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { Clock, Reads, systemActor, type Actor, type Db, type Place } from '../../platform/index.ts';
import { dayOf } from './schedule.rules.ts';

/** An answer, read by path. */
export type Fields = Record<string, any>;

const rememberedActors = 500;

/** Somebody tells the server what a person did at a past moment, in the words of the API that this person would use. */
export class Teller {
  readonly tenant: string;
  readonly #app: INestApplicationContext;
  readonly #issuer: string;
  readonly #tenantKey: string;
  readonly #clock: Clock;
  readonly #documents = new Map<string, DocumentNode>();
  readonly #keys = new Map<string, string>();
  readonly #actors = new Map<string, Promise<Actor>>();
  readonly #holders = new Map<string, Promise<string[]>>();

  constructor(app: INestApplicationContext, tenant: string, tenantKey: string, issuer: string) {
    this.tenant = tenant;
    this.#app = app;
    this.#tenantKey = tenantKey;
    this.#issuer = issuer;
    this.#clock = app.get(Clock);
  }

  get<T>(service: new (...args: never[]) => T): T {
    return this.#app.get<T>(service, { strict: false });
  }

  /** Runs work as the person at the moment. The account is the one that a later sign-in finds. */
  async as<T>(personKey: string, at: Date, work: (actor: Actor) => Promise<T>): Promise<T> {
    return this.#clock.at(at, async () => work(await this.#actor(personKey, at)));
  }

  /** Who acts several times at one moment is looked up once. */
  #actor(personKey: string, at: Date): Promise<Actor> {
    const key = `${personKey} ${at.getTime()}`;
    let actor = this.#actors.get(key);
    if (!actor) {
      const vouched = { issuer: this.#issuer, tenant: this.#tenantKey, subject: personKey, personKey };
      if (this.#actors.size > rememberedActors) this.#actors.clear();
      this.#actors.set(key, (actor = this.get(SignIn).actorFor(vouched, 'de')));
    }
    return actor;
  }

  /**
   * Sends a mutation; its success, or an error with the refusal's sentence. What was told before a crash is told with
   * the same commandId: it is recalled or recognised, never done twice.
   */
  async send(personKey: string, at: Date, mutation: string, input: object, selection = ''): Promise<Fields> {
    const outcome = await this.offer(personKey, at, mutation, input, selection);
    if (!/(Success|^CommandIdReused)$/.test(outcome['__typename']))
      throw new Error(`${personKey} ${at.toISOString()} ${mutation}: ${JSON.stringify(outcome)}`);
    return outcome;
  }

  /** Sends a mutation that may be refused; its outcome as it came. */
  async offer(personKey: string, at: Date, mutation: string, input: object, selection = ''): Promise<Fields> {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}`;
    const source = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
      __typename ... on Refusal { message } ... on NotPossibleNow { reasons } ... on InvalidInput { faults { path message } }
      ${selection && `... on ${type}Success { ${selection} }`} } }`;
    const { processId, expectedVersion: _asRead, ...rest } = input as Fields;
    const told = processId ?? JSON.stringify(rest);
    const commandId = v5([at.toISOString(), personKey, mutation, told].join(' '), this.tenant);
    const data = await this.ask(personKey, at, source, { input: { commandId, ...input } });
    return data[mutation] as Fields;
  }

  ask(personKey: string, at: Date, source: string, variableValues: object = {}): Promise<Fields> {
    return this.as(personKey, at, async (actor) => {
      const schema = this.#app.get(GraphQLSchemaHost, { strict: false }).schema;
      let document = this.#documents.get(source);
      if (!document) this.#documents.set(source, (document = parse(source)));
      const variables = variableValues as Record<string, unknown>;
      const run = execute({ schema, document, variableValues: variables, contextValue: { actor } });
      const { data, errors } = (await run) as ExecutionResult<Fields>;
      if (errors)
        throw new Error(`${personKey} ${at.toISOString()}: ${errors.map((e) => e.stack).join('\n')}`);
      return data!;
    });
  }

  /** Whether two people count as one under four eyes at that moment. */
  async countAsOne(one: string, other: string, at: Date): Promise<boolean> {
    const [a, b] = await Promise.all(
      [one, other].map((key) => this.as(key, at, async ({ person }) => person)),
    );
    return this.#clock.at(at, async () => {
      const db = await this.get(Reads).db(systemActor(this.tenant));
      return this.get(Responsibility).countAsOne(db, a!, b!);
    });
  }

  /** Who is at the posts of a unit that are not its head's. */
  staff(unitId: string, at: Date): Promise<string[]> {
    return this.#staffOf([unitId], at);
  }

  #staffOf(unitIds: readonly string[], at: Date): Promise<string[]> {
    return this.#clock.at(at, async () => {
      const db = await this.get(Reads).db(systemActor(this.tenant));
      const posts = await this.get(Organisation).posts(db, { unitIds });
      const nearest = (unit: string) => unitIds.indexOf(unit);
      posts.sort((a, b) => nearest(a.unitId) - nearest(b.unitId));
      const holders = posts.filter((post) => !post.isManagement).flatMap((post) => post.holders);
      return this.#keysOf(
        db,
        holders.filter(({ as }) => as === 'HOLDER').map(({ personId }) => personId),
      );
    });
  }

  async staffAbove(unitId: string, at: Date): Promise<string[]> {
    const above = await this.#clock.at(at, async () => {
      const db = await this.get(Reads).db(systemActor(this.tenant));
      return (await this.get(Organisation).tree(db)).ancestors(unitId);
    });
    return this.#staffOf(
      above.map(({ id }) => id),
      at,
    );
  }

  /** The register keys of who holds a function at a place at that moment. */
  who(fn: string, place: Place, at: Date): Promise<string[]> {
    const key = [fn, place.unitId, place.seriesId, place.processId, dayOf(at)].join(' ');
    let holders = this.#holders.get(key);
    if (!holders) this.#holders.set(key, (holders = this.#holdersOf(fn, place, at)));
    return holders;
  }

  #holdersOf(fn: string, place: Place, at: Date): Promise<string[]> {
    return this.#clock.at(at, async () => {
      const db = await this.get(Reads).db(systemActor(this.tenant));
      const holders = await this.get(Responsibility).holders(db, fn, place);
      return this.#keysOf(
        db,
        holders.map(({ personId }) => personId),
      );
    });
  }

  async #keysOf(db: Db, ids: readonly string[]): Promise<string[]> {
    const unknown = ids.filter((id) => !this.#keys.has(id));
    if (unknown.length > 0)
      for (const [id, { personKey }] of await this.get(Persons).records(db, unknown))
        this.#keys.set(id, personKey);
    return ids.map((id) => this.#keys.get(id)!);
  }
}
