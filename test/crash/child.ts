// A process of ours, driven through its channel and killed without warning.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Lost } from './book.ts';
import type { Server } from './clients.ts';
import type { Answer, Receipt } from './engine-room.ts';
import type { Request } from './engine-host.ts';
import { armed, type Failure } from './failpoints.ts';
import { handOn } from './shipped.mjs';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export class EngineChild implements Server {
  readonly #process: ChildProcess;
  readonly #open = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  readonly #ready: Promise<unknown>;
  readonly ended: Promise<unknown>;
  #no = 0;

  constructor(serverUrl: string, tenant: string, failure: Failure | undefined) {
    const preload = [...handOn(), ...(failure ? ['--import', armed(failure)] : [])];
    this.#process = spawn(
      process.execPath,
      ['--no-warnings=ExperimentalWarning', ...preload, pathOf('engine-host.ts'), serverUrl, tenant],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    this.ended = once(this.#process, 'exit').then(() => this.#loseAll());
    this.#ready = once(this.#process, 'message');
    this.#process.on('message', (message: { no?: number; answer?: unknown; error?: string }) => {
      const asker = this.#open.get(message.no ?? 0);
      this.#open.delete(message.no ?? 0);
      if (message.error) asker?.reject(new Error(message.error));
      else asker?.resolve(message.answer as never);
    });
  }

  /** Resolves when it obeys; rejects when it ended before. */
  async ready(): Promise<this> {
    const isGone = this.ended.then(() => {
      throw new Error('The engine ended before it was ready');
    });
    await Promise.race([this.#ready, isGone]);
    return this;
  }

  obey: Server['obey'] = (order) => this.#ask<Answer>({ obey: order });
  look: Server['look'] = (id) => this.#ask<Receipt>({ look: id });
  fireDue: Server['fireDue'] = () => this.#ask<number>({});

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #ask<T>(request: Omit<Request, 'no'>): Promise<T> {
    const no = ++this.#no;
    return new Promise<T>((resolve, reject) => {
      this.#open.set(no, { resolve, reject });
      this.#process.send({ no, ...request }, (error) => {
        if (error) void this.ended.then(() => this.#lose(no)); // its end may not have been told us yet
      });
    });
  }

  #lose(no: number): void {
    this.#open.get(no)?.reject(new Lost('The engine is gone'));
    this.#open.delete(no);
  }
  #loseAll(): void {
    for (const no of this.#open.keys()) this.#lose(no);
  }
}
