import { Injectable } from '@nestjs/common';
import type { Db, Text } from '../../platform/index.ts';
import type { Machine } from '../machine/machine.rules.ts';
import type { FactValue, Step } from '../definition/definition.rules.ts';
import { factsOf, type GuardContext, type Facts } from '../definition/guard.rules.ts';
import { EXTENSIONS_GRANTED, isOfRow, ofRow } from '../definition/own-facts.rules.ts';
import { readExtensions } from './clock.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { EngineRegistry, type StepAsked } from '../machine/registry.ts';
import { placeOf, scopeOf, permissionOf, type Scope, type Permission } from './permission.rules.ts';

const systemOnly: ReadonlySet<string> = new Set(['SYS']);
const none: ReadonlySet<string> = new Set();

/** Gathers what a step is judged by: facts, and who may. In batches: one query for each fact, however many processes. */
@Injectable()
export class StepInputs {
  readonly #registry: EngineRegistry;

  constructor(registry: EngineRegistry) {
    this.#registry = registry;
  }

  /** What people call a function. */
  nameOf(code: string): Text {
    return this.#registry.authority.nameOf(code);
  }

  /** The facts that these steps read in the processes' present states: for their guards, and for the days they set. */
  factsAsked({ chart }: Machine, states: readonly string[], steps: readonly string[]): Set<string> {
    const { reasons } = chart.definition;
    const edges = steps.flatMap((step) => chart.candidates(states, step));
    const acts = steps.map((name) => chart.definition.steps[name]!).filter(({ does }) => does);
    const guards = [...edges.map(({ transition }) => transition.guard), ...acts.map(({ guard }) => guard)];
    const asked = guards.flatMap((guard) => factsOf(guard, this.#registry.guardCalls, reasons));
    const enters = edges.some(({ target }) => target) || acts.some(({ raise }) => raise);
    return new Set(enters ? [...asked, ...chart.factsOfDays] : asked);
  }

  /**
   * Loads facts by process. Without a step, those that look at its payload stay unasked. A value that no loader gives
   * is null, which satisfies no order.
   */
  async facts(
    db: Db,
    processes: readonly ProcessRow[],
    names: Iterable<string>,
    step?: StepAsked,
  ): Promise<Map<string, Facts>> {
    const loaded = new Map(processes.map(({ id }) => [id, new Map()] as [string, Map<string, FactValue>]));
    for (const name of names) {
      const values = await this.#values(db, processes, name, step);
      if (values) for (const { id } of processes) loaded.get(id)!.set(name, values.get(id) ?? null);
    }
    return loaded;
  }

  /** A fact's value by process; undefined when it waits for the step's payload. */
  async #values(
    db: Db,
    processes: readonly ProcessRow[],
    name: string,
    step: StepAsked | undefined,
  ): Promise<ReadonlyMap<string, FactValue> | undefined> {
    if (isOfRow(name)) return new Map(processes.map((process) => [process.id, ofRow(process, name)]));
    if (name === EXTENSIONS_GRANTED)
      return (
        step &&
        readExtensions(
          db,
          processes.map(({ id }) => id),
          step.payload.deadline,
        )
      );
    const fact = this.#registry.facts.get(name);
    if (!fact) throw new Error(`Fact ${name} is not registered`);
    return fact.ofPayload && !step ? undefined : fact.load(db, processes, step);
  }

  guardContext(machine: Machine, facts: Facts): GuardContext {
    return {
      facts,
      calls: this.#registry.guardCalls,
      reasons: machine.chart.definition.reasons,
      show: (name, value) => {
        const shown = this.#registry.facts.get(name)?.show?.(value);
        return shown ?? { de: String(value ?? '–'), en: String(value ?? '–') };
      },
    };
  }

  /** What the asking actor holds at each process, by scope: one question to the authority. */
  async held(
    db: Db,
    processes: readonly ProcessRow[],
    steps: readonly Step[],
  ): Promise<(process: ProcessRow, scope: Scope) => ReadonlySet<string>> {
    if (db.actor.system) return () => systemOnly;
    const scopes = [...new Set(steps.flatMap(({ who }) => who.map(scopeOf)))];
    const asked = processes.flatMap((process) =>
      scopes.map((scope) => ({ key: `${process.id} ${scope}`, place: placeOf(process, scope) })),
    );
    const answers = await this.#registry.authority.functionsAt(
      db,
      db.actor,
      asked.map(({ place }) => place),
    );
    const sets = new Map(asked.map(({ key }, i) => [key, answers[i] ?? none]));
    return (process, scope) => sets.get(`${process.id} ${scope}`) ?? none;
  }

  /** Whether the actor may take the step on each process, and in whose place; in the order asked. */
  async permissions(db: Db, processes: readonly ProcessRow[], step: Step): Promise<Warranted[]> {
    const held = await this.held(db, processes, [step]);
    const heldHere = (process: ProcessRow) => (scope: Scope) => held(process, scope);
    const permissions = processes.map((process) =>
      permissionOf(step, process, heldHere(process), [db.actor.person]),
    );
    const represented = await this.#represented(db, processes, permissions);
    return processes.map((process, i) => {
      const permission = permissions[i]!;
      const onBehalfOf = represented[i] ?? null;
      if ('denied' in permission || onBehalfOf === null) return { permission, onBehalfOf: null };
      const asOne = { ...step, who: [permission.as] };
      const people = [db.actor.person, onBehalfOf];
      return { permission: permissionOf(asOne, process, heldHere(process), people), onBehalfOf };
    });
  }

  async #represented(db: Db, processes: readonly ProcessRow[], permissions: readonly Permission[]) {
    const { authority } = this.#registry;
    const asked = permissions.flatMap((permission, i) =>
      'as' in permission
        ? { i, function: permission.as.function, place: placeOf(processes[i]!, scopeOf(permission.as)) }
        : [],
    );
    const represented: (string | null)[] = [];
    if (db.actor.system || !authority.onBehalfOf || asked.length === 0) return represented;
    const answers = await authority.onBehalfOf(db, db.actor, asked);
    asked.forEach(({ i }, at) => void (represented[i] = answers[at]!));
    return represented;
  }
}

/** May take the step or not, and whom the actor stands in for. */
interface Warranted {
  readonly permission: Permission;
  readonly onBehalfOf: string | null;
}
