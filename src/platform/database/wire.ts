import { createHash } from 'node:crypto';
import pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';

/** One bound statement. Its text is a constant: its name is the text's hash, and PostgreSQL keeps its plan by it. */
export interface Statement {
  readonly sql: string;
  readonly values?: readonly unknown[];
}

/** What a statement answered. */
export interface Answer {
  readonly rows: readonly object[];
  /** What the database says it did: `SELECT 1`, `COMMIT`. */
  readonly tag: string;
}

const { builtins } = pg.types;
const own = new Map<number, (text: string) => unknown>([
  [builtins.DATE, (text) => text],
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, (text) => new Date(text)],
  [1182, (text) => (text === '{}' ? [] : text.slice(1, -1).split(','))], // date[]
]);
const parserOf = (oid: number): ((text: string) => unknown) =>
  own.get(oid) ?? (pg.types.getTypeParser(oid, 'text') as (text: string) => unknown);

const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (!name) names.set(sql, (name = `q${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`));
  return name;
}

/** The parts of pg's connection that a batch uses. pg is pinned, and the tests of failing batches hold it. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Record<string, string>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly unknown[] }): void;
  describe(message: { type: 'P' }): void;
  execute(message: null): void;
  sync(): void;
}

/** The columns of a prepared statement on one connection: told once, they need not be told again. */
type Columns = readonly { readonly name: string; readonly parse: (text: string) => unknown }[];
const known = new WeakMap<Wire, Map<string, Columns>>();

interface Part {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Several bound statements before ONE Sync: one write, one round trip. Without BEGIN they are one implicit
 * transaction. An error skips the rest; what was done since the last Sync is undone by the database. Sent by
 * `client.query(batch)`, which calls the methods below.
 */
export class Batch {
  /** Set by `client.query`. */
  callback: ((error: Error | null, answers: readonly Answer[]) => void) | undefined;
  readonly #parts: readonly Part[];
  readonly #answers: Answer[] = [];
  #columns = new Map<string, Columns>();
  #rows: object[] = [];
  #fault: Error | undefined;

  constructor(statements: readonly Statement[]) {
    this.#parts = statements.map(({ sql, values = [] }) => ({
      name: nameOf(sql),
      text: sql,
      values: values.map((value) => prepareValue(value)),
    }));
  }

  get #current(): Part {
    return this.#parts[this.#answers.length]!;
  }

  /** pg notes these as prepared when the database has parsed them, which it does in their order. */
  get name(): string {
    return this.#current.name;
  }
  get text(): string {
    return this.#current.text;
  }

  submit(wire: Wire): null {
    let columns = known.get(wire);
    if (!columns) known.set(wire, (columns = new Map()));
    this.#columns = columns;
    const parsed = new Set<string>();
    wire.stream.cork();
    for (const { name, text, values } of this.#parts) {
      if (!wire.parsedStatements[name] && !parsed.has(name)) {
        wire.parse({ name, text });
        parsed.add(name);
      }
      wire.bind({ statement: name, values });
      if (!columns.has(name)) wire.describe({ type: 'P' });
      wire.execute(null);
    }
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns.set(
      this.name,
      fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) })),
    );
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    try {
      const row: Record<string, unknown> = {};
      const columns = this.#columns.get(this.name)!;
      for (let i = 0; i < columns.length; i += 1) {
        const [text, column] = [fields[i]!, columns[i]!];
        row[column.name] = text === null ? null : column.parse(text);
      }
      this.#rows.push(row);
    } catch (fault) {
      this.#fault ??= fault as Error;
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    if (!this.#columns.has(this.name)) this.#columns.set(this.name, []);
    this.#answers.push({ rows: this.#rows, tag: text });
    this.#rows = [];
  }

  handleError(error: Error): void {
    this.callback?.(error, []);
  }

  handleReadyForQuery(): void {
    if (this.#fault) this.callback?.(this.#fault, []);
    else this.callback?.(null, this.#answers);
  }
}

/** Sends statements in one round trip through a connection, or through whichever the pool has free. */
export function send(
  through: pg.Pool | pg.ClientBase,
  statements: readonly Statement[],
): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, answers: readonly Answer[]) =>
      error ? reject(traced(error)) : resolve(answers);
    (through.query as (batch: Batch, values: undefined, callback: typeof done) => void)(
      new Batch(statements),
      undefined,
      done,
    );
  });
}

/** The database's error with the stack of whoever asked: its own leads to the socket. */
function traced(error: Error): Error {
  Error.captureStackTrace(error, send);
  return error;
}
