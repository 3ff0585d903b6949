import type { ServerResponse } from 'node:http';

/** A reader that takes nothing for so long is gone, or as good as gone. */
const patienceMs = 60_000;

/** Where a stream's events flow out, and how it is known that the reader has taken them. */
export class EventWriter {
  readonly #raw: ServerResponse;
  #underway = 0;
  #emptied = () => {};

  constructor(raw: ServerResponse) {
    this.#raw = raw;
  }

  /** Resolves once what was handed over has left. Who waits for it holds back one event, never a queue of them. */
  async taken(): Promise<void> {
    if (this.#underway > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
  }

  handedOver(): void {
    this.#underway += 1;
  }

  /** Writes until the body ends or the reader leaves. */
  async pour(body: AsyncGenerator<string>): Promise<void> {
    this.#raw.once('close', () => {
      this.#left(Infinity);
      void body.return(undefined);
    });
    for await (const chunk of body) {
      if (!(await this.#write(chunk))) break;
      if (chunk.startsWith('event: next')) this.#left(1);
    }
    await body.return(undefined);
    this.#raw.end();
  }

  #left(events: number): void {
    this.#underway = Math.max(0, this.#underway - events);
    if (this.#underway === 0) this.#emptied();
  }

  #write(chunk: string): Promise<boolean> {
    if (!this.#raw.writable || this.#raw.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => this.#raw.destroy(), patienceMs);
      this.#raw.write(chunk, (error) => {
        clearTimeout(giveUp);
        resolve(!error);
      });
    });
  }
}
