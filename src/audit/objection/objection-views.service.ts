import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import { objectionEntries, objectionsOf } from './objection.sql.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { Participations } from '../round/participations.service.ts';
import { ReviewViews } from '../review/review-views.service.ts';

interface WrittenObjection {
  readonly personId: string;
  readonly recordedAt: Date;
}

/** Reads objections and participation as their readers see them. */
@Injectable()
export class ObjectionViews {
  readonly #views: ReviewViews;
  readonly #participations: Participations;

  constructor(views: ReviewViews, participations: Participations) {
    this.#views = views;
    this.#participations = participations;
  }

  async objections(db: Db, opening: OpeningProcess) {
    const rows = await objectionsOf(db, [opening.id]);
    const done = await objectionEntries(
      db,
      rows.map(({ id }) => id),
    );
    const people = [...rows, ...done].map(({ personId }) => personId);
    const { person, criterion } = await this.#views.lookup(db, opening, people);
    const by = ({ personId, recordedAt }: WrittenObjection) => ({ by: person(personId), at: recordedAt });
    return rows.map((row) => ({
      ...row,
      ...by(row),
      number: row.objectionNo,
      criteria: row.criterionIds.flatMap((id) => criterion(id) ?? []),
      entries: done
        .filter(({ objectionId }) => objectionId === row.id)
        .map((entry) => ({ ...entry, ...by(entry) })),
    }));
  }

  async participations(db: Db, opening: OpeningProcess) {
    const rows = await this.#participations.of(db, [opening.id]);
    const answers = await this.#participations.entries(
      db,
      rows.map(({ id }) => id),
    );
    const people = [...rows, ...answers].map(({ personId }) => personId);
    const { person } = await this.#views.lookup(db, opening, people);
    const by = ({ personId, recordedAt }: WrittenObjection) => ({ by: person(personId), at: recordedAt });
    return rows.map((row) => ({
      ...row,
      ...by(row),
      answers: answers
        .filter(({ participationId }) => participationId === row.id)
        .map((answer) => ({ kind: answer.kind, text: answer.said, ...by(answer) })),
    }));
  }
}
