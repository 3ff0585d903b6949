/** Does the same thing again and again, one after the other, with a pause between; a failure is told and passed over. */
export class Loop {
  readonly #turn: () => Promise<void>;
  readonly #pauseMs: number;
  readonly #failed: (error: Error) => void;
  #running: Promise<void> | undefined;
  #isEnding = false;
  #wake = () => {};

  constructor(turn: () => Promise<void>, pauseMs: number, failed: (error: Error) => void) {
    this.#turn = turn;
    this.#pauseMs = pauseMs;
    this.#failed = failed;
  }

  /** For a turn of many parts: whether to end after the one in hand. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  start(): void {
    this.#isEnding = false;
    this.#running ??= this.#run();
  }

  /** Ends after the turn that is under way. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#wake();
    await this.#running;
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      await this.#turn().catch(this.#failed);
      if (!this.#isEnding) await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#pauseMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
