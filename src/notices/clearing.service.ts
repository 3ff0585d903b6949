import { Injectable, Logger } from '@nestjs/common';
import { Background, Config, Loop, newId, Reads, systemActor, type Json } from '../platform/index.ts';
import { deleteSettled, hasSettled } from './effects.sql.ts';
import { SystemCommands } from './system-commands.service.ts';

const log = new Logger('Clearing');
const pauseMs = 3_600_000;
/** So many in one transaction. */
const batch = 500;
const dayMs = 86_400_000;

/**
 * Deletes what left, or was given up by a person, once its period is over (`KEEP_NOTICES_DAYS`): who was told of what
 * is no archive. What is parked or still waits stays until somebody decides or it leaves. A notice that was told is not
 * told again without its row: the receipt of its job remains. Every server looks once an hour; none waits for another.
 */
@Injectable()
export class Clearing {
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
    background.add({ name: 'clearing', start: () => this.start(), stop: () => this.stop() });
  }

  start(): void {
    this.#loop.start();
  }

  /** The batch in hand is finished; what is left falls to other servers, or to the next start. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** All administrations, each batch by batch; how many rows went. */
  async run(): Promise<number> {
    let deleted = 0;
    for (const { id } of await this.#reads.administrations()) deleted += await this.#clear(id);
    return deleted;
  }

  async #clear(tenant: string): Promise<number> {
    const db = await this.#reads.db(systemActor(tenant));
    // Looked at first, so that an hour without anything to delete leaves no receipt.
    if (!(await hasSettled(db, this.#before(db.at)))) return 0;
    let deleted = 0;
    for (let last = batch; last === batch && !this.#loop.isEnding; deleted += last)
      await this.#commands.run(tenant, 'clearNotices', newId(), async (tx): Promise<Json> => {
        last = await deleteSettled(tx, this.#before(tx.at), batch);
        return { deleted: last };
      });
    return deleted;
  }

  #before(at: Date): Date {
    return new Date(at.getTime() - this.#periodMs);
  }
}
