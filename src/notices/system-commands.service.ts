import { Injectable } from '@nestjs/common';
import { Commands, isRefusal, systemActor, type Json, type Tx } from '../platform/index.ts';

/** Commands that jobs send and no person. A command that does not get its lock throws, and its job is tried again. */
@Injectable()
export class SystemCommands {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /**
   * Runs one command. With a job's id as the command's, a job that is done twice does its work once.
   * @throws when the command is refused.
   */
  async run(tenant: string, name: string, commandId: string, work: (tx: Tx) => Promise<Json>): Promise<void> {
    const outcome = await this.#commands.run(
      systemActor(tenant),
      { name, commandId, input: null },
      async (tx) => {
        tx.permit(true);
        return work(tx);
      },
    );
    if (isRefusal(outcome)) throw new Error(`${name}: ${outcome.__typename}`);
  }
}
