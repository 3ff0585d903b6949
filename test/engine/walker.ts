import { v5, v7 } from 'uuid';
import type { Chart, Edge } from '../../src/engine/definition/chart.rules.ts';
import type { FactValue, Guard } from '../../src/engine/definition/definition.rules.ts';
import { isTriggered } from './explore.ts';
import type { StepTaken } from '../../src/engine/index.ts';
import type { Machine } from '../../src/engine/machine/machine.rules.ts';
import type { ProcessRow } from '../../src/engine/machine/process.rules.ts';
import { typeOfOwnFact } from '../../src/engine/definition/own-facts.rules.ts';
import { canonical } from '../../src/engine/definition/definition-file.rules.ts';
import { Clock, isRefusal, Reads, systemActor, type Actor, type Refusal } from '../../src/platform/index.ts';
import { samplePayload } from '../support/payload.ts';
import { actorWith } from '../support/services.ts';
import type { Stage } from './support.ts';
import { dayOf } from '../support/days.ts';

type FactLeaf = Exclude<Guard, { all: Guard[] } | { any: Guard[] } | { not: Guard } | { call: string }>;

/** Facts that let a guard hold, or (`holds` false) one leaf of it not. What the engine knows by itself is left out. */
export function factsFor(chart: Chart, guard: Guard | undefined, holds = true): Record<string, FactValue> {
  if (!guard) return {};
  if ('all' in guard) {
    const all = guard.all.map((inner) => factsFor(chart, inner, holds));
    return Object.assign(
      {},
      ...(holds ? all : [...guard.all.map((inner) => factsFor(chart, inner)), all[0]]),
    );
  }
  if ('any' in guard) {
    const any = guard.any.map((inner) => factsFor(chart, inner, holds));
    return holds ? any[0]! : Object.assign({}, ...any);
  }
  if ('not' in guard) return factsFor(chart, guard.not, !holds);
  if (!('fact' in guard) || typeOfOwnFact(chart, guard.fact) !== undefined) return {};
  return { [guard.fact]: valueFor(guard, holds) };
}

function valueFor(leaf: FactLeaf, holds: boolean): FactValue {
  if (leaf.is !== undefined) return holds ? leaf.is : other(leaf.is);
  if (leaf.isNot !== undefined) return holds ? other(leaf.isNot) : leaf.isNot;
  if (leaf.atLeast !== undefined) return holds ? leaf.atLeast : leaf.atLeast - 1;
  if (leaf.atMost !== undefined) return holds ? leaf.atMost : leaf.atMost + 1;
  if (leaf.below !== undefined) return holds ? leaf.below - 1 : leaf.below;
  return holds ? leaf.above! + 1 : leaf.above!;
}
const other = (value: FactValue): FactValue =>
  typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : 'SOMETHING_ELSE';

/** One attempt: a transition that is wanted, and whether its facts are to allow it. */
export interface Attempt {
  readonly edge: Edge;
  readonly holds: boolean;
}

/** Drives one process of any definition on the real engine, by transitions: facts and people are made to fit. */
export class Walker {
  readonly #stage: Stage;
  machine: Machine;
  readonly processId: string;
  /** As it stands after the last step. */
  process!: ProcessRow;
  /** Sends the last command again: the same id, input and sender. */
  again!: () => Promise<StepTaken | Refusal>;
  #now: Date;

  constructor(stage: Stage, machine: Machine, from: Date) {
    this.#stage = stage;
    this.machine = machine;
    this.processId = v7();
    this.#now = from;
  }

  get chart(): Chart {
    return this.machine.chart;
  }
  get states(): readonly string[] {
    return this.process.states;
  }
  get today(): string {
    return dayOf(this.#now);
  }
  get isOver(): boolean {
    return this.machine.chart.steps(this.states).length === 0;
  }

  async start(definitionId: string): Promise<void> {
    this.#stage.world.facts.set(this.processId, this.#closedAutomatics());
    const items = [{ processId: this.processId, scopeId: v5('scope', this.processId) }];
    const started = await this.#told(() =>
      this.#stage.run(this.#person('OPENING_COORD'), async (tx) => {
        const rows = await this.#stage.engine.start(tx, { definitionId, seriesId: null, items });
        return isRefusal(rows) ? rows : { process: rows[0]! };
      }),
    );
    if (isRefusal(started)) throw new Error(started.message.en);
    this.process = started.process;
  }

  /** Somebody moves the process to another definition; from here on it goes by that one. */
  async relocate(machine: Machine, work: () => Promise<unknown>): Promise<void> {
    this.machine = machine;
    this.#stage.world.facts.set(this.processId, this.#closedAutomatics());
    await this.#told(work);
    const db = await this.#stage.module.get(Reads).db(systemActor(this.#stage.tenant));
    [this.process] = (await this.#stage.engine.processes(db, [this.processId])) as [ProcessRow];
  }

  /** The transitions that some step could take here. */
  edges(): Edge[] {
    return this.chart
      .steps(this.states)
      .filter((step) => isTriggered(this.machine, this.states, step))
      .flatMap((step) => this.chart.candidates(this.states, step));
  }

  /** Tries a transition as whoever may; its outcome. */
  async try({ edge, holds }: Attempt, commandId = v7()): Promise<StepTaken | Refusal> {
    const step = this.chart.definition.steps[edge.event]!;
    const others = this.chart.candidates(this.states, edge.event).filter((one) => one !== edge);
    const facts = Object.assign(
      this.#closedAutomatics(),
      ...others.map(({ transition }) => factsFor(this.chart, transition.guard, false)),
      factsFor(this.chart, edge.transition.guard, holds),
    );
    this.#stage.world.facts.set(this.processId, facts);
    if (step.automatic) return this.#settle(commandId);
    const who = step.who[0]!.function;
    const payload = samplePayload(step.payload, this.today);
    const outcome = await this.take(edge.event, payload, who, commandId);
    // Four eyes: whoever took the step before may hold the same function.
    if (!isRefusal(outcome) || outcome.__typename !== 'NotAllowed') return outcome;
    return this.take(edge.event, payload, who, commandId, 'another hand');
  }

  /** Takes a step by its name. */
  async take(
    step: string,
    payload: unknown,
    fn: string,
    commandId = v7(),
    hand = fn,
  ): Promise<StepTaken | Refusal> {
    const actor = fn === 'SYS' ? systemActor(this.#stage.tenant) : this.#person(fn, hand);
    const { engine } = this.#stage;
    const ask = { processId: this.processId, step, payload };
    const send = () => this.#stage.run(actor, (tx) => engine.take(tx, ask) as Promise<StepTaken>, commandId);
    return this.#send(() => this.#told(send));
  }

  /** The deadlines that run. */
  async deadlines() {
    const db = await this.#stage.module.get(Reads).db(systemActor(this.#stage.tenant));
    return this.#stage.engine.deadlines(db, [this.processId]);
  }

  /** Time goes on between the steps. */
  wait(days: number): void {
    this.#now = new Date(this.#now.getTime() + days * 86_400_000);
  }

  async #settle(commandId: string): Promise<StepTaken | Refusal> {
    const { engine } = this.#stage;
    const send = () =>
      this.#stage.run(
        this.#person('OPENING_COORD'),
        async (tx) => {
          const followedBy = (await engine.settle(tx, this.processId)) as string[];
          return { process: await engine.lock(tx, this.processId), step: followedBy[0]!, followedBy };
        },
        commandId,
      );
    return this.#send(() => this.#told(send) as Promise<StepTaken | Refusal>);
  }

  async #send(command: () => Promise<StepTaken | Refusal>): Promise<StepTaken | Refusal> {
    this.again = command;
    const outcome = await command();
    if (!isRefusal(outcome)) this.process = outcome.process;
    return outcome;
  }

  /** What happens by itself waits until it is wanted. */
  #closedAutomatics(): Record<string, FactValue> {
    const { edges, definition } = this.chart;
    const automatic = edges.filter(({ event }) => definition.steps[event]?.automatic);
    return Object.assign(
      {},
      ...automatic.map(({ transition }) => factsFor(this.chart, transition.guard, false)),
    );
  }

  /** For each function another person, always the same: four eyes are two people. */
  #person(fn: string, hand = fn): Actor {
    const id = v5(hand, this.#stage.tenant);
    return actorWith(this.#stage.tenant, [fn], { account: id, person: id });
  }

  #told<T>(work: () => Promise<T>): Promise<T> {
    return this.#stage.module.get(Clock).at(this.#now, work);
  }
}

/** Everything the engine keeps about a process, as one text. */
export async function rowsOf(stage: Stage, processId: string): Promise<string> {
  const tables = ['process', 'log_entry', 'log_payload', 'deadline', 'task', 'outbox'];
  const all = tables.map((name) => {
    const key = name === 'process' ? 'id' : 'process_id';
    return `select '${name}' as t, to_jsonb(r)::text as r from engine.${name} r where ${key} = $1`;
  });
  const { rows } = await stage.superuser.query(`${all.join(' union all ')} order by 1, 2`, [processId]);
  return canonical(rows);
}
