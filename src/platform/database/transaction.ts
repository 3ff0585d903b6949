import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import type { Actor } from '../words/actor.ts';
import { send, type Answer, type Statement } from './wire.ts';

/**
 * A transaction on one connection, in as few round trips as its answers allow: what nobody waits for (BEGIN, settings,
 * writes without an answer) travels with the next statement that somebody does wait for, in the order it was said.
 */
export class Transaction {
  readonly #client: pg.PoolClient;
  #waiting: Statement[];
  #turn: Promise<unknown> = Promise.resolve();
  /** What was asked and has not been sent: whoever asks meanwhile travels with it. */
  #next: { readonly statements: Statement[]; readonly answers: Promise<readonly Answer[]> } | undefined;
  #begun = false;
  #ended = false;

  private constructor(client: pg.PoolClient, first: readonly Statement[]) {
    this.#client = client;
    this.#waiting = [...first];
  }

  /** Runs `work` between `first` (BEGIN, and who asks) and COMMIT; whatever it throws rolls everything back. */
  static async run<T>(
    pool: pg.Pool,
    first: readonly Statement[],
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect();
    const transaction = new Transaction(client, first);
    let broken: Error | undefined;
    try {
      const result = await work(transaction);
      await transaction.#commit();
      return result;
    } catch (error) {
      // What the rollback says must not hide why there is one; the connection is then given up.
      await transaction.#rollback().catch((fault: Error) => (broken = fault));
      throw error;
    } finally {
      transaction.#ended = true;
      client.release(broken);
    }
  }

  /** Sends a statement, with everything that waits before it, and gives its rows. */
  async call<R>(sql: string, values?: readonly unknown[]): Promise<R[]> {
    const [answer] = await this.ask([{ sql, values }]);
    return answer!.rows as R[];
  }

  /** The same for several statements in one round trip. What several ask at once goes in one, too. */
  async ask(statements: readonly Statement[]): Promise<readonly Answer[]> {
    this.#mustLast();
    const said = [...this.#waiting, ...statements];
    this.#waiting = [];
    this.#begun = true;
    const next = (this.#next ??= this.#sendNext());
    const end = next.statements.push(...said);
    const answers = await next.answers;
    return answers.slice(end - statements.length, end);
  }

  /** Whoever still asks after the end must not speak on a connection that is somebody else's by now. */
  #mustLast(): void {
    if (this.#ended) throw new Error('The transaction has ended');
  }

  #sendNext() {
    const statements: Statement[] = [];
    const answers = this.#inTurn(() => {
      this.#next = undefined;
      return send(this.#client, statements);
    });
    return { statements, answers };
  }

  /** Says a statement whose rows nobody reads: it goes with the next one or with COMMIT, and its error comes there. */
  queue(sql: string, values?: readonly unknown[]): void {
    this.#waiting.push({ sql, values });
  }

  /** An entity manager whose statements run in this transaction. */
  entityManager(orm: MikroORM, actor: Actor): EntityManager {
    const variables = { 'app.tenant': actor.tenant, 'app.actor': actor.account };
    const em = (orm.em as EntityManager).fork({ session: { variables } });
    const query = async (text: string, values: unknown[]) => {
      this.#mustLast();
      const before = this.#waiting.length > 0 && this.ask([]);
      this.#next = undefined; // what is asked from now on comes after this
      return Promise.all([before, this.#inTurn(() => this.#client.query(text, values))]).then(
        ([, result]) => result,
      );
    };
    const client = { query, release: () => {} } as unknown as PostgresPoolClient;
    const pool = { connect: async () => client, end: async () => {}, options: {} };
    em.setTransactionContext(new Kysely({ dialect: new PostgresDialect({ pool }) }));
    return em;
  }

  /** One after the other, also when somebody asks for several at once: a connection has one voice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #commit(): Promise<void> {
    const [{ tag } = { tag: 'nothing' }] = await this.ask([{ sql: 'commit' }]);
    // A transaction that had failed before answers ROLLBACK, and that is no error to the database.
    if (tag !== 'COMMIT') throw new Error(`The transaction ended with ${tag}`);
  }

  async #rollback(): Promise<void> {
    this.#waiting = [];
    if (this.#begun) await this.ask([{ sql: 'rollback' }]);
  }
}
