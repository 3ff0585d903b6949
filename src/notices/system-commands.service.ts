import { Injectable } from '@nestjs/common';
import { Commands, isRefusal, systemActor, type Json, type Tx } from '../platform/index.ts';

/** Commands that nobody sends: the clockwork's own. One that does not get its lock fails, and its job comes again. */
@Injectable()
export class SystemCommands {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /** With a job's id as the command's, a job that is done twice does its work once. */
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
