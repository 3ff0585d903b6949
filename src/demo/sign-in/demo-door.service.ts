import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { languageOf } from '../../platform/index.ts';
import { signInPage } from './demo-page.rules.ts';
import { demoProvider, mount } from './demo-provider.ts';
import { DemoSignIn } from './demo-sign-in.service.ts';

const log = new Logger('DemoSignIn');
const pickPath = new RegExp(`^${mount}/pick/[\\w-]+$`);
const mostFormBytes = 4096;
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

/** The provider under /oidc and its page to pick a person. */
@Injectable()
export class DemoDoor implements OnModuleInit {
  readonly #signIn: DemoSignIn;
  readonly #host: HttpAdapterHost<FastifyAdapter>;
  #provider: Provider | undefined;

  constructor(signIn: DemoSignIn, host: HttpAdapterHost<FastifyAdapter>) {
    this.#signIn = signIn;
    this.#host = host;
  }

  async onModuleInit(): Promise<void> {
    if (this.#host.httpAdapter?.getType?.() !== 'fastify') return;
    this.#provider = await this.#openProvider();
    const fastify = this.#host.httpAdapter.getInstance();
    await fastify.register(async (scope) => {
      // The provider reads its bodies itself.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      scope.route({
        method: ['GET', 'POST', 'OPTIONS'],
        url: `${mount}/*`,
        handler: (request, reply) => {
          reply.hijack();
          return this.#answer(request.raw, reply.raw);
        },
      });
    });
  }

  async #openProvider(): Promise<Provider> {
    const { port } = new URL(this.#signIn.origin);
    const origins = [this.#signIn.origin, `http://localhost:${port}`, `http://127.0.0.1:${port}`];
    const provider = demoProvider({
      issuer: this.#signIn.issuer,
      keys: await this.#signIn.keys(),
      redirectUris: [...new Set(origins)].map((origin) => `${origin}/explorer`),
      nameOf: async (personKey) =>
        (await this.#signIn.people()).find((person) => person.personKey === personKey)?.name,
    });
    provider.on('server_error', (_context, error) => log.error(error.message));
    return provider;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    if (!pickPath.test(url.split('?')[0]!)) {
      Object.assign(request, { originalUrl: url, url: url.slice(mount.length) || '/' });
      return this.#provider!.callback()(request, response);
    }
    try {
      await (request.method === 'POST' ? this.#pick(request, response) : this.#show(request, response));
    } catch {
      response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(
        'Diese Anmeldung ist abgelaufen; bitte neu beginnen. / This sign-in has expired; please begin again.\n',
      );
    }
  }

  async #show(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#provider!.interactionDetails(request, response);
    const language = languageOf(request.headers['accept-language']);
    const [cast, people] = [await this.#signIn.cast(), await this.#signIn.people()];
    response.writeHead(200, pageHeaders).end(signInPage({ language, cast, people }));
  }

  async #pick(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const accountId = new URLSearchParams(await bodyOf(request)).get('person') ?? '';
    const people = await this.#signIn.people();
    if (!people.some(({ personKey }) => personKey === accountId)) throw new Error('Nobody was picked');
    const login = { accountId };
    await this.#provider!.interactionFinished(
      request,
      response,
      { login },
      { mergeWithLastSubmission: false },
    );
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > mostFormBytes) throw new Error('The form is too long');
  }
  return body;
}
