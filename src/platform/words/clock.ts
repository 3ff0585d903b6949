import { Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The platform's clock. Ordinarily every command carries the database's time; inside `at` it carries the given one.
 * The demo's history and tests are told this way, through the same commands that users send.
 */
@Injectable()
export class Clock {
  readonly #travel = new AsyncLocalStorage<Date>();

  /** Runs `work` as if it were `instant`. */
  at<T>(instant: Date, work: () => Promise<T>): Promise<T> {
    return this.#travel.run(instant, work);
  }

  /** The instant that was travelled to, or undefined: then the database's clock counts. */
  travelled(): Date | undefined {
    return this.#travel.getStore();
  }

  now(): Date {
    return this.travelled() ?? new Date();
  }
}
