import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Logger } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Access } from './access.ts';
import { ClientError, type ErrorCode } from './client-error.ts';
import { guardSchema, type RequestContext } from './guard-schema.ts';
import { scalars } from './scalars.ts';
import { languageOf, type Text } from './text.ts';

const sdl = fileURLToPath(new URL('../**/*.graphql', import.meta.url));
const log = new Logger('GraphQL');

const codes: Record<string, ErrorCode> = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  BAD_INPUT: 'BAD_INPUT',
  TOO_COMPLEX: 'TOO_COMPLEX',
  GRAPHQL_PARSE_FAILED: 'BAD_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_INPUT',
  BAD_USER_INPUT: 'BAD_INPUT',
  BAD_REQUEST: 'BAD_INPUT',
};

/** What leaves the server: a code of the closed list; an outage shows a request id, and its story stays in the log. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const { message, locations, path, extensions } = formatted;
  const code = original instanceof ClientError ? original.extensions.code : extensions?.code;
  const known = codes[String(code)];
  const { code: _code, stacktrace: _stacktrace, ...rest } = extensions ?? {};
  if (known && (original instanceof GraphQLError || error instanceof GraphQLError))
    return { message, locations, path, extensions: { ...rest, code: known } };
  const requestId = randomUUID();
  log.error(`${requestId} ${describe(original)}`);
  return {
    message: `Ein Fehler auf unserer Seite. Nichts wurde geändert. Kennung für die Betreuung: ${requestId}`,
    path,
    extensions: { code: 'INTERNAL', requestId },
  };
}

/** Name, code and place of a failure; database details may quote what people typed, so they stay out. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code)
    return `${error.name} ${code} ${constraint ?? ''} ${error.stack?.split('\n').slice(1, 8).join('\n') ?? ''}`;
  return error.stack ?? error.message;
}

/** Puts errors into the asker's language. */
const translate: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response }) {
        if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
        const language = contextValue?.actor?.language ?? 'de';
        response.body.singleResult.errors = response.body.singleResult.errors.map((error) => {
          const { text, ...extensions } = (error.extensions ?? {}) as { text?: Text };
          return { ...error, message: text?.[language] ?? error.message, extensions };
        });
      },
    };
  },
};

interface HttpRequest {
  headers: Record<string, string | string[] | undefined>;
}

/** A request without an actor has no context: it ends here, told in the language it asks for. */
async function contextOf(access: Access, { headers }: HttpRequest): Promise<RequestContext> {
  try {
    return { actor: await access.authenticate(headers) };
  } catch (error) {
    const language = languageOf(headers['accept-language'] as string | undefined);
    throw error instanceof ClientError ? error.inLanguage(language) : error;
  }
}

/** GraphQL over POST /graphql: schema first, guarded per field, anonymous requests end before execution. */
export const GraphqlModule = GraphQLModule.forRootAsync<ApolloDriverConfig>({
  driver: ApolloDriver,
  inject: [Access],
  useFactory: (access: Access) => ({
    path: '/graphql',
    typePaths: [sdl],
    resolvers: scalars,
    resolverValidationOptions: {
      requireResolversForArgs: 'error',
      requireResolversToMatchSchema: 'error',
      requireResolversForResolveType: 'ignore',
    },
    transformSchema: (schema) => guardSchema(schema, access.rules),
    context: (request: HttpRequest) => contextOf(access, request),
    formatError,
    plugins: [translate, ApolloServerPluginCacheControlDisabled()],
    introspection: true,
    playground: false,
    graphiql: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    parseOptions: { maxTokens: 2000 },
    stringifyResult: JSON.stringify,
  }),
});
