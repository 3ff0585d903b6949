import { Chart } from '../definition/chart.rules.ts';
import { identityOf } from '../definition/definition-file.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { Machine } from '../machine/machine.rules.ts';
import { hashOfPlan, type MigrationPlan } from '../plan/migration-plan.rules.ts';
import { Migration } from '../plan/migration.rules.ts';

/** What a log names and does not hold: the definitions it went by and the plans that led from one to another. */
export class DefinitionLibrary {
  readonly #definitions: ReadonlyMap<string, Definition>;
  readonly #plans: ReadonlyMap<string, MigrationPlan>;
  readonly #machines = new Map<string, Machine>();
  readonly #migrations = new Map<string, Migration>();

  constructor(
    definitions: Iterable<{ readonly id: string; readonly body: Definition }>,
    plans: Iterable<MigrationPlan>,
  ) {
    this.#definitions = new Map([...definitions].map(({ id, body }) => [id, body]));
    this.#plans = new Map([...plans].map((plan) => [hashOfPlan(plan), plan]));
  }

  /** Compiled once; throws when it is missing, or is not what its id says. */
  machineOf(definitionId: string): Machine {
    let machine = this.#machines.get(definitionId);
    if (!machine) {
      const body = this.#definitions.get(definitionId);
      if (!body || identityOf(body).id !== definitionId)
        throw new Error(`process definition ${definitionId} is ${body ? 'not what its id says' : 'missing'}`);
      this.#machines.set(definitionId, (machine = new Machine(new Chart(body))));
    }
    return machine;
  }

  /** By the plan's hash; throws when no such plan was proposed. */
  migrationOf(hash: string): Migration {
    let migration = this.#migrations.get(hash);
    if (!migration) {
      const plan = this.#plans.get(hash);
      if (!plan) throw new Error(`migration plan ${hash} is not what was proposed`);
      migration = new Migration(this.machineOf(plan.from), this.machineOf(plan.to), plan);
      this.#migrations.set(hash, migration);
    }
    return migration;
  }
}
