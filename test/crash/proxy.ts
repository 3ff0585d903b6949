// A proxy between server and database that cuts the connection at the n-th message a client sends.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Conversation, type Message } from './wire.ts';

/** Before the message reaches the database, in its middle, or when the database has answered and nobody hears it. */
export type Moment = 'before' | 'half' | 'answered';
export const moments: readonly Moment[] = ['before', 'half', 'answered'];

export interface Cut {
  /** Which message, counted from one over all connections since the cut was set. */
  readonly at: number;
  readonly moment: Moment;
}

/** What the database answers at once; after anything else it waits for more. */
const isAnswered = new Set(['startup', 'Q', 'S', 'p']);

export class CuttingProxy {
  readonly #server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #cut: Cut | undefined;
  /** The statements of the messages since the cut was set, in order. */
  #seen: string[] = [];

  private constructor(target: URL) {
    this.#target = { host: target.hostname, port: Number(target.port) };
    this.#server = createServer((client) => this.#serve(client));
  }

  /** Listens before `url`; the address to connect to instead is `proxy.url`. */
  static async before(url: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.#url = new URL(url);
    proxy.#url.port = String((proxy.#server.address() as AddressInfo).port);
    return proxy;
  }
  #url!: URL;

  get url(): string {
    return this.#url.href;
  }

  /** Sets the next cut, or none, and begins to count. */
  set(cut: Cut | undefined): void {
    this.#cut = cut;
    this.#seen = [];
  }

  get seen(): readonly string[] {
    return this.#seen;
  }

  /** Whether the cut that was set is still to come. */
  get isSet(): boolean {
    return this.#cut !== undefined;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(client: Socket): void {
    const database = connect(this.#target);
    const end = () => {
      for (const socket of [client, database]) {
        socket.destroy();
        this.#sockets.delete(socket);
      }
    };
    for (const socket of [client, database]) {
      socket.setNoDelay(true);
      socket.on('error', end).on('close', end);
      this.#sockets.add(socket);
    }
    const conversation = new Conversation();
    let isCut = false;
    client.on('data', (chunk: Buffer) => {
      for (const message of conversation.read(chunk)) {
        if (isCut) return;
        this.#seen.push(message.about);
        if (this.#cut?.at !== this.#seen.length) database.write(message.bytes);
        else {
          isCut = true;
          const { moment } = this.#cut;
          this.#cut = undefined;
          cutAt(moment, message, database, end);
        }
      }
    });
    database.on('data', (chunk: Buffer) => {
      if (!isCut) client.write(chunk);
    });
  }
}

function cutAt(moment: Moment, { type, bytes }: Message, database: Socket, end: () => void): void {
  if (moment === 'before') return end();
  const sent = moment === 'half' ? bytes.subarray(0, bytes.length >> 1) : bytes;
  if (moment === 'answered' && isAnswered.has(type)) {
    database.once('data', end);
    database.write(sent);
  } else database.write(sent, end);
}
