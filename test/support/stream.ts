import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Background } from '../../src/platform/index.ts';
import type { Answer } from './app.ts';

/** A server that answers at a port of its own and does its background work. */
export async function openDoors(app: NestFastifyApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  await app.get(Background).start();
  return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
}

/** What a client reads of `/graphql/stream`, event by event. */
export class Stream {
  readonly response: IncomingMessage;
  readonly #request: ClientRequest;
  #text = '';

  private constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request;
    this.response = response.setEncoding('utf8');
  }

  static open(origin: string, token: string, query: string, variables: object = {}): Promise<Stream> {
    const url = new URL('/graphql/stream', origin);
    url.searchParams.set('query', query);
    url.searchParams.set('variables', JSON.stringify(variables));
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const request = get(url, { headers, agent: false }, (response) =>
        resolve(new Stream(request, response)),
      );
      request.on('error', reject);
    });
  }

  /** The next answer; undefined when the stream has come to its end. */
  async next(): Promise<Answer | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end < 0) {
        if (!(await this.#more())) return undefined;
        continue;
      }
      const [event, data] = this.#text.slice(0, end).split('\n');
      this.#text = this.#text.slice(end + 2);
      if (event === 'event: complete') return undefined;
      if (event === 'event: next') return JSON.parse(data!.slice('data: '.length)) as Answer;
    }
  }

  /** Its whole text, for an answer that is no stream. */
  async text(): Promise<string> {
    while (await this.#more());
    return this.#text;
  }

  close(): void {
    this.#request.destroy();
  }

  async #more(): Promise<boolean> {
    const chunk = this.response.read() as string | null;
    if (chunk !== null) {
      this.#text += chunk;
      return true;
    }
    if (this.response.readableEnded || this.response.destroyed) return false;
    await new Promise<void>((resolve) => {
      const woken = () => {
        for (const event of ['readable', 'end', 'close']) this.response.off(event, woken);
        resolve();
      };
      for (const event of ['readable', 'end', 'close']) this.response.on(event, woken);
    });
    return true;
  }
}
