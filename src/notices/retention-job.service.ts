import { Injectable, Logger } from '@nestjs/common';
import { Background, Config, Loop, newId, Reads, systemActor, type Json } from '../platform/index.ts';
import { deleteSettled, hasSettled } from './deliveries.sql.ts';
import { SystemCommands } from './system-commands.service.ts';

const log = new Logger('RetentionJob');
const pauseMs = 3_600_000;
/** At most so many rows are deleted in one transaction. */
const batch = 500;
const dayMs = 86_400_000;

/**
 * Deletes deliveries that left, or that a person dropped, once their period is over (`KEEP_NOTICES_DAYS`), because who
 * received what is no archive. A delivery that waits or has failed stays until it leaves or somebody decides. Without its
 * row a notice is still not sent twice: the receipt of its job remains. Every server looks once an hour by itself.
 */
@Injectable()
export class RetentionJob {
  readonly #reads: Reads;
  readonly #commands: SystemCommands;
  readonly #periodMs: number;
  readonly #loop: Loop;

  constructor(reads: Reads, commands: SystemCommands, config: Config, background: Background) {
    this.#reads = reads;
    this.#commands = commands;
    this.#periodMs = config.settings.keepNoticesDays * dayMs;
    this.#loop = new Loop(
      async () => void (await this.run()),
      pauseMs,
      (error) => log.warn(error.message),
    );
    background.add({ name: 'retention', start: () => this.start(), stop: () => this.stop() });
  }

  start(): void {
    this.#loop.start();
  }

  /** Finishes the batch at work; other servers or the next start do the rest. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Deletes in all administrations, batch by batch, and returns how many rows that were. */
  async run(): Promise<number> {
    let deleted = 0;
    for (const { id } of await this.#reads.administrations()) deleted += await this.#deleteOf(id);
    return deleted;
  }

  async #deleteOf(tenant: string): Promise<number> {
    const db = await this.#reads.db(systemActor(tenant));
    // It looks first, so that an hour without anything to delete leaves no receipt.
    if (!(await hasSettled(db, this.#before(db.at)))) return 0;
    let deleted = 0;
    for (let last = batch; last === batch && !this.#loop.isEnding; deleted += last)
      await this.#commands.run(tenant, 'deleteSettledDeliveries', newId(), async (tx): Promise<Json> => {
        last = await deleteSettled(tx, this.#before(tx.at), batch);
        return { deleted: last };
      });
    return deleted;
  }

  #before(at: Date): Date {
    return new Date(at.getTime() - this.#periodMs);
  }
}
