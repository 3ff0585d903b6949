import { Injectable } from '@nestjs/common';
import type { ProcessRow } from '../../engine/index.ts';
import {
  blankFaults,
  blankFaultsIn,
  found,
  refuse,
  type Actor,
  type Db,
  type Tx,
  notPossible,
} from '../../platform/index.ts';
import { OpeningGate, type StateNeeded } from '../opening/opening-gate.service.ts';
import { insertSignature } from '../opening/opening-process.sql.ts';
import { Ratings, type Sheet } from '../rating/ratings.service.ts';
import { REPORT_SIGNATURE, reportSignatures, reportTexts, type ReportText } from '../opening/report.sql.ts';
import { ratersOf, refuseSigner, reportHash } from './report.rules.ts';
import { lineOf, whileAuditing } from './reviews.service.ts';
import { toFinalise } from './review.rules.ts';
import { addText, addComments, addReply, addRelease } from './report.sql.ts';

interface OfProcess {
  readonly commandId: string;
  readonly processId: string;
}

export interface WriteReportInput extends OfProcess {
  readonly summary: string;
  readonly publicSummary?: string | null;
}

export interface SignReportInput extends OfProcess {
  /** The hash of the content the signer has read. */
  readonly contentHash: string;
}

export interface CommentOnReportInput extends OfProcess {
  readonly comments: readonly { readonly criterionId?: string | null; readonly comment: string }[];
}

export interface ReplyToCommentInput extends OfProcess {
  readonly commentId: string;
  readonly reply: string;
}

const whileCommenting: StateNeeded = {
  tags: ['commenting'],
  says: {
    de: 'Zum Entwurf kann nur während der Stellungnahmefrist kommentiert werden.',
    en: 'The draft can be commented on during the comment period only.',
  },
};

const whileReplying: StateNeeded = {
  tags: ['commenting', 'correctable'],
  says: {
    de: 'Auf Stellungnahmen wird bis zur Freigabe des Berichts geantwortet.',
    en: 'Comments are replied to until the report is released.',
  },
};

/** The audit report: its words, its second signature, the unit's comments and the auditors' replies, its release. */
@Injectable()
export class Reports {
  readonly #gate: OpeningGate;
  readonly #ratings: Ratings;

  constructor(gate: OpeningGate, ratings: Ratings) {
    this.#gate = gate;
    this.#ratings = ratings;
  }

  /** A new version of the report's words; a signature on an older one no longer fits. */
  write(actor: Actor, input: WriteReportInput) {
    const command = {
      name: 'writeReport',
      input,
      action: 'report.write',
      judges: true as const,
      moment: whileAuditing,
      faults: blankFaults({ summary: input.summary }),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      await tx.call(addText, [process.id, input.summary, input.publicSummary ?? null, actor.person]);
    });
  }

  /** The second auditor's name under exactly what was read; four eyes are two natural persons (Konzept §6.2). */
  sign(actor: Actor, input: SignReportInput) {
    const command = {
      name: 'signReport',
      input,
      action: 'report.sign',
      judges: true as const,
      moment: whileAuditing,
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const sheet = await this.#ratings.sheet(tx, process.id);
      const text = (await reportTexts(tx, [process.id])).get(process.id);
      if (!text) return notPossible(process.stage, withoutText);
      if (reportHash(sheet, text) !== input.contentHash) return changed(text);
      const authors = { words: text.personId, raters: ratersOf(sheet) };
      const no = refuseSigner(
        authors,
        await this.#gate.countsAs(tx, process.scopeId, [authors.words, ...authors.raters]),
      );
      if (no) return no;
      const { contentHash } = input;
      const acting = await this.#gate.actingAs(tx, process, 'AUD2');
      await insertSignature(tx, { processId: process.id, step: REPORT_SIGNATURE, contentHash, ...acting });
    });
  }

  comment(actor: Actor, input: CommentOnReportInput) {
    const command = {
      name: 'commentOnReport',
      input,
      action: 'report.comment',
      moment: whileCommenting,
      faults: blankFaultsIn(input.comments, 'comments', 'comment'),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      await this.addComments(tx, process, input.comments);
    });
  }

  reply(actor: Actor, input: ReplyToCommentInput) {
    const command = {
      name: 'replyToComment',
      input,
      action: 'report.reply',
      moment: whileReplying,
      faults: blankFaults({ reply: input.reply }),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const [row] = await tx.call(addReply, [process.id, input.commentId, input.reply, actor.person]);
      found(row, { de: 'Stellungnahme', en: 'Comment' });
    });
  }

  async addComments(tx: Tx, process: ProcessRow, comments: CommentOnReportInput['comments']): Promise<void> {
    const sheet = await this.#ratings.sheet(tx, process.id);
    for (const { criterionId } of comments) if (criterionId) lineOf(sheet, criterionId);
    await tx.call(addComments, [process.id, JSON.stringify(comments), tx.actor.person]);
  }

  /** The draft goes to the unit: which content that was is kept by its hash. */
  async sendDraft(tx: Tx, process: ProcessRow): Promise<{ contentHash: string; releaseNo: number }> {
    const sheet = await this.#ratings.sheet(tx, process.id);
    return this.#release(tx, process, sheet, { kind: 'DRAFT', visibility: null });
  }

  /** Releases the report: what the auditors found becomes final and counts from here on. */
  async publish(tx: Tx, process: ProcessRow, visibility: 'INTERNAL' | 'PUBLIC') {
    const sheet = await this.#ratings.sheet(tx, process.id);
    const release = await this.#release(tx, process, sheet, { kind: 'FINAL', visibility });
    return { ...release, finalRatings: await this.finalise(tx, sheet) };
  }

  /** Makes audit ratings that are newer than the final ones final. Returns how many. */
  async finalise(tx: Tx, sheet: Sheet): Promise<number> {
    const lines = toFinalise([...sheet.lines.values()]).map((line) => sheet.lines.get(line.criterionId)!);
    const finals = lines.map(({ criterionId, ratings: { AUDIT } }) => ({
      criterionId,
      kind: 'FINAL' as const,
      level: AUDIT!.level,
      reason: AUDIT!.reason,
      carriedFrom: AUDIT!.id,
      personId: AUDIT!.personId,
    }));
    await this.#ratings.append(tx, sheet, finals);
    return finals.length;
  }

  async #release(tx: Tx, process: ProcessRow, sheet: Sheet, as: { kind: string; visibility: string | null }) {
    const text = (await reportTexts(tx, [process.id])).get(process.id);
    const contentHash = reportHash(sheet, text);
    const values = [process.id, as.kind, as.visibility, contentHash, tx.actor.person];
    const [row] = await tx.call<{ releaseNo: number }>(addRelease, values);
    return { contentHash, releaseNo: row!.releaseNo };
  }

  /** Whether a second auditor's signature fits what the report says now. */
  async signed(db: Db, processIds: readonly string[]): Promise<Map<string, boolean>> {
    const sheets = await this.#ratings.sheets(db, processIds);
    const texts = await reportTexts(db, processIds);
    const given = Map.groupBy(await reportSignatures(db, processIds), ({ processId }) => processId);
    return new Map(
      [...sheets].map(([id, sheet]) => {
        const hash = reportHash(sheet, texts.get(id));
        return [id, given.get(id)?.some(({ contentHash }) => contentHash === hash) ?? false];
      }),
    );
  }
}

const withoutText = {
  de: 'Der Bericht hat noch keinen Text. Zuerst schreibt die Auditleitung die Zusammenfassung.',
  en: 'The report has no words yet. First the audit lead writes the summary.',
};
const changed = ({ version }: ReportText) =>
  refuse(
    'ChangedMeanwhile',
    {
      de: 'Der Bericht wurde seit dem Lesen geändert. Bitte die neue Fassung lesen und dann zeichnen.',
      en: 'The report was changed since you read it. Please read the new version, then sign.',
    },
    { currentVersion: version },
  );
