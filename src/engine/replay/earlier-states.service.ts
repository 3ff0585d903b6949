import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import { standingOf } from './replay-state.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import { MigrationPlans, planOf } from '../plan/migration-plans.service.ts';
import type { ProcessStanding } from '../plan/migration-shift.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { replayStateOf } from './replay.rules.ts';
import { DefinitionLibrary } from './definition-library.rules.ts';
import { readStored } from './stored.sql.ts';

/** Where processes stood before, by their logs: nothing else keeps it. */
@Injectable()
export class EarlierStates {
  readonly #definitions: Definitions;
  readonly #plans: MigrationPlans;
  readonly #registry: EngineRegistry;

  constructor(definitions: Definitions, plans: MigrationPlans, registry: EngineRegistry) {
    this.#definitions = definitions;
    this.#plans = plans;
    this.#registry = registry;
  }

  /** Before the last entry of each, which is not its first. */
  async beforeLast(
    db: Db,
    processes: readonly ProcessRow[],
  ): Promise<ReadonlyMap<string, { readonly standing: ProcessStanding; readonly stageSince: string }>> {
    const library = new DefinitionLibrary(
      await this.#definitions.list(db),
      (await this.#plans.all(db)).map(planOf),
    );
    const ids = processes.map(({ id }) => id);
    return new Map(
      (await readStored(db, ids)).map(({ process, entries, payloads }) => {
        const earlier = { process, entries: entries.slice(0, -1), payloads };
        const { replayed, difference } = replayStateOf(library, earlier, this.#registry.guardCalls);
        if (difference || !replayed.snapshot)
          throw new Error(`The log of ${process.id} does not lead back: ${difference?.what}`);
        return [process.id, { standing: standingOf(replayed), stageSince: replayed.stageSince }];
      }),
    );
  }
}
