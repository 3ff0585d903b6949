import { Injectable } from '@nestjs/common';
import { Evidence, faultsOfEvidence, type NewEvidence } from '../../evidence/index.ts';
import {
  blankFaults,
  Commands,
  found,
  isRefusal,
  refuseFaults,
  type Actor,
  type Tx,
} from '../../platform/index.ts';
import { ChecklistGate, type OpenChecklist } from './checklist-gate.service.ts';
import {
  refuseAgreement,
  refuseFaulty,
  refuseRatedMeanwhile,
  refuseSamePerson,
  refuseState,
  refuseUnseconded,
  type RatingWish,
} from './checklist.rules.ts';
import { Ratings, type NewRating, type RatingRow } from '../rating/ratings.service.ts';

/** One criterion as somebody rates it. */
export interface CriterionRating extends Omit<RatingWish, 'proofDays'> {
  readonly evidenceIds: readonly string[];
  readonly newEvidence: readonly NewEvidence[];
}
export interface RateCriteria {
  readonly commandId: string;
  readonly processId: string;
  readonly ratings: readonly CriterionRating[];
}
export interface ResolveDifference {
  readonly commandId: string;
  readonly processId: string;
  readonly criterionId: string;
  readonly level: number | null;
  readonly comment: string;
  readonly expectedRatingVersion: number;
}

const aCriterion = { de: 'Kriterium', en: 'Criterion' };

/** What a unit says of itself: rated, seconded, agreed on. Nothing is overwritten, everything is appended. */
@Injectable()
export class Checklists {
  readonly #commands: Commands;
  readonly #access: ChecklistGate;
  readonly #evidence: Evidence;
  readonly #ratings: Ratings;

  constructor(commands: Commands, access: ChecklistGate, evidence: Evidence, ratings: Ratings) {
    this.#commands = commands;
    this.#access = access;
    this.#evidence = evidence;
    this.#ratings = ratings;
  }

  /** Rates criteria, all or none. Refuses a colleague's newer rating, missing proof, and a checklist that is closed. */
  rateCriteria(actor: Actor, { commandId, ...input }: RateCriteria) {
    const ahead = this.#access.ahead(input.processId);
    return this.#commands.run(actor, { name: 'rateCriteria', commandId, input, ahead }, async (tx) => {
      const list = await this.#open(tx, input);
      const closed = refuseState(list.process, ['editable']);
      if (closed) return closed;
      tx.permit(input.ratings.every(({ criterionId }) => list.mayRate(criterionId)));
      return this.#save(tx, list, input.ratings, 'SELF');
    });
  }

  /** The second person's own ratings of core criteria. Refuses besides whoever gave the first, or a deputy for them. */
  confirmRatings(actor: Actor, { commandId, ...input }: RateCriteria) {
    const ahead = this.#access.ahead(input.processId);
    return this.#commands.run(actor, { name: 'confirmRatings', commandId, input, ahead }, async (tx) => {
      const list = await this.#open(tx, input);
      const ids = input.ratings.map(({ criterionId }) => criterionId);
      const refusal =
        refuseState(list.process, ['editable']) ??
        refuseUnseconded(ids, list.sheet.lines) ??
        refuseSamePerson(ids, list.sheet.lines, list.me);
      return refusal ?? this.#save(tx, list, input.ratings, 'SECOND');
    });
  }

  /** Records an agreement between two ratings. Refuses where nothing differs, and a level outside the two. */
  resolveDifference(actor: Actor, { commandId, ...input }: ResolveDifference) {
    const ahead = this.#access.ahead(input.processId);
    return this.#commands.run(actor, { name: 'resolveDifference', commandId, input, ahead }, async (tx) => {
      const { process, sheet, me } = await this.#access.open(tx, input.processId, 'difference.resolve');
      const { criterionId, level, comment } = input;
      const line = found(sheet.lines.get(criterionId), aCriterion);
      const wish = { ...input, notApplicable: level === null, proofDays: [] };
      const refusal =
        refuseState(process, ['editable', 'consensus']) ??
        refuseFaults(blankFaults({ comment })) ??
        refuseRatedMeanwhile([wish], sheet.lines) ??
        refuseAgreement(level, line);
      if (refusal) return refusal;
      const { statement, checkNote, changedRule, evidenceIds } = higherOf(
        line.ratings.SELF!,
        line.ratings.SECOND!,
      );
      const proof = { statement, checkNote, changedRule, evidenceIds };
      await this.#ratings.append(tx, sheet, [
        { criterionId, kind: 'CONSENSUS', level, reason: comment, ...proof, ...me },
      ]);
      return { processId: process.id, criterionIds: [criterionId] };
    });
  }

  async #open(tx: Tx, { processId, ratings }: Omit<RateCriteria, 'commandId'>): Promise<OpenChecklist> {
    const list = await this.#access.open(tx, processId, 'selfRating.write');
    for (const { criterionId } of ratings) found(list.sheet.lines.get(criterionId), aCriterion);
    return list;
  }

  async #save(
    tx: Tx,
    { process, sheet, me }: OpenChecklist,
    ratings: readonly CriterionRating[],
    kind: 'SELF' | 'SECOND',
  ) {
    const unitId = process.scopeId;
    const { wishes, proofFaults } = await this.#wishes(tx, unitId, ratings);
    const refusal =
      refuseRatedMeanwhile(wishes, sheet.lines) ?? refuseFaulty(wishes, sheet.scale, proofFaults);
    if (refusal) return refusal;
    const attached = await this.#evidence.attach(
      tx,
      unitId,
      ratings.flatMap(({ newEvidence }) => newEvidence),
    );
    if (isRefusal(attached)) return attached;
    const ids = [...attached];
    const entries = ratings.map(({ newEvidence, evidenceIds, ...rating }): NewRating => {
      const own = [...new Set(evidenceIds), ...ids.splice(0, newEvidence.length)];
      return { ...rating, kind, level: rating.level ?? null, evidenceIds: own, ...me };
    });
    await this.#ratings.append(tx, sheet, entries);
    return { processId: process.id, criterionIds: ratings.map(({ criterionId }) => criterionId) };
  }

  /** Adds the days of the evidence that stands, and says which of what is named or new does not do. */
  async #wishes(tx: Tx, unitId: string, ratings: readonly CriterionRating[]) {
    const lists = ratings.map(({ evidenceIds }, at) => ({
      path: `ratings.${at}.evidenceIds`,
      ids: evidenceIds,
    }));
    const { standing, faults } = await this.#evidence.ofThisUnit(tx, unitId, lists);
    const proofFaults = ratings.flatMap(({ newEvidence }, at) =>
      faultsOfEvidence(newEvidence, tx.today, `ratings.${at}.newEvidence`),
    );
    const wishes = ratings.map(({ evidenceIds, newEvidence, ...rating }): RatingWish => {
      const named = evidenceIds.flatMap((id) => standing.get(id) ?? []);
      return { ...rating, proofDays: [...named, ...newEvidence].map(({ proofOn }) => proofOn) };
    });
    return { wishes, proofFaults: [...faults, ...proofFaults] };
  }
}

const higherOf = (one: RatingRow, other: RatingRow) =>
  (one.level ?? -1) >= (other.level ?? -1) ? one : other;
