/** So many at a time for one account, and so many at all. */
export class ConnectionQuota {
  readonly #forOne: number;
  readonly #atAll: number;
  readonly #taken = new Map<string, number>();

  constructor(forOne: number, atAll: number) {
    this.#forOne = forOne;
    this.#atAll = atAll;
  }

  /** Takes a place, given back when what it returns is aborted; undefined when there is none. */
  take(account: string): AbortController | undefined {
    const mine = this.#taken.get(account) ?? 0;
    const all = [...this.#taken.values()].reduce((sum, count) => sum + count, 0);
    if (mine >= this.#forOne || all >= this.#atAll) return undefined;
    this.#taken.set(account, mine + 1);
    const ending = new AbortController();
    ending.signal.addEventListener('abort', () => this.#leave(account), { once: true });
    return ending;
  }

  #leave(account: string): void {
    const left = (this.#taken.get(account) ?? 1) - 1;
    if (left > 0) this.#taken.set(account, left);
    else this.#taken.delete(account);
  }
}
