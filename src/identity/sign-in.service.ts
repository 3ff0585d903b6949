import { Injectable } from '@nestjs/common';
import {
  Access,
  Commands,
  Config,
  languageOf,
  newId,
  Reads,
  systemActor,
  type Actor,
  type Language,
} from '../platform/index.ts';
import { AccountRow } from './identity.entity.ts';
import { Issuers, unauthenticated, type Vouched } from './issuers.service.ts';
import { Persons } from './persons.service.ts';
import { accountOf, tenantByKey } from './sign-in.sql.ts';

interface SignedIn {
  readonly account: string;
  readonly person: string;
  readonly name: string;
}
type Headers = Record<string, string | string[] | undefined>;

const nothingHeld: ReadonlySet<string> = new Set();

/** Request → actor, or UNAUTHENTICATED with the reason. Anonymous requests end here, before execution. */
@Injectable()
export class SignIn {
  readonly #config: Config;
  readonly #issuers: Issuers;
  readonly #access: Access;
  readonly #commands: Commands;
  readonly #persons: Persons;
  readonly #reads: Reads;
  /** An administration keeps its id for good, so it is looked up once. */
  readonly #tenants = new Map<string, string>();

  constructor(
    config: Config,
    issuers: Issuers,
    access: Access,
    commands: Commands,
    persons: Persons,
    reads: Reads,
  ) {
    this.#config = config;
    this.#issuers = issuers;
    this.#access = access;
    this.#commands = commands;
    this.#persons = persons;
    this.#reads = reads;
    access.authenticator((headers) => this.actorOf(headers));
  }

  /** The actor of a request by its `Authorization: Bearer` header, made afresh each time and complete. */
  async actorOf(headers: Headers): Promise<Actor> {
    const vouched = await this.#issuers.verify(bearerOf(headers));
    const wanted = headers['accept-language'] as string | undefined;
    return this.actorFor(vouched, languageOf(wanted, this.#config.settings.language));
  }

  /** The actor of whom an issuer vouches for: the account looked up or opened, completed as of the clock's time. */
  async actorFor(vouched: Vouched, language: Language): Promise<Actor> {
    const tenant = await this.#tenantOf(vouched.tenant);
    const { account, person, name } = await this.#account(tenant, vouched);
    const base: Actor = {
      tenant,
      account,
      person,
      name,
      language,
      posts: [],
      functionsAt: () => nothingHeld,
      ...(vouched.until && { until: vouched.until }),
    };
    return this.#access.complete(base, (actor) => this.#reads.db(actor));
  }

  /** The id of an administration by its key; undefined while it has not been founded. */
  async tenantId(key: string): Promise<string | undefined> {
    const known = this.#tenants.get(key);
    if (known) return known;
    const pool = await this.#reads.pool();
    const { rows } = await pool.query<{ id: string }>({ ...tenantByKey, values: [key] });
    if (rows[0]) this.#tenants.set(key, rows[0].id);
    return rows[0]?.id;
  }

  async #tenantOf(key: string): Promise<string> {
    const id = await this.tenantId(key);
    if (id) return id;
    throw unauthenticated(
      `Die Verwaltung „${key}“ ist hier nicht eingerichtet.`,
      `The administration “${key}” has not been set up here.`,
    );
  }

  /** The account of an issuer's subject; made at the first sign-in if the register knows the person. */
  async #account(tenant: string, vouched: Vouched): Promise<SignedIn> {
    const system = systemActor(tenant);
    const db = await this.#reads.db(system);
    const { issuer, subject, personKey } = vouched;
    const lookUp = async () => (await db.call<SignedIn>(accountOf, [issuer, subject]))[0];
    const account = await lookUp();
    if (account) return account;

    const person = (await this.#persons.idsByKey(db, [personKey])).get(personKey);
    if (!person)
      throw unauthenticated(
        'Sie sind angemeldet, aber im Personenregister dieser Verwaltung nicht verzeichnet. Bitte an das Personalamt wenden.',
        'You are signed in, but not listed in the register of this administration. Please turn to the human resources office.',
      );
    const request = { name: 'openAccount', commandId: newId(), input: { issuer, subject } };
    await this.#commands.run(system, request, async (tx) => {
      tx.permit(true); // the issuer's signature is the permission
      const account = { id: newId(), tenantId: tenant, personId: person, issuer, subject };
      // Two first requests at once open one account.
      await tx.em.upsert(AccountRow, account, {
        onConflictFields: ['tenantId', 'issuer', 'subject'],
        onConflictAction: 'ignore',
      });
      return null;
    });
    return (await lookUp())!;
  }
}

function bearerOf({ authorization }: Headers): string {
  const token =
    typeof authorization === 'string' ? /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] : undefined;
  if (token) return token;
  throw unauthenticated(
    'Bitte anmelden: Es fehlt ein Zugangstoken (Authorization: Bearer …).',
    'Please sign in: an access token is missing (Authorization: Bearer …).',
  );
}
