import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { explorerFile } from './explorer-files.ts';

/** The explorer's page under /explorer, and the way to it from links in mails. */
@Injectable()
export class ExplorerDoor implements OnModuleInit {
  readonly #host: HttpAdapterHost<FastifyAdapter>;

  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    this.#host = host;
  }

  onModuleInit(): void {
    if (this.#host.httpAdapter?.getType?.() !== 'fastify') return; // a command beside the server
    const fastify = this.#host.httpAdapter.getInstance();
    fastify.get<{ Params: { file?: string } }>('/explorer/:file?', async ({ params }, reply) => {
      const file = await explorerFile(params.file ?? '');
      if (!file) return reply.callNotFound();
      return reply.headers(file.headers).send(file.body);
    });
    // Where links in mails lead; elsewhere that is the portal at PUBLIC_URL.
    fastify.get<{ Params: { id: string } }>('/processes/:id', async ({ params }, reply) =>
      reply.redirect(`/explorer?process=${encodeURIComponent(params.id)}`),
    );
  }
}
