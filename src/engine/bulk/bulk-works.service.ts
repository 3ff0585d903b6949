import { Injectable } from '@nestjs/common';
import { found, isRefusal, refuse, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import { readRuns } from './bulk.queries.ts';
import type { Agreed, BulkTaken, BulkWork } from './bulk.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import type { Machine } from '../machine/machine.rules.ts';
import { MigrationPlans } from '../migration/migration-plans.service.ts';
import { Migrations } from '../migration/migrations.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { Steps, type Asked } from '../steps/steps.service.ts';

/** The work of each kind of run. */
@Injectable()
export class BulkWorks {
  readonly #definitions: Definitions;
  readonly #steps: Steps;
  readonly #plans: MigrationPlans;
  readonly #migrations: Migrations;

  constructor(definitions: Definitions, steps: Steps, plans: MigrationPlans, migrations: Migrations) {
    this.#definitions = definitions;
    this.#steps = steps;
    this.#plans = plans;
    this.#migrations = migrations;
  }

  async of(db: Db, { kind, step, payload, planId, undoesId }: Agreed): Promise<BulkWork> {
    if (kind === 'STEP') return this.#stepWork({ step: step!, payload });
    const migration = await this.#plans.migrationOf(db, planId!);
    if (kind === 'MIGRATE') return this.#migrations.work(migration);
    const [run] = await readRuns(db, [undoesId!]);
    return this.#migrations.undoing(migration, found(run, { de: 'Sammellauf', en: 'Bulk run' }).id);
  }

  /** Sends a step to processes of any definition that knows it; the step's own authority decides at each of them. */
  #stepWork(asked: Asked): BulkWork {
    return {
      hear: async (db, processes) => {
        const refused = new Map<string, Refusal>();
        for (const { machine, alike } of await this.#byMachine(db, processes)) {
          const heard = knows(machine, asked.step)
            ? (await this.#steps.hear(db, machine, alike, asked)).refused
            : new Map(alike.map(({ id }) => [id, unknownStep]));
          heard.forEach((no, id) => refused.set(id, no));
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
    asked: Asked,
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
