import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import type { OpeningKey } from './opening-process.sql.ts';

/** Knows better than the process definition for whom a state waits. */
export interface OpenWorkSource {
  readonly kind: 'SIGN' | 'SHOW';
  /** The task waits for the function of the definition too. */
  readonly besides?: true;
  /** The ids of those of these processes, each with the task open, where it waits for the asker; in one go for all. */
  of(db: Db, processes: readonly OpeningKey[]): Promise<ReadonlySet<string>>;
}

/** A process of a higher room that goes with an opening process, such as that of a measure; `id` is its own. */
export interface Companion extends OpeningKey {
  readonly openingId: string;
}
/** The companions that may wait for the asker: those of these opening processes, and others the asker has part in. */
export type Companions = (db: Db, processes: readonly OpeningKey[]) => Promise<readonly Companion[]>;

/**
 * Where this room and higher ones say who has work in a state, known by its task. The task is shown to whom the source
 * names, and not to the function of the definition. Register in the constructor.
 */
@Injectable()
export class OpenWorkSources {
  readonly #byTask = new Map<string, OpenWorkSource>();
  readonly #companions: Companions[] = [];

  accompany(companions: Companions): void {
    this.#companions.push(companions);
  }

  async companionsOf(db: Db, processes: readonly OpeningKey[]): Promise<Companion[]> {
    const all: Companion[] = [];
    for (const companions of this.#companions) all.push(...(await companions(db, processes)));
    return all;
  }

  register(task: string, source: OpenWorkSource): void {
    if (this.#byTask.has(task)) throw new Error(`A source for the task ${task} is registered already.`);
    this.#byTask.set(task, source);
  }

  /** By the name of the task each of them stands for. */
  get byTask(): ReadonlyMap<string, OpenWorkSource> {
    return this.#byTask;
  }
}
