import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { ClientError, Reads, type Actor, type Db } from '../../platform/index.ts';
import { Calendars } from '../steps/calendars.service.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { labelOfDeadline } from '../steps/deadline.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import { standing, type PastEntry, type PastStanding } from './past.rules.ts';
import { ProcessViews } from '../view/process-views.service.ts';
import type { TaskRow } from '../steps/process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { labelOfStage } from '../steps/refusals.rules.ts';
import { entries, tasks } from './past.sql.ts';

type PastEntryRow = PastEntry & { readonly processId: string };
interface PastQuestion {
  readonly id: string;
  readonly day: string;
}
interface FoundPast {
  readonly end: Date;
  readonly entries: readonly PastEntry[];
  readonly tasks: readonly TaskRow[];
}

/** A process on a past day, with what decides who may see it. */
export interface PastProcess extends Omit<PastStanding, 'deadlines'> {
  readonly process: ProcessRow;
  readonly processId: string;
  readonly scopeId: string;
  readonly seriesId: string | null;
  readonly asOf: string;
  readonly end: Date;
  readonly deadlines: PastStanding['deadlines'];
  readonly openTasks: readonly TaskRow[];
}

/** Processes as they stood at the end of a day, read from the log: exact, and the same whenever it is asked. */
@Injectable()
export class Past {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #calendars: Calendars;
  readonly #views: ProcessViews;
  readonly #loaders = new WeakMap<Actor, DataLoader<PastQuestion, FoundPast, string>>();

  constructor(reads: Reads, definitions: Definitions, calendars: Calendars, views: ProcessViews) {
    this.#reads = reads;
    this.#definitions = definitions;
    this.#calendars = calendars;
    this.#views = views;
  }

  /** Null for a day before the process began. `day` is a day in the administration's zone; its end counts. */
  async of(actor: Actor, process: ProcessRow, day: string): Promise<PastProcess | null> {
    const { today } = await this.#reads.db(actor);
    if (day > today) throw future(day);
    const { entries: known, end, tasks: openTasks } = await this.#loader(actor).load({ id: process.id, day });
    if (known.length === 0) return null;
    const charts = await this.#charts(await this.#reads.db(actor), known);
    const { id: processId, scopeId, seriesId } = process;
    const place = { process, processId, scopeId, seriesId };
    return { ...standing(known, (id) => charts.get(id)!), ...place, asOf: day, end, openTasks };
  }

  async stageLabel(actor: Actor, { definitionId, stage }: PastProcess) {
    return labelOfStage(await this.#chart(actor, definitionId), stage);
  }

  async history(actor: Actor, { processId, version }: PastProcess) {
    return (await this.#views.history(actor, processId)).filter(({ seq }) => seq <= version);
  }

  async deadlines(actor: Actor, { definitionId, deadlines, end }: PastProcess) {
    const chart = await this.#chart(actor, definitionId);
    return [...deadlines]
      .map(([name, { dueOn, dueAt, stands }]) => ({
        name,
        label: labelOfDeadline(chart, name),
        dueOn,
        overdue: !stands && dueAt < end,
      }))
      .sort((a, b) => a.dueOn.localeCompare(b.dueOn));
  }

  async tasks(actor: Actor, { definitionId, openTasks }: PastProcess) {
    const { labelsOfTasks } = await this.#chart(actor, definitionId);
    return openTasks.map((task) => ({
      ...task,
      label: labelsOfTasks.get(task.name) ?? { de: task.name, en: task.name },
    }));
  }

  async #chart(actor: Actor, definitionId: string): Promise<Chart> {
    return (await this.#definitions.machineOf(await this.#reads.db(actor), definitionId)).chart;
  }

  async #charts(db: Db, known: readonly PastEntry[]): Promise<Map<string, Chart>> {
    const ids = [...new Set(known.map(({ definitionId }) => definitionId))];
    const machines = await Promise.all(ids.map((id) => this.#definitions.machineOf(db, id)));
    return new Map(ids.map((id, i) => [id, machines[i]!.chart]));
  }

  /** One request's look back at many processes is two questions for each day. */
  #loader(actor: Actor): DataLoader<PastQuestion, FoundPast, string> {
    let loader = this.#loaders.get(actor);
    if (!loader) {
      loader = new DataLoader((asked) => this.#read(actor, asked), {
        cacheKeyFn: ({ id, day }) => `${id} ${day}`,
        maxBatchSize: 500,
      });
      this.#loaders.set(actor, loader);
    }
    return loader;
  }

  async #read(actor: Actor, asked: readonly PastQuestion[]): Promise<FoundPast[]> {
    const db = await this.#reads.db(actor);
    const { calendar } = await this.#calendars.at(db);
    const byDay = Map.groupBy(asked, ({ day }) => day);
    const found = new Map<PastQuestion, FoundPast>();
    for (const [day, alike] of byDay) {
      const end = calendar.endOf(day);
      const ids = alike.map(({ id }) => id);
      const entriesOf = Map.groupBy(await db.call<PastEntryRow>(entries, [ids, end]), (row) => row.processId);
      const tasksOf = Map.groupBy(await db.call<TaskRow>(tasks, [ids, end]), (row) => row.processId);
      for (const one of alike)
        found.set(one, { end, entries: entriesOf.get(one.id) ?? [], tasks: tasksOf.get(one.id) ?? [] });
    }
    return asked.map((one) => found.get(one)!);
  }
}

const future = (day: string) =>
  new ClientError('BAD_INPUT', {
    de: `Der gefragte Tag liegt in der Zukunft (${day}). Möglich ist jeder Tag bis heute.`,
    en: `The day asked for lies in the future (${day}). Any day up to today is possible.`,
  });
