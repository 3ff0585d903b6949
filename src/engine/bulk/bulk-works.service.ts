import { Injectable } from '@nestjs/common';
import { isRefusal, refuse, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import type { Agreed, BulkTaken, BulkWork, RunKind } from './bulk.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import type { Machine } from '../machine/machine.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { Steps, type StepRequest } from '../steps/steps.service.ts';

type Maker = (db: Db, agreed: Agreed) => Promise<BulkWork>;

/** The work of each kind of run. A corner above registers what it does in runs, under the kind's name. */
@Injectable()
export class BulkWorks {
  readonly #definitions: Definitions;
  readonly #steps: Steps;
  readonly #makers = new Map<RunKind, Maker>();

  constructor(definitions: Definitions, steps: Steps) {
    this.#definitions = definitions;
    this.#steps = steps;
    this.register('STEP', async (_db, { step, payload }) => this.#stepWork({ step: step!, payload }));
  }

  register(kind: RunKind, make: Maker): void {
    if (this.#makers.has(kind)) throw new Error(`The work of ${kind} is registered twice`);
    this.#makers.set(kind, make);
  }

  /** @throws Error when nobody registered the kind. */
  of(db: Db, agreed: Agreed): Promise<BulkWork> {
    const make = this.#makers.get(agreed.kind);
    if (!make) throw new Error(`Nobody knows the work of ${agreed.kind}`);
    return make(db, agreed);
  }

  /** Sends a step to processes of any definition that knows it; the step's own authority decides at each of them. */
  #stepWork(asked: StepRequest): BulkWork {
    return {
      evaluate: async (db, processes) => {
        const refused = new Map<string, Refusal>();
        for (const { machine, alike } of await this.#byMachine(db, processes)) {
          const evaluated = knows(machine, asked.step)
            ? (await this.#steps.evaluate(db, machine, alike, asked)).refused
            : new Map(alike.map(({ id }) => [id, unknownStep]));
          evaluated.forEach((no, id) => refused.set(id, no));
        }
        return refused;
      },
      take: async (tx, processes) => {
        const done = new Map<string, number>();
        const refused = new Map<string, Refusal>();
        tx.permit(true); // each process is asked for below
        for (const { machine, alike } of await this.#byMachine(tx, processes)) {
          const taken = await this.#takeAlike(tx, machine, alike, asked);
          if (isRefusal(taken)) return taken;
          taken.done.forEach((seq, id) => done.set(id, seq));
          taken.refused.forEach((no, id) => refused.set(id, no));
        }
        return { done, refused };
      },
    };
  }

  async #takeAlike(
    tx: Tx,
    machine: Machine,
    alike: readonly ProcessRow[],
    asked: StepRequest,
  ): Promise<BulkTaken | Refusal> {
    if (!knows(machine, asked.step))
      return { done: new Map(), refused: new Map(alike.map(({ id }) => [id, unknownStep])) };
    const some = await this.#steps.takeSome(tx, machine, alike, asked);
    if (isRefusal(some)) return some;
    const done = some.taken.map(
      ({ process, followedBy }) => [process.id, process.version - followedBy.length] as const,
    );
    return { done: new Map(done), refused: some.refused };
  }

  async #byMachine(db: Db, processes: readonly ProcessRow[]) {
    const groups = [...Map.groupBy(processes, ({ definitionId }) => definitionId)];
    return Promise.all(
      groups.map(async ([id, alike]) => ({ machine: await this.#definitions.machineOf(db, id), alike })),
    );
  }
}

const knows = ({ chart }: Machine, step: string) => Object.hasOwn(chart.definition.steps, step);

const unknownStep = refuse(
  'NotPossibleNow',
  { de: 'Dieser Ablauf kennt den Schritt nicht.', en: 'This kind of process does not know the step.' },
  { state: null, reasons: [] },
);
