import { Injectable } from '@nestjs/common';
import { Reads, systemActor, type Actor, type Db } from '../../platform/index.ts';
import { Definitions } from '../publish/definitions.service.ts';
import { MigrationPlans, planOf } from '../plan/migration-plans.service.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { replay, type Difference, type Stored } from '../replay/replay.rules.ts';
import { DefinitionLibrary } from '../replay/definition-library.rules.ts';
import { readStored } from '../replay/stored.sql.ts';
import { nextIds } from './verify.sql.ts';

interface Verification {
  readonly processes: number;
  readonly entries: number;
  /** Payloads of which only the digest remains. */
  readonly erased: number;
  readonly differences: readonly (Difference & { readonly administration: string })[];
}

interface Sum extends Verification {
  processes: number;
  entries: number;
  erased: number;
  readonly differences: Verification['differences'][number][];
}

const nil = '00000000-0000-0000-0000-000000000000';

/** Proves that every process stands where its log leads: states, deadlines, tasks, payloads and the hash chain. */
@Injectable()
export class Verifier {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #plans: MigrationPlans;
  readonly #registry: EngineRegistry;

  constructor(reads: Reads, definitions: Definitions, plans: MigrationPlans, registry: EngineRegistry) {
    this.#reads = reads;
    this.#definitions = definitions;
    this.#plans = plans;
    this.#registry = registry;
  }

  /** All administrations; each page of processes is read in one moment, so a running server may go on. */
  async run(): Promise<Verification> {
    const sum: Sum = { processes: 0, entries: 0, erased: 0, differences: [] };
    for (const { id, key } of await this.#reads.administrations()) {
      const actor = systemActor(id);
      const library = await this.#reads.within(actor, (db) => this.#library(db));
      let reading = this.#read(actor, nil);
      for (let page = await reading; page.last; page = await reading) {
        reading = this.#read(actor, page.last); // the database reads on while these are replayed
        for (const stored of page.stored) this.#add(sum, stored, library, key);
      }
    }
    return sum;
  }

  #read(actor: Actor, after: string): Promise<{ stored: readonly Stored[]; last: string | undefined }> {
    return this.#reads.within(actor, async (db) => {
      const ids = (await db.call<{ id: string }>(nextIds, [after])).map(({ id }) => id);
      return { stored: ids.length > 0 ? await readStored(db, ids) : [], last: ids.at(-1) };
    });
  }

  #add(sum: Sum, stored: Stored, library: DefinitionLibrary, administration: string): void {
    sum.processes += 1;
    sum.entries += stored.entries.length;
    sum.erased += stored.entries.filter(
      ({ seq, payloadDigest }) => payloadDigest !== null && !stored.payloads.has(seq),
    ).length;
    const differences = this.#differences(stored, library);
    sum.differences.push(...differences.map((difference) => ({ ...difference, administration })));
  }

  #differences(stored: Stored, library: DefinitionLibrary): Difference[] {
    try {
      return replay(library, stored, this.#registry.guardCalls);
    } catch (error) {
      return [{ processId: stored.process.id, step: undefined, what: (error as Error).message }];
    }
  }

  /** Read anew, not from the running server's memory: what is published may have been changed behind it. */
  async #library(db: Db): Promise<DefinitionLibrary> {
    return new DefinitionLibrary(await this.#definitions.list(db), (await this.#plans.all(db)).map(planOf));
  }
}
