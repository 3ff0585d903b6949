import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SideThread, SideThreadStopped } from '../../platform/index.ts';
import { checkStopped } from '../publish/check-stopped.rules.ts';
import type { Proof, Unproved } from './migration-proof.rules.ts';

/** The proof over the 4,192 configurations of the largest shipped definition takes about a second. */
const limits = { milliseconds: 20_000, megabytes: 256 };

/** Proves plans in a thread of its own: meanwhile the server answers everybody else. */
@Injectable()
export class MigrationProofs implements OnApplicationShutdown {
  readonly #thread = new SideThread<Unproved, Proof>(
    new URL(`./migration-proof.worker${import.meta.url.slice(-3)}`, import.meta.url),
    limits,
  );

  async of(unproved: Unproved): Promise<Proof> {
    try {
      return await this.#thread.ask(unproved);
    } catch (error) {
      if (!(error instanceof SideThreadStopped)) throw error;
      const fault = checkStopped(error.isLate, limits.milliseconds / 1000, 'states');
      return { configurations: 0, faults: [fault] };
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.#thread.close();
  }
}
