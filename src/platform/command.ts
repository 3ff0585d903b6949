import { DriverException, MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { systemActor, type Actor } from './actor.ts';
import { Clock } from './clock.ts';
import { isRefusal, refuse, type Refusal } from './refusal.ts';
import { callWithin, type Db } from './sql.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A command in its one transaction. */
export interface Tx extends Db {
  readonly em: EntityManager;
  readonly commandId: string;
  /** Says whether the actor may; must be asked before the end, else everything is rolled back. A no ends the command. */
  permit(decision: boolean | Refusal | undefined): void;
  /** The same transaction in the system's hands, for the automatic steps that follow. */
  asSystem(): Tx;
}

export interface CommandRequest {
  readonly name: string;
  /** Made by the client (UUIDv7); the same id never does its work twice. */
  readonly commandId: string;
  readonly input: unknown;
}

export type CommandRefusal = Refusal<'NotAllowed' | 'CommandIdReused' | 'Busy'>;

class RolledBack extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.__typename);
    this.refusal = refusal;
  }
}

const notAllowed = () =>
  refuse('NotAllowed', {
    de: 'Dafür fehlt Ihnen hier das Recht. Die zuständige Stelle nennt Ihnen „Wer kann das?“ am Vorgang.',
    en: 'You do not hold the right to do this here. The process names who does.',
  });
const busy = () =>
  refuse('Busy', {
    de: 'Gerade arbeitet jemand anderes an diesem Vorgang. Bitte in einigen Sekunden erneut versuchen.',
    en: 'Somebody else is working on this right now. Please try again in a few seconds.',
  });
const commandIdReused = () =>
  refuse('CommandIdReused', {
    de: 'Diese commandId gehört zu einer anderen Eingabe. Für jede neue Eingabe eine neue commandId vergeben.',
    en: 'This commandId belongs to another input. Use a new commandId for every new input.',
  });

const claim = `insert into platform.command (command_id, account_id, name, payload_digest)
  values ($1, $2, $3, $4) on conflict do nothing
  returning at, (at at time zone platform.zone())::date as today`;
const recorded = `select account_id, name, payload_digest, answer from platform.command where command_id = $1`;
const finish = `update platform.command set answer = $2 where command_id = $1`;

interface RecordedCommand {
  account_id: string;
  name: string;
  payload_digest: string;
  answer: Json;
}

/** Answers whether a command finished for this actor: a mutation that wrote past `Commands` cannot answer. */
const finished = new WeakMap<Actor, number>();
export const commandsFinished = (actor: Actor): number => finished.get(actor) ?? 0;

/**
 * The only way to a writing transaction. One command = one transaction = one row in `platform.command`: state, log,
 * effects, domain rows and the receipt commit together or not at all (ADR 0004).
 */
@Injectable()
export class Commands {
  readonly #orm: MikroORM;
  readonly #clock: Clock;

  constructor(orm: MikroORM, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  /**
   * Runs `work` and returns its receipt (small JSON: ids and numbers), or why not. Repeated with the same input the
   * recorded receipt returns; a refusal leaves no trace, so the same command may be tried again.
   */
  async run<R extends Json, N extends string = string>(
    actor: Actor,
    request: CommandRequest,
    work: (tx: Tx) => Promise<R | Refusal<N>>,
  ): Promise<R | Refusal<N> | CommandRefusal> {
    try {
      return await this.#transaction(actor, (em) => this.#once(em, actor, request, work));
    } catch (error) {
      if (error instanceof RolledBack) return error.refusal as Refusal<N>;
      if (isLockFailure(error)) return busy();
      throw error;
    } finally {
      finished.set(actor, commandsFinished(actor) + 1);
    }
  }

  #transaction<T>(actor: Actor, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const travelled = this.#clock.travelled();
    const em = (this.#orm.em as EntityManager).fork({
      session: {
        variables: {
          'app.tenant': actor.tenant,
          'app.actor': actor.account,
          'app.now': travelled?.toISOString() ?? '',
          lock_timeout: '3s',
          // Told history can be told again; only what people do now must be on disk before it is acknowledged.
          ...(travelled && { synchronous_commit: 'off' }),
        },
      },
    });
    return em.transactional((inner) => work(inner as EntityManager));
  }

  async #once<R extends Json, N extends string>(
    em: EntityManager,
    actor: Actor,
    request: CommandRequest,
    work: (tx: Tx) => Promise<R | Refusal<N>>,
  ): Promise<R | CommandRefusal> {
    const digest = createHash('sha256')
      .update(canonicalize({ name: request.name, input: request.input ?? null })!)
      .digest('hex');
    const [mine] = await callWithin<{ at: Date; today: string }>(em, claim, [
      request.commandId,
      actor.account,
      request.name,
      digest,
    ]);
    if (!mine) return this.#recall<R>(em, actor, request, digest);

    let asked = false;
    const permit = (decision: boolean | Refusal | undefined) => {
      asked = true;
      if (decision === true || decision === undefined) return;
      throw new RolledBack(decision === false ? notAllowed() : decision);
    };
    const outcome = await work(transaction(em, actor, mine, request.commandId, permit));
    if (isRefusal(outcome)) throw new RolledBack(outcome);
    if (!asked) throw new Error(`Command ${request.name} wrote without asking for permission`);
    await em.flush();
    await callWithin(em, finish, [request.commandId, JSON.stringify(outcome)]);
    return outcome;
  }

  async #recall<R extends Json>(em: EntityManager, actor: Actor, request: CommandRequest, digest: string) {
    const [row] = await callWithin<RecordedCommand>(em, recorded, [request.commandId]);
    const same =
      row?.account_id === actor.account && row.name === request.name && row.payload_digest === digest;
    return same ? (row.answer as R) : commandIdReused();
  }
}

function transaction(
  em: EntityManager,
  actor: Actor,
  time: { at: Date; today: string },
  commandId: string,
  permit: Tx['permit'],
): Tx {
  return {
    em,
    actor,
    at: time.at,
    today: time.today,
    commandId,
    permit,
    call: (sql, values) => callWithin(em, sql, values),
    asSystem: () => transaction(em, systemActor(actor.tenant), time, commandId, permit),
  };
}

/** Lock not available, deadlock, serialization failure: nothing was written, the same command may be sent again. */
function isLockFailure(error: unknown): boolean {
  const code =
    error instanceof DriverException || error instanceof Error ? (error as { code?: string }).code : '';
  return code === '55P03' || code === '40P01' || code === '40001';
}
