import { hash } from 'node:crypto';
import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Actor } from '../words/actor.ts';
import { formatError, inLanguage } from './error-format.ts';
import { unauthenticated, type RequestContext } from './guard-schema.ts';
import type { EventWriter } from '../async/event-writer.ts';
import type { Semaphore } from '../async/semaphore.ts';

interface Subscribed {
  /** The operation, without who asks. */
  readonly args: ExecutionArgs;
  readonly source: AsyncIterable<unknown>;
  /** Who asked at the beginning. */
  readonly actor: Actor;
  /** Ends the source. */
  readonly ending: AbortController;
  readonly outlet: EventWriter;
  readonly turns: Semaphore;
  /** The asker as of now; throws when the sign-in has ended. */
  readonly refresh: () => Promise<Actor>;
}
type Step = IteratorResult<ExecutionResult, undefined>;

const over: Step = { done: true, value: undefined };
const longestTimer = 2 ** 31 - 1;

export const isStream = (value: object): value is AsyncIterable<unknown> => Symbol.asyncIterator in value;

/**
 * Events of a source as answers. Each waits until the reader has taken the last one, then is read under the asker's
 * rights of that moment; what shows nothing new is left out; a no, an outage or the end of the sign-in is the last.
 */
export class Delivery implements AsyncGenerator<ExecutionResult, undefined> {
  readonly #subscribed: Subscribed;
  readonly #events: AsyncIterator<unknown>;
  readonly #signInEnds: NodeJS.Timeout | undefined;
  #shown: string | undefined;
  #hasSignInEnded = false;

  constructor(subscribed: Subscribed) {
    this.#subscribed = subscribed;
    this.#events = subscribed.source[Symbol.asyncIterator]();
    this.#signInEnds = this.#endWith(subscribed.actor.until);
  }

  async next(): Promise<Step> {
    try {
      for (;;) {
        await this.#subscribed.outlet.taken();
        const event = await this.#events.next();
        if (event.done) return this.#last();
        const result = await this.#subscribed.turns.take(() => this.#read(event.value));
        if (result) return this.#told(result);
      }
    } catch (error) {
      return this.#told(spoken({ data: null, errors: [error as never] }, this.#subscribed.actor));
    }
  }

  async return(): Promise<Step> {
    clearTimeout(this.#signInEnds);
    this.#subscribed.ending.abort();
    await this.#events.return?.();
    return over;
  }

  async throw(): Promise<Step> {
    return this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #endWith(until: Date | undefined): NodeJS.Timeout | undefined {
    if (!until) return undefined;
    const end = () => {
      this.#hasSignInEnded = true;
      this.#subscribed.ending.abort();
    };
    return setTimeout(end, Math.min(Math.max(+until - Date.now(), 0), longestTimer)).unref();
  }

  /** The answer to an event; undefined when it tells this reader nothing. */
  async #read(event: unknown): Promise<ExecutionResult | undefined> {
    const { args, ending } = this.#subscribed;
    const asker = await this.#subscribed.refresh();
    const contextValue: RequestContext = { actor: asker, ended: ending.signal };
    const result = await execute({ ...args, rootValue: event, contextValue });
    if (isNotTheirs(event, result)) return undefined;
    const shown = hash('sha256', JSON.stringify(result.data ?? null)); // not the answer itself: readers are many
    if (result.data && shown === this.#shown) return undefined;
    this.#shown = shown;
    return spoken(result, asker);
  }

  #told(result: ExecutionResult): Step {
    this.#subscribed.outlet.handedOver();
    if (!result.data) this.#subscribed.ending.abort();
    return { done: false, value: result };
  }

  #last(): Step {
    this.#subscribed.ending.abort();
    if (!this.#hasSignInEnded) return over;
    this.#hasSignInEnded = false;
    return {
      done: false,
      value: spoken({ data: null, errors: [unauthenticated()] }, this.#subscribed.actor),
    };
  }
}

/** Of many things that change, a reader hears of those that are theirs to see, and nothing of the others. */
function isNotTheirs(event: unknown, { data, errors }: ExecutionResult): boolean {
  const { isOneOfMany } = event as { isOneOfMany?: boolean };
  return !data && isOneOfMany === true && errors?.[0]?.extensions['code'] === 'FORBIDDEN';
}

function spoken(result: ExecutionResult, { language }: Actor): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map((error) => {
    const formatted = 'toJSON' in error ? error.toJSON() : { message: '' };
    return inLanguage(formatError(formatted, error), language);
  });
  return { data: result.data ?? null, errors: errors as never };
}
