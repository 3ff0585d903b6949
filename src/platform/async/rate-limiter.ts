/**
 * So many a second, the longest waiting first; what was not used is saved up to a burst. Keeps work that can wait from
 * taking the machine from work that cannot.
 */
export class RateLimiter {
  readonly #everyMs: number;
  readonly #burst: number;
  readonly #waiting: (() => void)[] = [];
  #saved: number;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(perSecond: number, burst: number) {
    this.#everyMs = 1000 / perSecond;
    this.#burst = this.#saved = burst;
  }

  async turn(): Promise<void> {
    if (this.#waiting.length === 0 && this.#take()) return;
    const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#timer ??= setInterval(() => this.#letPass(), this.#everyMs).unref();
    await turn;
  }

  #letPass(): void {
    while (this.#waiting.length > 0 && this.#take()) this.#waiting.shift()!();
    if (this.#waiting.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #take(): boolean {
    const now = performance.now();
    this.#saved = Math.min(this.#burst, this.#saved + (now - this.#since) / this.#everyMs);
    this.#since = now;
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
