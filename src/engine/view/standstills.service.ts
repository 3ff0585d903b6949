import { Injectable } from '@nestjs/common';
import { Reads, type Actor, type Db, type Text } from '../../platform/index.ts';
import type { Calendar } from '../definition/calendar.rules.ts';
import { Calendars } from '../steps/calendars.service.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { DeadlineViews } from './deadline-views.service.ts';
import { Definitions } from '../publish/definitions.service.ts';
import type { PossibleStep } from '../steps/possible-steps.service.ts';
import type { DeadlineRow } from '../steps/process.sql.ts';
import { ProcessViews } from './process-views.service.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { labelOfStage, labelOfStep } from '../steps/refusals.rules.ts';
import { EngineRegistry, type Holder } from '../machine/registry.ts';
import { summaryOf, workingDaysSince, type OwnStep, type Turn } from './standstill.rules.ts';
import { FourEyes } from '../steps/four-eyes.service.ts';
import { placeOf } from '../steps/permission.rules.ts';

interface WaitedFor extends Turn {
  readonly name: string;
  readonly function: string;
  readonly holders: readonly (Holder & { readonly function: string })[];
}

/** Why a process does not move; its place decides who may see it. */
interface Standstill {
  readonly processId: string;
  readonly scopeId: string;
  readonly seriesId: string | null;
  readonly since: Date;
  readonly workingDays: number;
  readonly summary: Text;
  readonly turns: readonly WaitedFor[];
  readonly blocked: readonly PossibleStep[];
  readonly byItself: readonly OwnStep[];
}

/** Answers "why is this stuck?": since when, whose turn it is today, what is missing, what the clock will do. */
@Injectable()
export class Standstills {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #calendars: Calendars;
  readonly #registry: EngineRegistry;
  readonly #views: ProcessViews;
  readonly #deadlines: DeadlineViews;
  readonly #fourEyes: FourEyes;

  constructor(
    reads: Reads,
    definitions: Definitions,
    calendars: Calendars,
    registry: EngineRegistry,
    views: ProcessViews,
    deadlines: DeadlineViews,
    fourEyes: FourEyes,
  ) {
    this.#reads = reads;
    this.#definitions = definitions;
    this.#calendars = calendars;
    this.#registry = registry;
    this.#views = views;
    this.#deadlines = deadlines;
    this.#fourEyes = fourEyes;
  }

  async of(actor: Actor, process: ProcessRow): Promise<Standstill> {
    const db = await this.#reads.db(actor);
    const { chart } = await this.#definitions.machineOf(db, process.definitionId);
    const { calendar, today } = await this.#calendars.at(db);
    const [turns, deadlines, possible] = await Promise.all([
      this.#turns(db, actor, chart, process),
      this.#deadlines.deadlines(actor, process),
      this.#views.possibleSteps(actor, process.id),
    ]);
    const standing = {
      workingDays: workingDaysSince(calendar.dayOf(process.stageSince), today, calendar),
      turns,
      blocked: possible.filter(({ enabled, reasons }) => !enabled && reasons.length > 0),
      byItself: ownSteps(chart, deadlines, calendar),
    };
    const { id: processId, scopeId, seriesId, stageSince: since } = process;
    const summary = summaryOf({
      ...standing,
      // In words only what keeps the open tasks waiting; the list names all.
      blocked: standing.blocked.filter(({ answersTask }) => answersTask),
      stageLabel: labelOfStage(chart, process.stage),
      hasEnded: process.status === 'FINISHED',
      isSuspended: process.suspendedAt !== null,
    });
    return { processId, scopeId, seriesId, since, summary, ...standing };
  }

  async #turns(db: Db, actor: Actor, chart: Chart, process: ProcessRow): Promise<WaitedFor[]> {
    const tasks = await this.#views.tasks(actor, process);
    return Promise.all(
      tasks.map(async ({ name, label, function: code, dueOn }) => {
        const all = await this.#registry.authority.holders(db, code, placeOf(process));
        const holders = this.#fourEyes.free(chart, process, code, all);
        return {
          name,
          label,
          function: code,
          functionName: this.#registry.authority.nameOf(code),
          dueOn,
          overdue: dueOn !== null && dueOn < db.today,
          holders: holders.map((holder) => ({ ...holder, function: code })),
        };
      }),
    );
  }
}

/** Each running deadline's next act, the earliest first. */
function ownSteps(chart: Chart, deadlines: readonly DeadlineRow[], calendar: Calendar): OwnStep[] {
  return deadlines
    .flatMap(({ nextStep: step, nextAt: at, pausedOn }) => {
      if (step === null || at === null || pausedOn) return [];
      return [{ step, label: labelOfStep(chart, step), at, day: calendar.dayOf(new Date(at.getTime() - 1)) }];
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
