import { Injectable } from '@nestjs/common';
import { found, type Db, type Text } from '../../platform/index.ts';
import { BuiltInSteps } from './built-in-steps.service.ts';
import { Calendars } from './calendars.service.ts';
import { clocksOf, type Clocks } from './clock.rules.ts';
import type { PayloadSchema } from '../definition/definition.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import { factsShown, type Chart } from '../definition/chart.rules.ts';
import type { Facts, Reason } from '../definition/guard.rules.ts';
import { StepInputs } from './step-inputs.service.ts';
import type { Machine, Moved } from '../machine/machine.rules.ts';
import { after, decide, tasksOf } from './move.rules.ts';
import { readProcesses } from './process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { fourEyes } from './four-eyes.rules.ts';
import { refuseState, stepOf } from './refusals.rules.ts';
import { FourEyes } from './four-eyes.service.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { permissionOf, placeOf } from './permission.rules.ts';

/** A step that the present state knows, for the asking actor. */
export interface PossibleStep {
  readonly processId: string;
  readonly scopeId: string;
  readonly seriesId: string | null;
  readonly step: string;
  readonly label: Text;
  /** The state and the guards allow it; guards that look at the payload count as held. */
  readonly enabled: boolean;
  /** The asker holds a function that may take it. */
  readonly mayI: boolean;
  /** Why it is closed: to everybody, or to the asker for want of a second pair of eyes. */
  readonly reasons: readonly Reason[];
  /** It could answer a task that is open now; others are possible besides. */
  readonly answersTask: boolean;
  readonly functions: readonly string[];
  readonly payload: PayloadSchema | null;
}

/** Where a process would be after a step; nothing is written. Its place decides who may see it. */
interface WouldBe {
  readonly processId: string;
  readonly scopeId: string;
  readonly seriesId: string | null;
  readonly definitionId: string;
  readonly possible: boolean;
  readonly reasons: readonly Reason[];
  readonly stage: string;
  readonly states: readonly string[];
  readonly tags: readonly string[];
  /** What the step would open and close, start and stop; all empty when it is not possible. */
  readonly tasks: ReturnType<typeof tasksOf>;
  readonly clocks: Clocks;
}

type Held = Awaited<ReturnType<StepInputs['held']>>;

/** What may come next, and what keeps it from coming. Answers many processes with one query for each fact. */
@Injectable()
export class PossibleSteps {
  readonly #definitions: Definitions;
  readonly #acts: BuiltInSteps;
  readonly #fourEyes: FourEyes;
  readonly #calendars: Calendars;
  readonly #inputs: StepInputs;
  readonly #registry: EngineRegistry;

  constructor(
    definitions: Definitions,
    acts: BuiltInSteps,
    fourEyes: FourEyes,
    calendars: Calendars,
    inputs: StepInputs,
    registry: EngineRegistry,
  ) {
    this.#definitions = definitions;
    this.#acts = acts;
    this.#fourEyes = fourEyes;
    this.#calendars = calendars;
    this.#inputs = inputs;
    this.#registry = registry;
  }

  readonly #nameOf = (code: string): Text => this.#inputs.nameOf(code);

  /** By process; steps that only the system takes are left out. */
  async of(db: Db, processIds: readonly string[]): Promise<Map<string, PossibleStep[]>> {
    const processes = await readProcesses(db, processIds);
    const kinds = Map.groupBy(processes, ({ definitionId }) => definitionId);
    const possible = new Map<string, PossibleStep[]>();
    for (const [definitionId, alike] of kinds) {
      const machine = await this.#definitions.machineOf(db, definitionId);
      const asked = new Set(
        alike.flatMap(({ states }) => [
          ...this.#inputs.factsAsked(machine, states, [
            ...stepsOfPeople(machine, states),
            ...machine.chart.builtInSteps,
          ]),
        ]),
      );
      const facts = await this.#inputs.facts(db, alike, asked);
      const steps = Object.values(machine.chart.definition.steps);
      const held = await this.#inputs.held(db, alike, steps);
      const acts = await this.#acts.offered(db, machine.chart, alike);
      const untold = await this.#untold(db, machine.chart, alike);
      for (const process of alike) {
        const known = facts.get(process.id)!;
        const names = stepsOfPeople(machine, process.states);
        const offered = acts.get(process.id) ?? new Map();
        possible.set(
          process.id,
          [
            ...names.map((name) => this.#one(db, machine, process, name, known, held)),
            ...[...offered].map(([name, no]) => this.#one(db, machine, process, name, known, held, no)),
          ].map((step) =>
            step.mayI ? step : { ...step, reasons: toldOf(step.reasons, untold.get(process.id)) },
          ),
        );
      }
      await this.#closeStranding(db, machine.chart, alike, possible);
    }
    return possible;
  }

  /** Shows a step as closed to the asker where nobody would be left for a later one. */
  async #closeStranding(
    db: Db,
    chart: Chart,
    processes: readonly ProcessRow[],
    possible: Map<string, PossibleStep[]>,
  ): Promise<void> {
    const people = [db.actor.person];
    const offered = (process: ProcessRow) => possible.get(process.id)!.filter(({ mayI }) => mayI);
    const names = new Set(processes.flatMap((process) => offered(process).map(({ step }) => step)));
    for (const name of names) {
      const mine = processes.filter((process) => offered(process).some(({ step }) => step === name));
      const taking = mine.map((process) => ({ process, people }));
      for (const [id, reason] of await this.#fourEyes.strandings(db, chart, name, taking)) {
        const closed = (one: PossibleStep): PossibleStep =>
          one.step === name ? { ...one, mayI: false, reasons: [...one.reasons, reason] } : one;
        possible.set(id, possible.get(id)!.map(closed));
      }
    }
  }

  // For showing only: taking the step also asks whom the actor represents, which four eyes count as one person.
  #one(
    db: Db,
    machine: Machine,
    process: ProcessRow,
    name: string,
    facts: Facts,
    held: Held,
    no?: Text,
  ): PossibleStep {
    const step = machine.chart.definition.steps[name]!;
    const permission = permissionOf(step, process, (scope) => held(process, scope), [db.actor.person]);
    const closed = refuseState(machine.chart, process, name, step, this.#nameOf)?.message ?? no;
    const { moved, reasons } = closed
      ? { moved: undefined, reasons: [{ code: 'STATE', text: closed }] }
      : decide(machine, process.snapshot, name, this.#inputs.guardContext(machine, facts));
    const needsAnother = 'denied' in permission && permission.denied === 'FOUR_EYES';
    return {
      processId: process.id,
      scopeId: process.scopeId,
      seriesId: process.seriesId,
      step: name,
      label: step.label,
      enabled: moved !== undefined,
      mayI: 'as' in permission,
      reasons: needsAnother ? [...reasons, fourEyes] : reasons,
      answersTask: machine.chart.stepsOfTasks(process.states).has(name),
      functions: step.who.map((who) => who.function),
      payload: step.payload ?? null,
    };
  }

  /** Who could take a step today: the holders of its functions, without those whom four eyes rule out. */
  async candidates(db: Db, processId: string, name: string) {
    const [row] = await readProcesses(db, [processId]);
    const process = found(row, { de: 'Vorgang', en: 'Process' });
    const { chart } = await this.#definitions.machineOf(db, process.definitionId);
    stepOf(chart, name);
    return this.#fourEyes.candidates(db, chart, process, name);
  }

  /** By process the codes of the reasons that name a value which the actor is not to be told. */
  async #untold(
    db: Db,
    { definition: { reasons } }: Chart,
    processes: readonly ProcessRow[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const named = Object.entries(reasons).flatMap(([code, { de }]) =>
      factsShown(de).map((fact) => ({ code, action: this.#registry.facts.get(fact)?.toldWith })),
    );
    const untold = new Map(processes.map(({ id }) => [id, new Set<string>()]));
    for (const [action, those] of Map.groupBy(named, (one) => one.action)) {
      if (!action) continue;
      const places = processes.map((process) => placeOf(process));
      const may = await this.#registry.authority.may(db, db.actor, action, places);
      processes.forEach(({ id }, at) => {
        if (!may[at]) for (const { code } of those) untold.get(id)!.add(code);
      });
    }
    return untold;
  }

  /** Why an act of the engine cannot be done now, whatever comes with it. */
  async #closed(db: Db, chart: Chart, process: ProcessRow, name: string): Promise<Text | undefined> {
    const step = stepOf(chart, name);
    if (!step.does) return undefined;
    const no = refuseState(chart, process, name, step, this.#nameOf);
    return no ? no.message : await this.#acts.closed(db, chart, process, step);
  }

  /** Plays a step with the facts of now, writing nothing and asking no permission: "what would come of it". */
  async wouldBe(
    db: Db,
    processId: string,
    name: string,
    payload?: Readonly<Record<string, unknown>>,
  ): Promise<WouldBe> {
    const [row] = await readProcesses(db, [processId]);
    const process = found(row, { de: 'Vorgang', en: 'Process' });
    const machine = await this.#definitions.machineOf(db, process.definitionId);
    stepOf(machine.chart, name);
    const asked = this.#inputs.factsAsked(machine, process.states, [name]);
    const facts = await this.#inputs.facts(db, [process], asked, payload && { name, payload });
    const context = this.#inputs.guardContext(machine, facts.get(process.id)!);
    const untold = await this.#untold(db, machine.chart, [process]);
    const closed = await this.#closed(db, machine.chart, process, name);
    const { moved, reasons } = closed
      ? { moved: undefined, reasons: [{ code: 'STATE', text: closed }] }
      : decide(machine, process.snapshot, name, context);
    const { chart } = machine;
    const states = moved ? machine.statesOf(after(chart, process.snapshot, moved, name, [])) : process.states;
    return {
      processId,
      scopeId: process.scopeId,
      seriesId: process.seriesId,
      definitionId: process.definitionId,
      possible: moved !== undefined,
      reasons: toldOf(reasons, untold.get(processId)),
      stage: chart.stage(states),
      states,
      tags: chart.tags(states),
      tasks: moved ? tasksOf(chart, moved) : { closed: [], opened: [] },
      clocks: moved ? await this.#clocks(db, chart, process, moved, facts.get(processId)!) : noClocks,
    };
  }

  async #clocks(db: Db, chart: Chart, { suspendedAt }: ProcessRow, moved: Moved, facts: Facts) {
    const { calendar, today } = await this.#calendars.at(db);
    return clocksOf(chart, moved, calendar, today, { facts, resting: suspendedAt !== null });
  }
}

/** The reasons, without the values that are not for whoever asks. */
function toldOf(reasons: readonly Reason[], untold: ReadonlySet<string> | undefined): readonly Reason[] {
  return reasons.map((reason) => (untold?.has(reason.code) ? { ...reason, text: byRatings } : reason));
}

const byRatings: Text = {
  de: 'Nach den Bewertungen ist es noch nicht so weit; die Werte sieht, wer an dem Fall arbeitet.',
  en: 'By the ratings it is too early; who works on the case sees the values.',
};

const noClocks: Clocks = { started: [], stopped: [] };

const stepsOfPeople = ({ chart }: Machine, states: readonly string[]): string[] =>
  chart
    .steps(states)
    .filter((name) => chart.definition.steps[name]!.who.some((who) => who.function !== 'SYS'));
