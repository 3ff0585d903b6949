import { Injectable, Logger } from '@nestjs/common';
import { Background, Config, Loop } from '../../platform/index.ts';
import { DueSteps, type DueReport } from './due-steps.service.ts';

const log = new Logger('Deadlines');

/** Watches the deadlines, in every server: each takes its share of what is due, and waits when there is nothing left. */
@Injectable()
export class DueWatch {
  readonly #due: DueSteps;
  readonly #loop: Loop;

  constructor(config: Config, due: DueSteps, background: Background) {
    this.#due = due;
    this.#loop = new Loop(
      () => this.#turn(),
      config.settings.dueIntervalMs,
      (error) => log.warn(error.message),
    );
    background.add({ name: 'deadlines', start: () => this.start(), stop: () => this.stop() });
  }

  start(): void {
    this.#loop.start();
  }

  /** What is being fired is finished; what is left falls to other servers, or to the next start. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #turn(): Promise<void> {
    let report: DueReport;
    do {
      report = await this.#due.batch();
      for (const { processId, deadline, message } of report.refused)
        log.warn(`${processId} ${deadline} waits: ${message.en}`);
    } while (report.taken.length > 0 && !this.#loop.isEnding);
  }
}
