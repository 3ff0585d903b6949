// Servers that come and go: what a client sees of a fault, and who serves at the moment.
import type { Server } from './clients.ts';

/** Faults of the way to the database or of its end: the outcome is unknown, and the same command may be sent again. */
const wayIsGone =
  /terminat|ECONN|EPIPE|socket|Connection|closed|not accept|starting up|shutting down|recovery mode/i;
const codesOfShutdown = new Set(['57P01', '57P02', '57P03', '08006', '08003', '08P01', '25P03']);

export function isConnectionFault(error: unknown): boolean {
  const { code = '', message } = error as { code?: string; message: string };
  return codesOfShutdown.has(code) || wayIsGone.test(message) || wayIsGone.test(code);
}

/** The one that serves; whoever asks while nobody does gets the next. */
export class Seat<T extends Server> {
  #serving: Promise<T>;
  #sit!: (server: T) => void;

  constructor() {
    this.#serving = this.#empty();
  }

  readonly now = (): Promise<T> => this.#serving;

  take(server: T): void {
    this.#sit(server);
  }

  leave(): void {
    this.#serving = this.#empty();
  }

  #empty(): Promise<T> {
    return new Promise((resolve) => (this.#sit = resolve));
  }
}
