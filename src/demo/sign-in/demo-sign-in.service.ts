import { Injectable } from '@nestjs/common';
import { importJWK, SignJWT } from 'jose';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { Issuers, SignIn } from '../../identity/index.ts';
import { Access, Config, Reads, systemActor, type Actor } from '../../platform/index.ts';
import { demoKeys, publicHalf, type DemoKeys } from './demo-keys.ts';
import type { DemoPerson } from './demo-page.rules.ts';
import { audience, mount } from './demo-provider.ts';
import { everybody } from './demo-sign-in.sql.ts';

interface Story {
  readonly administration: { readonly key: string };
  /** Role → register key of whom README introduces. */
  readonly cast: Readonly<Record<string, string>>;
}

/** Who signs what `npm run token` prints: it runs beside the server and need not know on which port that listens. */
const printingIssuer = 'urn:offenes-amt:demo-token';
const storyFile = new URL('../../../data/demo/story.yaml', import.meta.url);
const rememberedMs = 30_000;
const atOnce = 8;

/** The demo's own issuer: knows who may be picked and makes their tokens. */
@Injectable()
export class DemoSignIn {
  readonly #config: Config;
  readonly #issuers: Issuers;
  readonly #access: Access;
  readonly #reads: Reads;
  readonly #signIn: SignIn;
  #keys: Promise<DemoKeys> | undefined;
  #people: { readonly until: number; readonly list: Promise<DemoPerson[]> } | undefined;

  constructor(config: Config, issuers: Issuers, access: Access, reads: Reads, signIn: SignIn) {
    this.#config = config;
    this.#issuers = issuers;
    this.#access = access;
    this.#reads = reads;
    this.#signIn = signIn;
  }

  /** The demo provider's name for itself, as `ISSUERS` would name it. */
  get issuer(): string {
    return `${this.origin}${mount}`;
  }

  /** Where a browser on this machine reaches the server. */
  get origin(): string {
    return this.#config.settings.origin.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:)/, '//localhost');
  }

  /** What to tell whoever started the demo: where to sign in, and as whom. Needs no loaded administration. */
  async introduction(): Promise<string[]> {
    const cast = Object.entries((await story()).cast).map(
      ([role, key]) => `  ${role.padEnd(16)} npm run -s token -- ${key}`,
    );
    return [
      `Explorer: ${this.origin}/explorer (sign in there by picking a demo person; no password)`,
      'Tokens for curl and other clients:',
      ...cast,
    ];
  }

  /** The provider's keys; from the first call on, tokens signed with them are accepted. */
  keys(): Promise<DemoKeys> {
    this.#keys ??= this.#open();
    return this.#keys;
  }

  /** A token for the person of this register key, good for a day. */
  async token(personKey: string): Promise<string> {
    const { signingKey } = await this.keys();
    return new SignJWT({ scope: 'api' })
      .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid, typ: 'at+jwt' })
      .setIssuer(printingIssuer)
      .setAudience(audience)
      .setSubject(personKey)
      .setIssuedAt()
      .setExpirationTime('1d')
      .sign(await importJWK(signingKey, 'ES256'));
  }

  /** Everybody in the register with what they hold today; remembered for half a minute. */
  people(): Promise<DemoPerson[]> {
    if (!this.#people || this.#people.until < Date.now()) {
      this.#people = { until: Date.now() + rememberedMs, list: this.#readPeople() };
      this.#people.list.catch(() => (this.#people = undefined));
    }
    return this.#people.list;
  }

  /** Whom README introduces, in its order. */
  async cast(): Promise<DemoPerson[]> {
    const people = new Map((await this.people()).map((person) => [person.personKey, person]));
    return Object.values((await story()).cast).flatMap((key) => people.get(key) ?? []);
  }

  async #open(): Promise<DemoKeys> {
    const keys = await demoKeys(this.#config.settings.dataDir);
    const { key: tenant } = (await story()).administration;
    const jwks = { keys: [publicHalf(keys.signingKey)] };
    for (const issuer of [this.issuer, printingIssuer])
      this.#issuers.trust({ issuer, tenant, audience, personKeyClaim: 'sub', jwks });
    return keys;
  }

  async #readPeople(): Promise<DemoPerson[]> {
    const tenant = await this.#signIn.tenantId((await story()).administration.key);
    if (!tenant) return [];
    const system = systemActor(tenant);
    const db = await this.#reads.db(system);
    const rows = await db.call<{ id: string; personKey: string; name: string }>(everybody);
    const people: DemoPerson[] = [];
    for (let from = 0; from < rows.length; from += atOnce)
      people.push(
        ...(await Promise.all(
          rows.slice(from, from + atOnce).map((row) => this.#withFunctions(tenant, row)),
        )),
      );
    return people;
  }

  async #withFunctions(
    tenant: string,
    { id, personKey, name }: { id: string; personKey: string; name: string },
  ) {
    const base: Actor = {
      tenant,
      account: id,
      person: id,
      name,
      language: 'de',
      posts: [],
      functionsAt: () => new Set<string>(),
    };
    const actor = await this.#access.complete(base, (asking) => this.#reads.db(asking));
    return { personKey, name, functions: [...(actor.functionsAnywhere?.() ?? actor.functionsAt())] };
  }
}

async function story(): Promise<Story> {
  return parse(await readFile(storyFile, 'utf8')) as Story;
}
