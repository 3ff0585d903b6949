import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { Reads, type Actor, type Db, type Text } from '../../platform/index.ts';
import { Definitions, type PublishedDefinition } from '../publish/definitions.service.ts';
import { PossibleSteps, type PossibleStep } from '../steps/possible-steps.service.ts';
import {
  readDeadlines,
  readHistory,
  readTasks,
  type HistoryRow,
  type TaskRow,
} from '../steps/process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { labelOfStage, labelOfStep } from '../steps/refusals.rules.ts';

/** What one request reads of many processes: each kind in one query, however many processes the answer shows. */
interface ProcessLoaders {
  readonly definitions: DataLoader<string, PublishedDefinition>;
  readonly possibleSteps: DataLoader<string, PossibleStep[]>;
  readonly history: DataLoader<string, HistoryRow[]>;
  readonly tasks: DataLoader<string, TaskRow[]>;
}

/** Processes in words: rows joined with the labels of their definitions. */
@Injectable()
export class ProcessViews {
  readonly #reads: Reads;
  readonly #definitions: Definitions;
  readonly #possible: PossibleSteps;
  /** An actor is made afresh for each request, so it stands for the request. */
  readonly #loaders = new WeakMap<Actor, ProcessLoaders>();

  constructor(reads: Reads, definitions: Definitions, possible: PossibleSteps) {
    this.#reads = reads;
    this.#definitions = definitions;
    this.#possible = possible;
  }

  async definitions(db: Db) {
    return (await this.#definitions.list(db)).map(shown);
  }

  async definition(actor: Actor, id: string) {
    return shown(await this.#of(actor).definitions.load(id));
  }

  async stageLabel(actor: Actor, definitionId: string, stage: string): Promise<Text> {
    return labelOfStage(await this.#chart(await this.#reads.db(actor), definitionId), stage);
  }

  async preview(db: Db, processId: string, step: string) {
    const { definitionId, tasks, clocks, ...preview } = await this.#possible.wouldBe(db, processId, step);
    const chart = await this.#chart(db, definitionId);
    const running = new Map((await readDeadlines(db, [processId])).map((row) => [row.name, row]));
    const deadline = (name: string) => chart.definition.deadlines[name]?.label ?? { de: name, en: name };
    const starts = new Set(clocks.started.map(({ name }) => name));
    return {
      ...preview,
      stageLabel: labelOfStage(chart, preview.stage),
      tasksOpened: tasks.opened.map(({ name }) => name).map((name) => chart.labelsOfTasks.get(name)!),
      tasksClosed: tasks.closed.map((name) => chart.labelsOfTasks.get(name)!),
      deadlinesStarted: clocks.started.map(({ name, dueOn }) => ({ name, label: deadline(name), dueOn })),
      deadlinesStopped: clocks.stopped
        .filter((name) => !starts.has(name) && running.has(name))
        .map((name) => ({ name, label: deadline(name), dueOn: running.get(name)!.dueOn })),
    };
  }

  possibleSteps(actor: Actor, id: string): Promise<PossibleStep[]> {
    return this.#of(actor).possibleSteps.load(id);
  }

  async history(actor: Actor, id: string) {
    const rows = await this.#of(actor).history.load(id);
    const db = await this.#reads.db(actor);
    return Promise.all(
      rows.map(async (row) => {
        const chart = await this.#chart(db, row.definitionId);
        return { ...row, label: labelOfStep(chart, row.step), stageLabel: labelOfStage(chart, row.stage) };
      }),
    );
  }

  async tasks(actor: Actor, { id, definitionId }: ProcessRow) {
    const rows = await this.#of(actor).tasks.load(id);
    const { labelsOfTasks } = await this.#chart(await this.#reads.db(actor), definitionId);
    return rows.map((row) => ({ ...row, label: labelsOfTasks.get(row.name)! }));
  }

  async #chart(db: Db, definitionId: string) {
    return (await this.#definitions.machineOf(db, definitionId)).chart;
  }

  #of(actor: Actor): ProcessLoaders {
    let loaders = this.#loaders.get(actor);
    if (!loaders) {
      loaders = {
        definitions: this.#loader(actor, async (db, ids) => {
          const published = new Map((await this.#definitions.list(db)).map((one) => [one.id, one]));
          return ids.map((id) => published.get(id)!);
        }),
        possibleSteps: this.#loader(actor, async (db, ids) => {
          const possible = await this.#possible.of(db, ids);
          return ids.map((id) => possible.get(id) ?? []);
        }),
        history: this.#grouped(actor, readHistory),
        tasks: this.#grouped(actor, readTasks),
      };
      this.#loaders.set(actor, loaders);
    }
    return loaders;
  }

  #grouped<R extends { processId: string }>(
    actor: Actor,
    read: (db: Db, ids: readonly string[]) => Promise<R[]>,
  ): DataLoader<string, R[]> {
    return this.#loader(actor, async (db, ids) => {
      const rows = Map.groupBy(await read(db, ids), ({ processId }) => processId);
      return ids.map((id) => rows.get(id) ?? []);
    });
  }

  // Batches, but keeps nothing: a request may move a process between two looks at it.
  #loader<R>(actor: Actor, read: (db: Db, ids: readonly string[]) => Promise<R[]>): DataLoader<string, R> {
    return new DataLoader(async (ids) => read(await this.#reads.db(actor), ids), {
      cache: false,
      maxBatchSize: 500,
    });
  }
}

const shown = (definition: PublishedDefinition) => ({
  ...definition,
  title: definition.body.title,
  description: definition.body.description,
});
export type ShownDefinition = ReturnType<typeof shown>;
