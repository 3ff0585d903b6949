import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { systemActor, type Actor } from '../words/actor.ts';
import { refuse, type Refusal } from '../words/refusal.ts';
import type { Db } from './sql.ts';
import type { Transaction } from './transaction.ts';
import type { Statement } from './wire.ts';
import { dayIn } from '../words/zone.ts';

/** A command in its one transaction. */
export interface Tx extends Db {
  /** Made when first asked for: a command that needs no entities does not pay for them. */
  readonly em: EntityManager;
  readonly commandId: string;
  /** Says whether the actor may; must be asked before the end, else everything is rolled back. A no ends the command. */
  permit(decision: boolean | Refusal | undefined): void;
  /**
   * Runs one statement whose rows nobody reads. It travels with the next one that somebody waits for, or with COMMIT,
   * in the order it was said; its error comes there.
   */
  queue(sql: string, values?: readonly unknown[]): void;
  /** The same transaction in the system's hands, for the automatic steps that follow. */
  asSystem(): Tx;
}

/** Ends a command and everything it wrote; what it carries is the command's answer. */
export class RolledBack extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.__typename);
    this.refusal = refusal;
  }
}

const notAllowed = () =>
  refuse('NotAllowed', {
    de: 'Dafür fehlt Ihnen hier das Recht. Wer es hat, steht am Vorgang; Rechte vergibt das Personalamt.',
    en: 'You do not hold the right to do this here. The process shows who does; rights are granted by human resources.',
  });

/** What the hands of one command share. */
export interface CommandContext {
  /** Not in a group: a unit of work cannot be shared. */
  readonly orm?: MikroORM;
  readonly transaction: Transaction;
  readonly commandId: string;
  readonly at: Date;
  readonly zone: string;
  /** What travelled with the command's beginning, until somebody asks for it. */
  ahead?: { readonly statement: Statement; readonly rows: readonly object[] } | undefined;
  isPermitted?: true;
  em?: EntityManager;
}

export class CommandTx implements Tx {
  readonly actor: Actor;
  readonly #command: CommandContext;

  constructor(actor: Actor, command: CommandContext) {
    this.actor = actor;
    this.#command = command;
  }

  get commandId(): string {
    return this.#command.commandId;
  }
  get at(): Date {
    return this.#command.at;
  }
  get today(): string {
    return dayIn(this.#command.zone, this.#command.at);
  }
  get em(): EntityManager {
    const command = this.#command;
    command.ahead = undefined;
    if (!command.orm) throw new Error('Entities need a transaction of their own');
    return (command.em ??= command.transaction.entityManager(command.orm, this.actor));
  }

  permit(decision: boolean | Refusal | undefined): void {
    this.#command.isPermitted = true;
    if (decision === true || decision === undefined) return;
    throw new RolledBack(decision === false ? notAllowed() : decision);
  }

  call<R>(sql: string, values?: readonly unknown[]): Promise<R[]> {
    const rows = this.#takeAhead({ sql, values });
    return rows ? Promise.resolve(rows as R[]) : this.#command.transaction.call<R>(sql, values);
  }

  queue(sql: string, values?: readonly unknown[]): void {
    this.#command.ahead = undefined;
    this.#command.transaction.queue(sql, values);
  }

  /** Only the first thing that is asked may have been asked ahead: after any other its rows could be old. */
  #takeAhead(asked: Statement): readonly object[] | undefined {
    const { ahead } = this.#command;
    this.#command.ahead = undefined;
    return ahead && isSame(ahead.statement, asked) ? ahead.rows : undefined;
  }

  asSystem(): Tx {
    return new CommandTx(systemActor(this.actor.tenant), this.#command);
  }
}

function isSame(one: Statement, other: Statement): boolean {
  const [values = [], others = []] = [one.values, other.values];
  return one.sql === other.sql && values.length === others.length && values.every((v, i) => v === others[i]);
}
