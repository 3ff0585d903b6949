import { Injectable } from '@nestjs/common';
import { Reads, systemActor, type Db } from '../platform/index.ts';
import { Chart } from './chart.rules.ts';
import { identityOf } from './definition-file.rules.ts';
import { Definitions } from './definitions.service.ts';
import { Machine } from './machine.rules.ts';
import { EngineRegistry } from './registry.ts';
import { replay, type Difference, type Stored } from './replay.rules.ts';
import { readStored } from './stored.queries.ts';

export interface Verification {
  readonly processes: number;
  readonly entries: number;
  /** Payloads of which only the digest remains. */
  readonly erased: number;
  readonly differences: readonly (Difference & { readonly administration: string })[];
}

const page = 200;
const nextIds = `select id from engine.process where id > $1 order by id limit ${page}`;

/** Proves that every process stands where its log leads: states, deadlines, tasks, payloads and the hash chain. */
@Injectable()
export class Verifier {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #registry: EngineRegistry;

  constructor(reads: Reads, definitions: Definitions, registry: EngineRegistry) {
    this.#reads = reads;
    this.#definitions = definitions;
    this.#registry = registry;
  }

  /** All administrations; each page of processes is read in one moment, so a running server may go on. */
  async run(): Promise<Verification> {
    const sum = {
      processes: 0,
      entries: 0,
      erased: 0,
      differences: [] as Verification['differences'][number][],
    };
    for (const { id, key } of await this.#reads.administrations()) {
      const actor = systemActor(id);
      const machines = new Map<string, Machine>();
      let last = '00000000-0000-0000-0000-000000000000';
      for (;;) {
        const seen = await this.#reads.within(actor, (db) => this.#page(db, last, machines, sum, key));
        if (!seen) break;
        last = seen;
      }
    }
    return sum;
  }

  async #page(
    db: Db,
    last: string,
    machines: Map<string, Machine>,
    sum: { processes: number; entries: number; erased: number; differences: object[] },
    administration: string,
  ): Promise<string | undefined> {
    const ids = (await db.call<{ id: string }>(nextIds, [last])).map(({ id }) => id);
    for (const stored of await readStored(db, ids)) {
      sum.processes += 1;
      sum.entries += stored.entries.length;
      sum.erased += stored.entries.filter(
        ({ seq, payloadDigest }) => payloadDigest !== null && !stored.payloads.has(seq),
      ).length;
      const differences = await this.#differences(db, stored, machines);
      sum.differences.push(...differences.map((difference) => ({ ...difference, administration })));
    }
    return ids.at(-1);
  }

  async #differences(db: Db, stored: Stored, machines: Map<string, Machine>): Promise<Difference[]> {
    const { id, definitionId } = stored.process;
    try {
      return replay(await this.#machine(db, definitionId, machines), stored, this.#registry.guardCalls);
    } catch (error) {
      return [{ processId: id, step: undefined, what: (error as Error).message }];
    }
  }

  /** Read anew, not from the running server's memory: the definition itself may have been changed. */
  async #machine(db: Db, definitionId: string, machines: Map<string, Machine>): Promise<Machine> {
    let machine = machines.get(definitionId);
    if (!machine) {
      const definition = (await this.#definitions.list(db)).find(({ id }) => id === definitionId);
      if (!definition || identityOf(definition.body).id !== definitionId)
        throw new Error(`process definition ${definitionId} is not what was published`);
      machines.set(definitionId, (machine = new Machine(new Chart(definition.body))));
    }
    return machine;
  }
}
