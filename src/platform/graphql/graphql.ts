import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Access } from './access.ts';
import { ClientError } from '../words/client-error.ts';
import { formatError, inLanguage } from './error-format.ts';
import { guardSchema, type RequestContext } from './guard-schema.ts';
import { Prices } from './prices.service.ts';
import { scalars } from './scalars.ts';
import { languageOf } from '../words/text.ts';

/** No document that anybody needs is longer. */
export const maxTokens = 2000;

/** Puts errors into the asker's language. */
const translate: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation === 'subscription') throw onlyStreamed();
      },
      async willSendResponse({ contextValue, response }) {
        if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
        const language = contextValue?.actor?.language ?? 'de';
        response.body.singleResult.errors = response.body.singleResult.errors.map((error) =>
          inLanguage(error, language),
        );
      },
    };
  },
};

/** The SDL of all rooms. Each extends what lies below, so nothing needs to be merged: that would take a tenth of a second. */
function wordsOfRooms(): string {
  const rooms = join(import.meta.dirname, '../..');
  const files = readdirSync(rooms, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.graphql'),
  );
  return files
    .sort()
    .map((file) => readFileSync(join(rooms, file), 'utf8'))
    .join('\n');
}

const onlyStreamed = () =>
  new ClientError(
    'BAD_INPUT',
    {
      de: 'Abonnements gibt es nur unter /graphql/stream.',
      en: 'Subscriptions are served at /graphql/stream only.',
    },
    { http: 400 },
  );

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
  inject: [Access, Prices],
  useFactory: (access: Access, prices: Prices) => ({
    path: '/graphql',
    typeDefs: wordsOfRooms(),
    resolvers: scalars,
    resolverValidationOptions: {
      requireResolversForArgs: 'error',
      requireResolversToMatchSchema: 'error',
      requireResolversForResolveType: 'ignore',
    },
    transformSchema: (schema) => guardSchema(schema, access.rules),
    context: (request: HttpRequest) => contextOf(access, request),
    formatError,
    plugins: [translate, prices.plugin(), ApolloServerPluginCacheControlDisabled()],
    introspection: true,
    playground: false,
    graphiql: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    parseOptions: { maxTokens },
    stringifyResult: JSON.stringify,
  }),
});
