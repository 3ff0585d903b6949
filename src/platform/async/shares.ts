import { Semaphore } from './semaphore.ts';

/** So many at once for each: whoever wants more waits for their own, and nobody else does. */
export class Shares {
  readonly #atOnce: number;
  readonly #shares = new Map<string, { readonly turns: Semaphore; users: number }>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async take<T>(whose: string, work: () => Promise<T>): Promise<T> {
    let share = this.#shares.get(whose);
    if (!share) this.#shares.set(whose, (share = { turns: new Semaphore(this.#atOnce), users: 0 }));
    share.users += 1;
    try {
      return await share.turns.take(work);
    } finally {
      if ((share.users -= 1) === 0) this.#shares.delete(whose);
    }
  }
}
