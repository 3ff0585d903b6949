import { Injectable } from '@nestjs/common';
import type { Db } from '../../platform/index.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { reportSignatures, reportTexts } from '../opening/report.sql.ts';
import { reportHash } from './report.rules.ts';
import { placed, ReviewViews } from './review-views.service.ts';
import { comments, replies, releases } from './report-view.sql.ts';

interface WrittenReport {
  readonly personId: string;
  readonly recordedAt: Date;
}
interface CommentRow extends WrittenReport {
  readonly id: string;
  readonly criterionId: string | null;
  readonly comment: string;
}
interface ReplyRow extends WrittenReport {
  readonly commentId: string;
  readonly reply: string;
}
interface ReleaseRow extends WrittenReport {
  readonly kind: 'DRAFT' | 'FINAL';
  readonly visibility: 'INTERNAL' | 'PUBLIC' | null;
  readonly contentHash: string;
}

/** Reads the report as its readers see it. */
@Injectable()
export class ReportViews {
  readonly #ratings: Ratings;
  readonly #views: ReviewViews;

  constructor(ratings: Ratings, views: ReviewViews) {
    this.#ratings = ratings;
    this.#views = views;
  }

  /** The report; null while nobody has written one. */
  async report(db: Db, opening: OpeningProcess) {
    const text = (await reportTexts(db, [opening.id])).get(opening.id);
    if (!text) return null;
    const contentHash = reportHash(await this.#ratings.sheet(db, opening.id), text);
    const signed = await reportSignatures(db, [opening.id]);
    const said = await db.call<CommentRow>(comments, [opening.id]);
    const replied = await db.call<ReplyRow>(replies, [said.map(({ id }) => id)]);
    const released = await db.call<ReleaseRow>(releases, [opening.id]);
    const people = [text, ...signed, ...said, ...replied, ...released].map(({ personId }) => personId);
    const { person, criterion } = await this.#views.lookup(db, opening, people);
    const by = ({ personId, recordedAt }: WrittenReport) => ({ by: person(personId), at: recordedAt });
    const signatures = signed.map((s) => ({
      by: person(s.personId),
      at: s.signedAt,
      isValid: s.contentHash === contentHash,
    }));
    return {
      ...text,
      ...placed(opening),
      contentHash,
      writtenBy: person(text.personId),
      writtenAt: text.recordedAt,
      signatures,
      isSigned: signatures.some(({ isValid }) => isValid),
      comments: said.map((row) => ({
        id: row.id,
        criterion: row.criterionId && criterion(row.criterionId),
        comment: row.comment,
        ...by(row),
        replies: replied
          .filter(({ commentId }) => commentId === row.id)
          .map((reply) => ({ reply: reply.reply, ...by(reply) })),
      })),
      releases: released.map((row) => ({ ...row, ...by(row) })),
    };
  }
}
