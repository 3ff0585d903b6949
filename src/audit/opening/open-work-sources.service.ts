import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import type { OpeningKey } from './opening-process.sql.ts';

/** Knows better than the process definition for whom a state waits. */
export interface OpenWorkSource {
  /** Which tasks it knows about: those of states with this tag, or those of this name where no tag says what they are. */
  readonly about: { readonly tag: string } | { readonly task: string };
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

/** Whether a source knows about a task. */
export const isAbout = (
  { about }: OpenWorkSource,
  { name, tags }: { readonly name: string; readonly tags: readonly string[] },
): boolean => ('tag' in about ? tags.includes(about.tag) : name === about.task);

/**
 * Where this room and higher ones say who has work in a state. The task is shown to whom the source names, and not to the
 * function of the definition. Register in the constructor.
 */
@Injectable()
export class OpenWorkSources {
  readonly #sources: OpenWorkSource[] = [];
  readonly #companions: Companions[] = [];

  accompany(companions: Companions): void {
    this.#companions.push(companions);
  }

  async companionsOf(db: Db, processes: readonly OpeningKey[]): Promise<Companion[]> {
    const all: Companion[] = [];
    for (const companions of this.#companions) all.push(...(await companions(db, processes)));
    return all;
  }

  register(source: OpenWorkSource): void {
    this.#sources.push(source);
  }

  get all(): readonly OpenWorkSource[] {
    return this.#sources;
  }
}
