import { Injectable } from '@nestjs/common';
import { EngineRegistry, type Fact, type ProcessRow } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import type { Db } from '../../platform/index.ts';
import { Board } from './board.service.ts';
import { Conditions } from './conditions.service.ts';
import { Surveillance } from './surveillance.service.ts';
import {
  coreBelow,
  percentOf,
  scoreOf,
  type FinalRating,
  type Outcome,
} from '../rating/recognition.rules.ts';
import { Ratings, type Sheet } from '../rating/ratings.service.ts';
import { Reports } from '../review/reports.service.ts';
import { notRerated, SOUND, unexplained, unrated, visitMayBeSkipped } from '../review/review.rules.ts';

const ids = (processes: readonly ProcessRow[]) => processes.map(({ id }) => id);

/** The step by which the board carries out its vote. */
export const stepOf: Readonly<Record<Outcome, string>> = {
  FULL: 'RECOGNISE',
  CONDITIONAL: 'RECOGNISE_WITH_CONDITIONS',
  REFUSED: 'REFUSE',
};

/** What guards ask about review, report, votes and conditions. */
@Injectable()
export class ReviewFacts {
  readonly #ratings: Ratings;
  readonly #organisation: Organisation;

  constructor(
    registry: EngineRegistry,
    ratings: Ratings,
    organisation: Organisation,
    reports: Reports,
    board: Board,
    conditions: Conditions,
    surveillance: Surveillance,
  ) {
    this.#ratings = ratings;
    this.#organisation = organisation;
    registry.registerFacts({
      'review.total': this.#counts((sheet) => sheet.lines.size),
      'review.unrated': this.#counts((sheet) => unrated([...sheet.lines.values()]).length),
      'review.unexplained': this.#counts(unexplainedIn),
      'review.notRerated': this.#counts((sheet) => notRerated([...sheet.lines.values()]).length),
      'review.visitMayBeSkipped': { type: 'bool', load: (db, processes) => this.#visits(db, processes) },
      'report.secondSigned': { type: 'bool', load: (db, processes) => reports.signed(db, ids(processes)) },
      ...votes(board),
      ...finalRatings(board),
      ...afterwards(conditions, surveillance),
    });
  }

  #counts(count: (sheet: Sheet) => number): Fact {
    return {
      type: 'int',
      load: async (db, processes) => {
        const sheets = await this.#ratings.sheets(db, ids(processes));
        return new Map([...sheets].map(([id, sheet]) => [id, count(sheet)]));
      },
    };
  }

  async #visits(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, boolean>> {
    const sheets = await this.#ratings.sheets(db, ids(processes));
    const tree = await this.#organisation.tree(db);
    const level = ({ scopeId }: ProcessRow) => tree.node(scopeId)?.level ?? '';
    const lines = ({ id }: ProcessRow) => [...(sheets.get(id)?.lines.values() ?? [])];
    return new Map(
      processes.map((process) => [process.id, visitMayBeSkipped(level(process), lines(process))]),
    );
  }
}

const unexplainedIn = ({ lines }: Sheet): number =>
  unexplained([...lines.values()], (criterionId) => Boolean(lines.get(criterionId)?.ratings.AUDIT?.statement))
    .length;

/** How good a unit is by its final ratings; thresholds stand in the definitions that have some. */
function finalRatings(board: Board): Record<string, Fact> {
  const of = (value: (finals: readonly FinalRating[]) => number | null): Fact => ({
    type: 'int',
    toldWith: 'auditRating.read',
    load: async (db, processes) => {
      const rated = await board.recognitions(db, ids(processes));
      return new Map([...rated].map(([id, { finals }]) => [id, value(finals)]));
    },
  });
  return {
    // Rounded down: nobody reaches a threshold by rounding.
    'ratings.percent': of((finals) => Math.floor(percentOf(scoreOf(finals)) ?? 0)),
    'ratings.coreBelow2': of((finals) => coreBelow(finals, SOUND)),
  };
}

function votes(board: Board): Record<string, Fact> {
  return {
    'votes.quorum': {
      type: 'bool',
      load: async (db, processes) => {
        const ballots = await board.ballots(db, processes);
        return new Map([...ballots].map(([id, { count }]) => [id, count.isQuorate]));
      },
    },
    'votes.outcome': {
      type: 'text',
      load: async (db, processes) => {
        const ballots = await board.ballots(db, processes);
        return new Map(
          [...ballots].map(
            ([
              id,
              {
                count: { result },
              },
            ]) => [id, result ? stepOf[result] : 'OPEN'],
          ),
        );
      },
    },
  };
}

function afterwards(conditions: Conditions, surveillance: Surveillance): Record<string, Fact> {
  const counted = (isCounted: (state: string) => boolean): Fact => ({
    type: 'int',
    load: async (db, processes) => {
      const known = await conditions.of(db, ids(processes));
      return new Map(
        ids(processes).map((id) => [id, (known.get(id) ?? []).filter((c) => isCounted(c.state)).length]),
      );
    },
  });
  return {
    'conditions.total': counted(() => true),
    'conditions.open': counted((state) => state !== 'MET'),
    'surveillance.missing': {
      type: 'int',
      load: (db, processes) => surveillance.missing(db, ids(processes)),
    },
  };
}
