import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  createSourceEventStream,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { createHandler, type Handler, type Request, type RequestParams, type Response } from 'graphql-sse';
import type { ServerResponse } from 'node:http';
import { Access } from './access.ts';
import { ClientError } from '../words/client-error.ts';
import { Delivery, isStream } from './delivery.ts';
import { formatError, inLanguage } from './error-format.ts';
import { maxTokens } from './graphql.ts';
import type { RequestContext } from './guard-schema.ts';
import { Prices } from './prices.service.ts';
import { EventWriter } from '../async/event-writer.ts';
import { ConnectionQuota } from '../async/connection-quota.ts';
import { languageOf } from '../words/text.ts';
import { Semaphore } from '../async/semaphore.ts';

type Headers = Record<string, string | string[] | undefined>;
interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body?: unknown;
}
type StreamRequest = Request<Incoming, EventWriter>;

const path = '/graphql/stream';
const mostForOne = 20;
const mostAtAll = 2000;
const inTurn = 4;

/**
 * Subscriptions as server-sent events, one connection each (ADR 0052). Signed in, guarded and bounded like a POST; for
 * each event the asker is made afresh from the same token, so a right that was withdrawn tells nothing any more.
 */
@Injectable()
export class StreamDoor implements OnModuleInit {
  readonly #access: Access;
  readonly #prices: Prices;
  readonly #schemas: GraphQLSchemaHost;
  readonly #host: HttpAdapterHost<FastifyAdapter>;
  readonly #turns = new Semaphore(inTurn);
  readonly #places = new ConnectionQuota(mostForOne, mostAtAll);
  readonly #handler: Handler<Incoming, EventWriter>;

  constructor(
    access: Access,
    prices: Prices,
    schemas: GraphQLSchemaHost,
    host: HttpAdapterHost<FastifyAdapter>,
  ) {
    this.#access = access;
    this.#prices = prices;
    this.#schemas = schemas;
    this.#host = host;
    this.#handler = createHandler<Incoming, EventWriter, never>({
      authenticate: () => null, // every operation has a connection of its own
      onSubscribe: async (request, params) => this.#prepare(request, params) as never,
      validate: () => [], // done there
      subscribe: (args) => this.#subscribe(args as unknown as StreamArgs) as never,
    });
  }

  onModuleInit(): void {
    if (this.#host.httpAdapter?.getType?.() !== 'fastify') return;
    const fastify = this.#host.httpAdapter.getInstance();
    fastify.route({
      method: ['GET', 'POST'],
      url: path,
      handler: async (request, reply) => {
        const outlet = new EventWriter(reply.raw);
        const [body, { status, headers = {} }] = await this.#answer(request as Incoming, outlet);
        if (body === null || typeof body === 'string')
          return reply
            .code(status)
            .headers(headers)
            .send(body ?? '');
        reply.hijack();
        head(reply.raw, status, { ...(reply.getHeaders() as Record<string, string>), ...headers });
        await outlet.pour(body);
      },
    });
  }

  #answer(request: Incoming, outlet: EventWriter): Promise<Response> {
    const { method, url, headers, body } = request;
    return this.#handler({
      method,
      url,
      headers: { get: (name) => (name === 'accept' ? 'text/event-stream' : (headers[name] as string)) },
      body: () => (body ?? null) as never,
      raw: request,
      context: outlet,
    });
  }

  /** Who asks what, or why not: every fault is told like that of a POST. */
  async #prepare(
    { raw, context: outlet }: StreamRequest,
    params: RequestParams,
  ): Promise<StreamArgs | Response> {
    const language = languageOf(raw.headers['accept-language'] as string | undefined);
    try {
      const actor = await this.#access.authenticate(raw.headers);
      const { schema } = this.#schemas;
      const document = read(schema, params.query);
      const asked = getOperationAST(document, params.operationName);
      if (asked?.operation !== 'subscription') throw onlySubscriptions();
      const variables = params.variables ?? {};
      this.#prices.charge(actor, { schema, document, operation: asked, variables });
      const ending = this.#places.take(actor.account); // at once, for what is asked next takes time
      if (!ending) throw tooMany();
      return {
        ...operation(params, document),
        schema,
        contextValue: { actor, headers: raw.headers, outlet, ending },
      };
    } catch (error) {
      const told =
        error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
      return refusal(inLanguage(formatError(told.toJSON(), error), language));
    }
  }

  async #subscribe({
    contextValue,
    ...args
  }: StreamArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    const { actor, headers, outlet, ending } = contextValue;
    const asked = { ...args, contextValue: { actor, ended: ending.signal } satisfies RequestContext };
    const source = await createSourceEventStream(asked as ExecutionArgs).catch((error: unknown) => {
      ending.abort();
      throw error;
    });
    if (!isStream(source)) {
      ending.abort();
      return source;
    }
    return new Delivery({
      args: args as ExecutionArgs,
      source: source as AsyncIterable<unknown>,
      actor,
      ending,
      outlet,
      turns: this.#turns,
      refresh: () => this.#access.authenticate(headers),
    });
  }
}

interface StreamArgs extends Omit<ExecutionArgs, 'contextValue'> {
  readonly contextValue: {
    readonly actor: RequestContext['actor'];
    readonly headers: Headers;
    readonly outlet: EventWriter;
    readonly ending: AbortController;
  };
}

/** The document, bounded and valid like that of a POST. */
function read(schema: GraphQLSchema, query: string): DocumentNode {
  const malformed = ({ message, nodes, source, positions }: GraphQLError) =>
    new GraphQLError(message, { nodes, source, positions, extensions: { code: 'BAD_INPUT' } });
  try {
    const document = parse(query, { maxTokens });
    const [fault] = validate(schema, document);
    if (fault) throw fault;
    return document;
  } catch (error) {
    throw error instanceof GraphQLError ? malformed(error) : error;
  }
}

const operation = ({ operationName, variables }: RequestParams, document: DocumentNode) => ({
  document,
  ...(operationName !== undefined && { operationName }),
  ...(variables !== undefined && { variableValues: variables }),
});

function head(raw: ServerResponse, status: number, given: Record<string, string>): void {
  const { 'content-encoding': _none, ...headers } = given; // the library says "none", which is no encoding
  raw.writeHead(status, { ...headers, 'x-accel-buffering': 'no' }); // a proxy that collects would hold events back
}

function refusal(error: ReturnType<typeof inLanguage>): Response {
  const status =
    { UNAUTHENTICATED: 401, TOO_COMPLEX: 429, INTERNAL: 500 }[String(error.extensions?.['code'])] ?? 400;
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return [JSON.stringify({ errors: [error] }), { status, statusText: '', headers }];
}

const onlySubscriptions = () =>
  new ClientError('BAD_INPUT', {
    de: 'Hier gibt es nur Abonnements; Fragen und Handlungen gehen an POST /graphql.',
    en: 'Only subscriptions are served here; queries and mutations go to POST /graphql.',
  });
const tooMany = () =>
  new ClientError('TOO_COMPLEX', {
    de: 'Zu viele Abonnements zugleich. Bitte eines beenden.',
    en: 'Too many subscriptions at once. Please end one.',
  });
