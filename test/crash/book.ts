import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Order } from './engine-room.ts';

/** The outcome is unknown: the connection or its other end was gone before the answer came. */
export class Lost extends Error {}

/** What clients sent and were told. The truth that the database is held to; kept as NDJSON, too. */
export class Book<O extends { commandId: string }, A extends object> {
  readonly answers = new Map<string, A>();
  readonly orders = new Map<string, O>();
  /** How often an answer was lost, and its command sent again. */
  repeated = 0;
  #fresh = new Set<string>();
  readonly #file: WriteStream;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = createWriteStream(join(folder, `${name}.ndjson`));
  }

  sends(order: O): void {
    this.orders.set(order.commandId, order);
    this.#write({ sent: order });
  }
  hears(commandId: string, answer: A): void {
    this.answers.set(commandId, answer);
    this.#fresh.add(commandId);
    this.#write({ answered: commandId, answer });
  }
  loses(commandId: string): void {
    this.repeated += 1;
    this.#write({ lost: commandId });
  }
  notes(what: object): void {
    this.#write(what);
  }

  /** What was answered since this was asked last. */
  takeFresh(): ReadonlySet<string> {
    const fresh = this.#fresh;
    this.#fresh = new Set();
    return fresh;
  }

  get acknowledged(): number {
    return [...this.answers.values()].filter((answer) => 'receipt' in answer).length;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve));
  }

  #write(line: object): void {
    this.#file.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);
  }
}

export class EngineBook extends Book<Order, Answer> {}
