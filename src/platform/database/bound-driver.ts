import {
  isRaw,
  PostgreSqlConnection,
  PostgreSqlDriver,
  RawQueryFragment,
  type AnyEntity,
  type Configuration,
  type Dictionary,
  type EntityData,
  type LoggingOptions,
  type NativeQueryBuilder,
  type PostgreSqlPlatform,
  type QueryResult,
  type Transaction,
} from '@mikro-orm/postgresql';
import { CompiledQuery, type AbortableQueryOptions, type Kysely } from 'kysely';

type Query = string | NativeQueryBuilder | RawQueryFragment;
type Parameters = readonly unknown[] | Dictionary<unknown>;
/** A transaction of the ORM is Kysely's, though the ORM types it as anything. */
type Client = Kysely<unknown>;

/**
 * Sends what the ORM asks as `$1`-text with its values beside it, where the ORM alone writes values into the text and
 * so into every log of statements. Dates go as the ORM formats them; an array is a list of values, as in `in (?)`.
 */
export class BoundConnection extends PostgreSqlConnection {
  // The ORM's own steps with other text and values; test/platform/bound-driver.test.ts notices when they change.
  override async execute<
    T extends QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[] = EntityData<AnyEntity>[],
  >(
    query: Query,
    params: Parameters = [],
    method: 'all' | 'get' | 'run' = 'all',
    transaction?: Transaction,
    loggerContext?: LoggingOptions,
  ): Promise<T> {
    await this.ensureConnection();
    const { values, ...q } = this.#bind(query, params);
    const { abort, context } = withoutAbort(loggerContext);
    const work = async () => {
      const client = (transaction ?? this.getClient()) as Client;
      const answer = await client.executeQuery(CompiledQuery.raw(q.formatted, values), abort);
      return this.transformRawResult<T>(answer, method);
    };
    return this.executeQuery(this.getSql(q.query, q.formatted, loggerContext), work, { ...q, ...context });
  }

  override async *stream<T extends EntityData<AnyEntity>>(
    query: Query,
    params: Parameters = [],
    transaction?: Transaction<Kysely<any>>,
    loggerContext?: LoggingOptions,
    chunkSize = 100,
  ): AsyncIterableIterator<T> {
    await this.ensureConnection();
    const { values, ...q } = this.#bind(query, params);
    const text = this.getSql(q.query, q.formatted, loggerContext);
    const { abort, context } = withoutAbort(loggerContext);
    const logged = { sql: text, params: q.params, ...context };
    try {
      const client = (transaction ?? this.getClient()) as Client;
      const answer = client
        .getExecutor()
        .stream(CompiledQuery.raw(q.formatted, values), chunkSize, abort && { signal: abort.signal });
      this.logQuery(text, logged);
      for await (const rows of answer) yield* this.transformRawResult<T[]>(rows, 'all');
    } catch (error) {
      this.logQuery(text, { ...logged, level: 'error' });
      throw error;
    }
  }

  #bind(query: Query, params: Parameters) {
    const asked = this['prepareQuery'](query, params) as { query: string; params: readonly unknown[] };
    const values: unknown[] = [];
    return {
      ...asked,
      formatted: boundText(this.platform as PostgreSqlPlatform, asked.query, asked.params, values),
      values,
    };
  }
}

/** PostgreSQL as the ORM knows it, by connections that bind. */
export class BoundDriver extends PostgreSqlDriver {
  protected override readonly connection: BoundConnection;
  protected override readonly replicas: PostgreSqlConnection[];

  constructor(config: Configuration) {
    super(config);
    this.connection = new BoundConnection(config);
    this.replicas = this.createReplicas((replica) => new BoundConnection(config, replica, 'read'));
  }
}

/**
 * The ORM's text read as it reads it itself: `?` is a value, `??` an identifier, `\?` a question mark, and a text
 * without parameters stands as it is. What is bound is added to `values`.
 */
function boundText(
  platform: PostgreSqlPlatform,
  sql: string,
  params: readonly unknown[],
  values: unknown[],
): string {
  if (params.length === 0) return sql;
  const valueOf = (value: unknown): string => {
    if (isRaw(value)) return boundText(platform, value.sql, value.params, values);
    if (Array.isArray(value)) return value.map(valueOf).join(', ');
    return `$${values.push(value instanceof Date ? platform.formatDate(value) : (value ?? null))}`;
  };
  const identifierOf = (id: unknown) => {
    const raw = RawQueryFragment.getKnownFragment(id);
    return raw ? valueOf(raw) : platform.quoteIdentifier(id as string);
  };
  let at = 0;
  return sql.replace(/\\\?|\?\??/g, (sign) =>
    sign === '\\?' ? '?' : sign === '??' ? identifierOf(params[at++]) : valueOf(params[at++]),
  );
}

/** What ends a running query travels in the logger's context, and is not for loggers. */
function withoutAbort(loggerContext: LoggingOptions | undefined) {
  const { signal, inflightQueryAbortStrategy, ...context } = (loggerContext ?? {}) as LoggingOptions &
    AbortableQueryOptions;
  const isAbortable = signal != null || inflightQueryAbortStrategy != null;
  return { context, abort: isAbortable ? { signal, inflightQueryAbortStrategy } : undefined };
}
