import { Injectable } from '@nestjs/common';
import { OpenWorkSources, type Companion, type OpeningKey } from '../audit/index.ts';
import { Engine } from '../engine/index.ts';
import type { Db } from '../platform/index.ts';
import { openMeasures } from './measure.sql.ts';

/** Shows what waits in measures beside what waits in the processes they came from. */
@Injectable()
export class MeasureWork {
  readonly #engine: Engine;

  constructor(sources: OpenWorkSources, engine: Engine) {
    this.#engine = engine;
    sources.accompany((db, processes) => this.#of(db, processes));
  }

  /** Open measures of these processes, and all that are in the hands of a post the asker is at. */
  async #of(db: Db, processes: readonly OpeningKey[]): Promise<Companion[]> {
    const openings = processes.map(({ id }) => id);
    const posts = db.actor.posts.map(({ postId }) => postId);
    const measures = new Map((await openMeasures(db, openings, posts)).map((m) => [m.id, m.processId]));
    const courses = await this.#engine.processes(db, [...measures.keys()]);
    return courses
      .filter(({ status }) => status === 'RUNNING')
      .map(({ id, scopeId, seriesId }) => ({
        id,
        unitId: scopeId,
        roundId: seriesId!,
        openingId: measures.get(id)!,
      }));
  }
}
