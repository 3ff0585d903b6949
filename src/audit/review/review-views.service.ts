import { Injectable } from '@nestjs/common';
import { Catalogue, type Criterion } from '../../catalogue/index.ts';
import { Evidence } from '../../evidence/index.ts';
import { Persons } from '../../identity/index.ts';
import type { Db } from '../../platform/index.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { deviation, ownRating, unexplained, unrated } from './review.rules.ts';
import { requests, answers, notes } from './review-view.sql.ts';

interface WrittenReview {
  readonly personId: string;
  readonly recordedAt: Date;
}
interface RequestRow extends WrittenReview {
  readonly id: string;
  readonly criterionId: string;
  readonly requestNo: number;
  readonly wanted: string;
}
interface AnswerRow extends WrittenReview {
  readonly requestId: string;
  readonly note: string | null;
  readonly evidenceIds: readonly string[];
}
interface NoteRow extends WrittenReview {
  readonly criterionId: string | null;
  readonly note: string;
}

/** Where an answer's part belongs, for those of its fields that not every reader of the whole may see. */
export const placed = ({ unitId, seriesId, processId, processTags }: OpeningProcess) => ({
  unitId,
  seriesId,
  processId,
  processTags,
});

/** Names and criteria for answers: read once for all rows of an answer. */
export interface Lookup {
  readonly person: (id: string) => { readonly id: string; readonly displayName: string };
  readonly criterion: (id: string) => Criterion | undefined;
}

/** Reads the review as its readers see it. */
@Injectable()
export class ReviewViews {
  readonly #ratings: Ratings;
  readonly #catalogue: Catalogue;
  readonly #evidence: Evidence;
  readonly #persons: Persons;

  constructor(ratings: Ratings, catalogue: Catalogue, evidence: Evidence, persons: Persons) {
    this.#ratings = ratings;
    this.#catalogue = catalogue;
    this.#evidence = evidence;
    this.#persons = persons;
  }

  async lookup(db: Db, { editionId }: OpeningProcess, personIds: readonly string[]): Promise<Lookup> {
    const names = await this.#persons.names(db, [...new Set(personIds)]);
    const edition = await this.#catalogue.edition(db, editionId);
    const criteria = new Map(edition?.criteria.map((criterion) => [criterion.id, criterion]));
    return {
      person: (id) => ({ id, displayName: names.get(id) ?? '' }),
      criterion: (id) => criteria.get(id),
    };
  }

  /** The lines in the edition's order; null before the criteria are fixed. */
  async review(db: Db, opening: OpeningProcess) {
    const sheet = (await this.#ratings.sheets(db, [opening.id])).get(opening.id);
    if (!sheet) return null;
    const lines = [...sheet.lines.values()];
    const isExplained = (criterionId: string) =>
      Boolean(sheet.lines.get(criterionId)?.ratings.AUDIT?.statement);
    const edition = await this.#catalogue.edition(db, opening.editionId);
    return {
      lines: (edition?.criteria ?? []).flatMap((criterion) => {
        const ratings = sheet.lines.get(criterion.id)?.ratings;
        if (!ratings) return [];
        const { AUDIT: auditRating, FINAL: finalRating } = ratings;
        return {
          ...placed(opening),
          criterion,
          ownRating: ownRating(ratings),
          auditRating,
          finalRating,
          deviates: deviation(ratings) > 0,
        };
      }),
      unrated: unrated(lines).length,
      deviations: lines.filter(({ ratings }) => deviation(ratings) > 0).length,
      unexplained: unexplained(lines, isExplained).length,
    };
  }

  async requests(db: Db, opening: OpeningProcess) {
    const rows = await db.call<RequestRow>(requests, [opening.id]);
    const given = await db.call<AnswerRow>(answers, [rows.map(({ id }) => id)]);
    const proofs = await this.#evidence.of(db, [...new Set(given.flatMap(({ evidenceIds }) => evidenceIds))]);
    const { person, criterion } = await this.lookup(
      db,
      opening,
      [...rows, ...given].map(({ personId }) => personId),
    );
    const isPending = opening.processTags.includes('evidencePending');
    return rows.map((row) => {
      const own = given.filter(({ requestId }) => requestId === row.id);
      return {
        ...row,
        criterion: criterion(row.criterionId),
        askedBy: person(row.personId),
        askedAt: row.recordedAt,
        state: own.length > 0 ? 'ANSWERED' : isPending ? 'OPEN' : 'NOT_SHOWN',
        answers: own.map(({ note, evidenceIds, personId, recordedAt }) => ({
          note,
          evidence: evidenceIds.flatMap((id) => proofs.get(id) ?? []),
          by: person(personId),
          at: recordedAt,
        })),
      };
    });
  }

  async notes(db: Db, opening: OpeningProcess) {
    const rows = await db.call<NoteRow>(notes, [opening.id]);
    const { person, criterion } = await this.lookup(
      db,
      opening,
      rows.map(({ personId }) => personId),
    );
    return rows.map(({ criterionId, note, personId, recordedAt }) => ({
      criterion: criterionId && criterion(criterionId),
      note,
      by: person(personId),
      at: recordedAt,
    }));
  }
}
