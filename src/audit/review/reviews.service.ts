import { Injectable } from '@nestjs/common';
import type { ProcessRow } from '../../engine/index.ts';
import {
  blankFaultsIn,
  found,
  isRefusal,
  newId,
  refuse,
  refuseFaults,
  repeatedFaults,
  type Actor,
  type Tx,
  textOrNull,
} from '../../platform/index.ts';
import { OpeningGate, type StateNeeded } from '../opening/opening-gate.service.ts';
import { Proofs, type GivenProofs } from '../opening/proofs.service.ts';
import { Ratings, type NewRating, type Sheet, type SheetLine } from '../rating/ratings.service.ts';
import type { Scale } from '../rating/scale.rules.ts';
import { auditFault, ownRating, type AuditAnswer } from './review.rules.ts';
import { addRequests, requestIds, addAnswers, addNotes } from './review.sql.ts';

interface AuditRatingInput extends AuditAnswer {
  readonly criterionId: string;
  readonly expectedAuditVersion?: number | null;
}

export interface RateAsAuditorInput {
  readonly commandId: string;
  readonly processId: string;
  readonly ratings: readonly AuditRatingInput[];
}

export interface ProvideEvidenceInput {
  readonly commandId: string;
  readonly processId: string;
  readonly answers: readonly (GivenProofs & { readonly requestId: string; readonly note?: string | null })[];
}

export interface NoteVisitInput {
  readonly commandId: string;
  readonly processId: string;
  readonly notes: readonly { readonly criterionId?: string | null; readonly note: string }[];
}

/** Auditors may write while they look, and correct after the unit's comments until the report is released. */
export const whileAuditing: StateNeeded = {
  tags: ['auditable', 'correctable'],
  says: {
    de: 'Auditbewertungen sind nur während der Prüfung, nach der Stellungnahme und in der Abschlussprüfung möglich.',
    en: 'Auditors rate during the review, after the unit’s comments and in the final review only.',
  },
};

const whileEvidencePending: StateNeeded = {
  tags: ['evidencePending'],
  says: { de: 'Es ist keine Nachforderung offen.', en: 'No evidence is being asked for.' },
};

/** The outside look at a unit: auditors' ratings beside its own, evidence asked for and brought, notes of the visit. */
@Injectable()
export class Reviews {
  readonly #gate: OpeningGate;
  readonly #ratings: Ratings;
  readonly #proofs: Proofs;

  constructor(gate: OpeningGate, ratings: Ratings, proofs: Proofs) {
    this.#gate = gate;
    this.#ratings = ratings;
    this.#proofs = proofs;
  }

  /** What auditors ask for, from the step's payload: one request for each criterion. */
  async request(tx: Tx, process: ProcessRow, items: readonly { criterionId: string; text: string }[]) {
    const ids = items.map(({ criterionId }) => criterionId);
    const no = refuseFaults(repeatedFaults(ids, (at) => `payload.items.${at}.criterionId`));
    if (no) return no;
    const rows = await tx.call<{ requestNo: number }>(addRequests, [
      process.id,
      JSON.stringify(items),
      tx.actor.person,
    ]);
    found(rows.length === items.length ? rows : undefined, criterionName);
    return { requestNo: rows[0]!.requestNo, items: rows.length };
  }

  /** Appends the auditor's ratings, all or none; a deviation from the unit's own rating needs its explanation. */
  rate(actor: Actor, input: RateAsAuditorInput) {
    const ids = input.ratings.map(({ criterionId }) => criterionId);
    const faults = repeatedFaults(ids, (at) => `ratings.${at}.criterionId`);
    const command = {
      name: 'rateAsAuditor',
      input,
      action: 'auditRating.write',
      judges: true as const,
      moment: whileAuditing,
      faults,
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const sheet = await this.#ratings.sheet(tx, process.id);
      const pairs = input.ratings.map((rating) => [rating, lineOf(sheet, rating.criterionId)] as const);
      const no = refuseChanged(pairs) ?? refuseFaulty(pairs, sheet.scale);
      if (no) return no;
      await this.#ratings.append(
        tx,
        sheet,
        pairs.map(([rating, line]) => auditRating(rating, line, actor)),
      );
    });
  }

  /** The unit's answer to what was asked for; several answers to one request add up until the deadline. */
  provideEvidence(actor: Actor, input: ProvideEvidenceInput) {
    const command = {
      name: 'provideEvidence',
      input,
      action: 'evidence.provide',
      moment: whileEvidencePending,
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      await this.#refuseForeignRequests(tx, process, input);
      const rows = [];
      for (const [at, { requestId, note, ...given }] of input.answers.entries()) {
        const proofs = await this.#proofs.gather(tx, process.scopeId, given, `answers.${at}.`);
        if (isRefusal(proofs)) return proofs;
        rows.push({ id: newId(), request_id: requestId, note, evidence_ids: proofs });
      }
      await tx.call(addAnswers, [JSON.stringify(rows), actor.person]);
    });
  }

  /** Notes of the visit by criterion, or about the whole; written without names. */
  noteVisit(actor: Actor, input: NoteVisitInput) {
    const command = {
      name: 'noteVisit',
      input,
      action: 'visitNote.write',
      moment: whileAuditing,
      faults: blankFaultsIn(input.notes, 'notes', 'note'),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const sheet = await this.#ratings.sheet(tx, process.id);
      for (const { criterionId } of input.notes) if (criterionId) lineOf(sheet, criterionId);
      await tx.call(addNotes, [process.id, JSON.stringify(input.notes), actor.person]);
    });
  }

  async #refuseForeignRequests(
    tx: Tx,
    process: ProcessRow,
    { answers }: ProvideEvidenceInput,
  ): Promise<void> {
    const ids = [...new Set(answers.map(({ requestId }) => requestId))];
    const known = await tx.call(requestIds, [process.id, ids]);
    found(known.length === ids.length ? known : undefined, { de: 'Nachforderung', en: 'Evidence request' });
  }
}

const criterionName = { de: 'Kriterium in diesem Öffnungsprozess', en: 'Criterion in this opening process' };

export const lineOf = (sheet: Sheet, criterionId: string): SheetLine =>
  found(sheet.lines.get(criterionId), criterionName);

type Pair = readonly [AuditRatingInput, SheetLine];

/** An auditor who has seen an older audit rating decides again; without an expectation the latest word counts. */
function refuseChanged(pairs: readonly Pair[]) {
  const versionOf = ({ ratings }: SheetLine) => ratings.AUDIT?.version ?? 0;
  const changed = pairs.find(
    ([{ expectedAuditVersion }, line]) =>
      expectedAuditVersion != null && expectedAuditVersion !== versionOf(line),
  );
  if (!changed) return;
  return refuse(
    'ChangedMeanwhile',
    {
      de: 'Ein Kriterium wurde inzwischen von anderer Seite im Audit bewertet. Bitte neu lesen und entscheiden.',
      en: 'Another auditor has rated a criterion meanwhile. Please read again and decide.',
    },
    { currentVersion: versionOf(changed[1]) },
  );
}

function refuseFaulty(pairs: readonly Pair[], scale: Scale) {
  const faults = pairs.flatMap(([rating, { ratings }], at) => {
    const message = auditFault(rating, ratings, scale);
    return message ? [{ path: `ratings.${at}`, message }] : [];
  });
  return refuseFaults(faults);
}

/** "Not applicable" always bears a reason: the auditor's, or the unit's own that the auditor consents to. */
function auditRating(
  { criterionId, level, explanation }: AuditRatingInput,
  line: SheetLine,
  actor: Actor,
): NewRating {
  const reason = textOrNull(explanation) ?? (ownRating(line.ratings) as SheetLine['ratings']['SELF'])?.reason;
  return {
    criterionId,
    kind: 'AUDIT',
    level,
    statement: textOrNull(explanation),
    reason: level === null ? reason! : null,
    personId: actor.person,
  };
}
