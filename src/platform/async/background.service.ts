import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';

/** What a server does without being asked: watch deadlines, hand effects over, deliver them. */
export interface BackgroundWork {
  readonly name: string;
  start(): Promise<void> | void;
  /** Ends what is in hand, or leaves it so that another server goes on with it. */
  stop(): Promise<void> | void;
}

const log = new Logger('Background');

/**
 * Rooms add their work in a constructor, lower rooms first; it begins when the server answers and ends, in reverse
 * order, before the database goes. Tools and most tests never start it.
 */
@Injectable()
export class Background implements BeforeApplicationShutdown {
  readonly #works: BackgroundWork[] = [];
  #started: BackgroundWork[] = [];

  add(work: BackgroundWork): void {
    this.#works.push(work);
  }

  /** Starts what is not running yet. What cannot start says so and holds up nothing else. */
  async start(): Promise<void> {
    for (const work of this.#works.filter((one) => !this.#started.includes(one))) {
      this.#started.push(work);
      try {
        await work.start();
      } catch (error) {
        log.error(`${work.name} did not start: ${(error as Error).message}`);
      }
    }
  }

  async stop(): Promise<void> {
    const running = this.#started.toReversed();
    this.#started = [];
    for (const work of running) await work.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}
