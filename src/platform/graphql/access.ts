import { Injectable } from '@nestjs/common';
import type { Actor } from '../words/actor.ts';
import type { Db } from '../database/sql.ts';

/** Where the right must be held; the SDL says it with each action (`AccessPlace`). */
export type AccessPlace = 'PLACE' | 'ANYWHERE' | 'COMMAND';
/**
 * Decides one field: the object it is read from, who asks, and where the right must be held. Synchronous; what it needs
 * is on the actor.
 * @throws Error when the right must be held at the object's place and the object does not say where it belongs.
 */
export type FieldRule = (source: Record<string, unknown>, actor: Actor, at: AccessPlace) => boolean;
/** Adds to an actor what a higher room knows. Runs once per request, in ascending order. */
export type ActorSource = (base: Actor, db: Db) => Promise<Partial<Actor>>;
export type Authenticator = (headers: Record<string, string | string[] | undefined>) => Promise<Actor>;

/**
 * Where higher rooms hand the platform what it must not know: who is asking (`identity`), what they hold
 * (`organisation`, `responsibility`) and the one policy (`responsibility`). Register in a provider's constructor;
 * what is missing at boot stops the boot.
 */
@Injectable()
export class Access {
  #rules: ReadonlyMap<string, FieldRule> | undefined;
  #authenticate: Authenticator | undefined;
  readonly #sources: { order: number; source: ActorSource }[] = [];

  policy(rules: Readonly<Record<string, FieldRule>>): void {
    this.#rules = new Map(Object.entries(rules));
  }

  actorSource(order: number, source: ActorSource): void {
    this.#sources.push({ order, source });
    this.#sources.sort((a, b) => a.order - b.order);
  }

  authenticator(authenticate: Authenticator): void {
    this.#authenticate = authenticate;
  }

  get rules(): ReadonlyMap<string, FieldRule> {
    if (!this.#rules) throw new Error('No policy is registered: the server would have to refuse everything.');
    return this.#rules;
  }

  /** Who is asking, or UNAUTHENTICATED thrown. */
  authenticate(headers: Record<string, string | string[] | undefined>): Promise<Actor> {
    if (!this.#authenticate) throw new Error('Nobody is registered to authenticate requests.');
    return this.#authenticate(headers);
  }

  /** Completes the actor from all rooms and freezes it. */
  async complete(base: Actor, dbFor: (actor: Actor) => Promise<Db>): Promise<Actor> {
    let actor = base;
    for (const { source } of this.#sources) {
      actor = { ...actor, ...(await source(actor, await dbFor(actor))) };
    }
    return Object.freeze(actor);
  }
}
