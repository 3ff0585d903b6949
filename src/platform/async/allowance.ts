interface Account {
  left: number;
  since: number;
}

/** So much a minute for each, saved up to one minute's worth: short bursts pass, a flood of one waits for itself. */
export class Allowance {
  readonly #perMinute: number;
  readonly #accounts = new Map<string, Account>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Takes the amount and gives 0, or takes nothing and gives the whole seconds until it is there. */
  take(whose: string, amount: number, now = performance.now()): number {
    const before = this.#accounts.get(whose);
    const saved = before ? before.left + ((now - before.since) / 60_000) * this.#perMinute : Infinity;
    const left = Math.min(this.#perMinute, saved);
    // What is larger than a minute's worth is taken from a full minute: it must be possible at all.
    const needed = Math.min(amount, this.#perMinute);
    if (left < needed) return Math.ceil(((needed - left) / this.#perMinute) * 60);
    this.#accounts.delete(whose);
    this.#accounts.set(whose, { left: left - needed, since: now });
    this.#forget(now);
    return 0;
  }

  /** Whoever has asked nothing for a minute has a full one again: nothing needs to be remembered of them. */
  #forget(now: number): void {
    for (const [whose, { since }] of this.#accounts) {
      if (now - since < 60_000) return;
      this.#accounts.delete(whose);
    }
  }
}
