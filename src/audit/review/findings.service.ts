import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { SOUND } from './review.rules.ts';

/** What the audit found in a unit, as far as planning needs it. */
export interface Found {
  /** All criteria that apply. */
  readonly criteria: ReadonlySet<string>;
  readonly core: ReadonlySet<string>;
  /** Core criteria whose final rating is below 2: each needs a measure (Konzept §2.2 T17). */
  readonly weakCore: readonly string[];
}

/** For the rooms above: where the final ratings leave something to do. */
@Injectable()
export class Findings {
  readonly #ratings: Ratings;

  constructor(ratings: Ratings) {
    this.#ratings = ratings;
  }

  /** By process; one without fixed criteria is left out. */
  async of(db: Db, processIds: readonly string[]): Promise<Map<string, Found>> {
    const sheets = await this.#ratings.sheets(db, processIds);
    return new Map(
      [...sheets].map(([id, { lines }]) => {
        const core = [...lines.values()].filter((line) => line.core);
        const weak = core.filter(({ ratings: { FINAL } }) => FINAL?.level != null && FINAL.level < SOUND);
        return [
          id,
          {
            criteria: new Set(lines.keys()),
            core: new Set(core.map(({ criterionId }) => criterionId)),
            weakCore: weak.map(({ criterionId }) => criterionId),
          },
        ];
      }),
    );
  }
}
