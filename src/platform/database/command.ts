import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../words/actor.ts';
import { Clock } from '../words/clock.ts';
import { contentOf, noteFinished, recalled, type Json, type Opened } from './receipt.ts';
import { Reads } from './reads.ts';
import { isRefusal, refuse, type Refusal } from '../words/refusal.ts';
import type { Transaction } from './transaction.ts';
import { CommandTx, RolledBack, type CommandContext, type Tx } from './tx.ts';
import type { Statement } from './wire.ts';
import { zoneOf } from '../words/zone.ts';

export interface CommandRequest {
  readonly name: string;
  /** Made by the client (UUIDv7); the same id never does its work twice. */
  readonly commandId: string;
  readonly input: unknown;
  /**
   * What the work asks first (the lock of its process): it travels with the command's beginning, and when the work's
   * first call has the same text and values, its rows are there already.
   */
  readonly ahead?: Statement | undefined;
}

export type CommandRefusal = Refusal<'NotAllowed' | 'CommandIdReused' | 'Busy'>;

const busy = () =>
  refuse('Busy', {
    de: 'Gerade arbeitet jemand anderes an diesem Vorgang. Bitte in einigen Sekunden erneut versuchen.',
    en: 'Somebody else is working on this right now. Please try again in a few seconds.',
  });

const begin = 'begin';
/** What is told of the past can be told again; only what people do now must be on disk before it is acknowledged. */
const withoutWaiting = "select set_config('synchronous_commit', 'off', true)";
const open = 'select * from platform.open_command($1, $2, $3, $4)';
const receipt = `insert into platform.command (command_id, account_id, name, payload_digest, answer)
  values ($1, $2, $3, $4, $5)`;

/**
 * The only way to a writing transaction. One command = one transaction = one row in `platform.command`: state, log,
 * effects, domain rows and the receipt commit together or not at all (ADR 0004).
 */
@Injectable()
export class Commands {
  readonly #orm: MikroORM;
  readonly #clock: Clock;
  readonly #reads: Reads;

  constructor(orm: MikroORM, clock: Clock, reads: Reads) {
    this.#orm = orm;
    this.#clock = clock;
    this.#reads = reads;
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
    const first = this.#clock.travelled() ? [{ sql: begin }, { sql: withoutWaiting }] : [{ sql: begin }];
    try {
      return await this.#reads.transaction(actor, first, (transaction) =>
        this.#once(transaction, actor, request, work),
      );
    } catch (error) {
      if (error instanceof RolledBack) return error.refusal as Refusal<N>;
      if (isLockFailure(error)) return busy();
      throw error;
    } finally {
      noteFinished(actor);
    }
  }

  async #once<R extends Json, N extends string>(
    transaction: Transaction,
    actor: Actor,
    request: CommandRequest,
    work: (tx: Tx) => Promise<R | Refusal<N>>,
  ): Promise<R | CommandRefusal> {
    const { name, commandId, ahead } = request;
    const content = contentOf(request);
    const travelled = this.#clock.travelled()?.toISOString() ?? '';
    const beginning = { sql: open, values: [actor.tenant, actor.account, travelled, commandId] };
    const [answer, first] = await transaction.ask(ahead ? [beginning, ahead] : [beginning]);
    const [opened] = answer!.rows as [Opened];
    if (opened.account_id !== null) return recalled<R>(opened, actor, name, content);

    const zone = await zoneOf(actor, (sql) => transaction.call(sql));
    const command: CommandContext = {
      orm: this.#orm,
      transaction,
      commandId,
      at: opened.at,
      zone,
      ahead: first && { statement: ahead!, rows: first.rows },
    };
    const outcome = await work(new CommandTx(actor, command));
    if (isRefusal(outcome)) throw new RolledBack(outcome);
    if (!command.isPermitted) throw new Error(`Command ${name} wrote without asking for permission`);
    await command.em?.flush();
    transaction.queue(receipt, [commandId, actor.account, name, content, JSON.stringify(outcome)]);
    return outcome;
  }
}

/** Lock not available, deadlock, serialization failure: nothing was written, the same command may be sent again. */
function isLockFailure(error: unknown): boolean {
  const code = (error as { code?: string } | undefined)?.code;
  return code === '55P03' || code === '40P01' || code === '40001';
}
