import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import type { Chart } from '../definition/chart.rules.ts';
import type { Reason } from '../definition/guard.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { EngineRegistry, type Holder } from '../machine/registry.ts';
import { nobodyLeft, notRuledOut, secondsOf } from './four-eyes.rules.ts';
import { placeOf, scopeOf } from './permission.rules.ts';
import { StepInputs } from './step-inputs.service.ts';

interface Candidate extends Holder {
  readonly function: string;
}

/** Who is left for a step that must be taken by another person than an earlier one. */
@Injectable()
export class FourEyes {
  readonly #inputs: StepInputs;
  readonly #registry: EngineRegistry;

  constructor(inputs: StepInputs, registry: EngineRegistry) {
    this.#inputs = inputs;
    this.#registry = registry;
  }

  /** Who could take the step today, in each of its functions; not the system, and not `besides`. */
  async candidates(
    db: Db,
    chart: Chart,
    process: ProcessRow,
    name: string,
    besides: readonly string[] = [],
  ): Promise<Candidate[]> {
    const candidates = new Map<string, Candidate>();
    for (const who of chart.definition.steps[name]!.who) {
      if (who.function === 'SYS') continue;
      const place = placeOf(process, scopeOf(who));
      const holders = await this.#registry.authority.holders(db, who.function, place);
      const { by } = process.snapshot.c;
      const barred = (who.notSameAs ?? []).flatMap((other) => by[other] ?? []);
      for (const holder of notRuledOut(holders, new Set([...barred, ...besides])))
        candidates.set(`${holder.personId} ${who.function}`, { ...holder, function: who.function });
    }
    return [...candidates.values()];
  }

  /** Of those who hold the function of an open task, whoever may still take one of the steps that answer it. */
  free<H extends Holder>(chart: Chart, process: ProcessRow, code: string, holders: readonly H[]): H[] {
    const { by } = process.snapshot.c;
    const answers = [...chart.stepsOfTasks(process.states)].flatMap((name) =>
      (chart.definition.steps[name]?.who ?? []).filter((who) => who.function === code),
    );
    if (answers.length === 0) return [...holders];
    const free = answers.map(({ notSameAs = [] }) =>
      notRuledOut(holders, new Set(notSameAs.flatMap((other) => by[other] ?? []))),
    );
    return holders.filter((holder) => free.some((some) => some.includes(holder)));
  }

  /**
   * Why these people should not take the step, by process: they are the only ones who could take a later step that
   * another person must take. Asks nothing where no step is of that kind or the actor could not take it.
   */
  async strandings(
    db: Db,
    chart: Chart,
    name: string,
    taking: readonly { readonly process: ProcessRow; readonly people: readonly string[] }[],
  ): Promise<Map<string, Reason>> {
    const reasons = new Map<string, Reason>();
    const seconds = secondsOf(chart, name);
    if (db.actor.system || seconds.length === 0 || taking.length === 0) return reasons;
    const steps = seconds.map((later) => chart.definition.steps[later]!);
    const processes = taking.map(({ process }) => process);
    const held = await this.#inputs.held(db, processes, steps);
    for (const { process, people } of taking)
      for (const later of seconds) {
        const { who } = chart.definition.steps[later]!;
        const couldTake = who.some((one) => held(process, scopeOf(one)).has(one.function));
        if (!couldTake || reasons.has(process.id)) continue;
        const others = await this.candidates(db, chart, process, later, people);
        if (others.length === 0)
          reasons.set(
            process.id,
            nobodyLeft(chart, later, (code) => this.#inputs.nameOf(code)),
          );
      }
    return reasons;
  }
}
