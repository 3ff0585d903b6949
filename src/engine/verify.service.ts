import { Injectable } from '@nestjs/common';
import { Reads, systemActor, type Db } from '../platform/index.ts';
import { Chart } from './chart.rules.ts';
import { identityOf } from './definition-file.rules.ts';
import { Definitions } from './definitions.service.ts';
import type { LogEntry } from './log.rules.ts';
import { Machine } from './machine.rules.ts';
import { readProcesses } from './process.queries.ts';
import { EngineRegistry } from './registry.ts';
import { replay, type Difference, type Stored } from './replay.rules.ts';

export interface Verification {
  readonly processes: number;
  readonly entries: number;
  /** Payloads of which only the digest remains. */
  readonly erased: number;
  readonly differences: readonly (Difference & { readonly administration: string })[];
}

const page = 200;
const nextIds = `select id from engine.process where id > $1 order by id limit ${page}`;
const entries = `
  select process_id as "processId", seq, command_id as "commandId", step, account_id as "accountId",
         person_id as "personId", on_behalf_of as "onBehalfOf", at, definition_id as "definitionId", facts, guards,
         payload_digest as "payloadDigest", effects, clocks, from_states as "from", to_states as "to", stage, tags,
         encode(hash, 'hex') as hash
    from engine.log_entry where process_id = any($1) order by process_id, seq`;
const payloads = `select process_id as "processId", seq, encode(salt, 'hex') as salt, body
  from engine.log_payload where process_id = any($1)`;
const deadlines = `select process_id as "processId", name, epoch, due_on as "dueOn", due_at as "dueAt",
  next_step as "nextStep", next_at as "nextAt" from engine.deadline where process_id = any($1)`;
const openTasks = `select process_id as "processId", name, function, opened_seq as "openedSeq"
  from engine.task where process_id = any($1) and closed_seq is null`;

type EntryRow = Omit<LogEntry, 'at'> & { at: Date; hash: string };
type PayloadRow = { processId: string; seq: number; salt: string; body: unknown };
type DeadlineRow = {
  processId: string;
  name: string;
  epoch: number;
  dueOn: string;
  dueAt: Date;
  nextStep: string | null;
  nextAt: Date | null;
};
type TaskRow = { processId: string; name: string; function: string; openedSeq: number };

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
    for (const stored of await this.#stored(db, ids)) {
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

  async #stored(db: Db, ids: readonly string[]): Promise<Stored[]> {
    const of = <R extends { processId: string }>(rows: R[]) => {
      const byProcess = Map.groupBy(rows, ({ processId }) => processId);
      return (id: string) => byProcess.get(id) ?? [];
    };
    const processes = await readProcesses(db, ids);
    const entriesOf = of(await db.call<EntryRow>(entries, [ids]));
    const payloadsOf = of(await db.call<PayloadRow>(payloads, [ids]));
    const deadlinesOf = of(await db.call<DeadlineRow>(deadlines, [ids]));
    const tasksOf = of(await db.call<TaskRow>(openTasks, [ids]));
    return processes.map((process) => ({
      process,
      entries: entriesOf(process.id).map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
      payloads: new Map(payloadsOf(process.id).map(({ seq, salt, body }) => [seq, { salt, body }])),
      deadlines: deadlinesOf(process.id).map(asClock),
      openTasks: tasksOf(process.id).map(({ processId: _process, ...task }) => task),
    }));
  }
}

const asClock = ({ name, epoch, dueOn, dueAt, nextStep, nextAt }: DeadlineRow) => ({
  name,
  epoch,
  dueOn,
  dueAt: dueAt.toISOString(),
  ...(nextStep !== null && nextAt !== null && { nextStep, nextAt: nextAt.toISOString() }),
});
