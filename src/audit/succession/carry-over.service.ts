import { Injectable } from '@nestjs/common';
import { Catalogue, type Edition } from '../../catalogue/index.ts';
import { Evidence } from '../../evidence/index.ts';
import {
  Commands,
  found,
  notPossible,
  refuseFaults,
  type Actor,
  type Db,
  type Tx,
} from '../../platform/index.ts';
import { ChecklistGate } from '../checklist/checklist-gate.service.ts';
import { newest, refuseState } from '../checklist/checklist.rules.ts';
import { editionBefore, openingBefore, openingsById } from '../opening/opening-process.sql.ts';
import { missingProof } from '../rating/rating.rules.ts';
import {
  Ratings,
  whatCounted,
  type NewRating,
  type RatingRow,
  type Sheet,
} from '../rating/ratings.service.ts';
import { handedOverTo } from './succession.sql.ts';
import { inherited } from './succession.rules.ts';

export interface TakeOver {
  readonly commandId: string;
  readonly processId: string;
  readonly criterionIds: readonly string[] | null;
}
export interface ConfirmTakenOver {
  readonly commandId: string;
  readonly processId: string;
  readonly criterionIds: readonly string[];
}

/**
 * Ratings as proposals: of the unit's previous round, or of the units that it follows. They count only once somebody
 * has made them their own.
 */
@Injectable()
export class CarryOver {
  readonly #commands: Commands;
  readonly #catalogue: Catalogue;
  readonly #access: ChecklistGate;
  readonly #evidence: Evidence;
  readonly #ratings: Ratings;

  constructor(
    commands: Commands,
    catalogue: Catalogue,
    access: ChecklistGate,
    evidence: Evidence,
    ratings: Ratings,
  ) {
    this.#commands = commands;
    this.#catalogue = catalogue;
    this.#access = access;
    this.#evidence = evidence;
    this.#ratings = ratings;
  }

  /** Proposes what counted last time, for criteria of the same code that nobody rated yet. */
  takeOverRatings(actor: Actor, { commandId, ...input }: TakeOver) {
    return this.#commands.run(actor, { name: 'takeOverRatings', commandId, input }, async (tx) => {
      const { process, sheet } = await this.#access.open(tx, input.processId, 'selfRating.write');
      const closed = refuseState(process, ['editable']);
      if (closed) return closed;
      const before = await this.#before(tx, process.id);
      if (!before) return notPossible(process.stage, noRoundBefore);
      const wanted = input.criterionIds && new Set(input.criterionIds);
      const open = [...sheet.lines.values()].filter(
        ({ criterionId, ratings }) => !newest(ratings) && (!wanted || wanted.has(criterionId)),
      );
      const entries = open.flatMap(({ criterionId, ratings }) => {
        const rating = before(criterionId);
        return rating && ratings.CARRIED?.carriedFrom !== rating.id ? [proposal(criterionId, rating)] : [];
      });
      await this.#ratings.append(tx, sheet, entries);
      return { processId: process.id, criterionIds: entries.map(({ criterionId }) => criterionId) };
    });
  }

  /**
   * Makes proposals the asker's own ratings. Refuses where there is none, where the criterion was rated meanwhile, and what
   * lacks the proof that its level asks for, as evidence withdrawn since then does not count.
   */
  confirmTakenOver(actor: Actor, { commandId, ...input }: ConfirmTakenOver) {
    return this.#commands.run(actor, { name: 'confirmTakenOver', commandId, input }, async (tx) => {
      const { process, sheet, me, mayRate } = await this.#access.open(
        tx,
        input.processId,
        'selfRating.write',
      );
      const ids = [...new Set(input.criterionIds)];
      const lines = ids.map((id) => found(sheet.lines.get(id), { de: 'Kriterium', en: 'Criterion' }));
      const closed = refuseState(process, ['editable']);
      if (closed) return closed;
      tx.permit(ids.every(mayRate));
      if (lines.some(({ ratings }) => !ratings.CARRIED || newest(ratings)))
        return notPossible(process.stage, nothingProposed);
      const proofs = await this.#evidence.of(
        tx,
        lines.flatMap(({ ratings }) => ratings.CARRIED!.evidenceIds),
      );
      const offers = lines.map(({ criterionId, ratings: { CARRIED } }) => {
        const standing = CARRIED!.evidenceIds
          .flatMap((id) => proofs.get(id) ?? [])
          .filter((one) => !one.withdrawal);
        const proofDays = standing.map(({ proofOn }) => proofOn);
        const { carriedFrom } = CARRIED!;
        const evidenceIds = standing.map(({ id }) => id);
        return {
          ...proposal(criterionId, CARRIED!),
          kind: 'SELF' as const,
          carriedFrom,
          evidenceIds,
          proofDays,
        };
      });
      const faulty = refuseFaults(
        offers.flatMap((offer, at) =>
          missingProof(offer, sheet.scale).map((message) => ({ path: `criterionIds.${at}`, message })),
        ),
      );
      if (faulty) return faulty;
      await this.#ratings.append(
        tx,
        sheet,
        offers.map((offer): NewRating => ({ ...offer, ...me })),
      );
      return { processId: process.id, criterionIds: ids };
    });
  }

  /**
   * Proposes to a successor what the units it follows had reached, for criteria that nobody rated there yet. Before the
   * criteria are fixed nothing can be proposed; then it is done when they are. The caller holds the process.
   */
  async inherit(tx: Tx, processId: string): Promise<void> {
    const from = await handedOverTo(tx, processId);
    if (from.length > 0) await this.#propose(tx, processId, await this.#ratingsOf(tx, processId, from));
  }

  /** Proposes in a new cycle what counted at the end of the last one, once the criteria are fixed. */
  async fromLastCycle(tx: Tx, processId: string): Promise<void> {
    const before = await this.#lastCycle(tx, processId);
    if (before) await this.#propose(tx, processId, before);
  }

  async #propose(tx: Tx, processId: string, before: Before): Promise<void> {
    const sheet = await this.#ratings.sheet(tx, processId);
    const entries = [...sheet.lines.values()].flatMap(({ criterionId, ratings }) => {
      const rating = newest(ratings) ? undefined : before(criterionId);
      return rating && ratings.CARRIED?.carriedFrom !== rating.id ? [proposal(criterionId, rating)] : [];
    });
    await this.#ratings.append(tx, sheet, entries);
  }

  /** What counted last time by the criterion's id of today; undefined when neither the unit nor its predecessors rated. */
  async #before(tx: Tx, processId: string): Promise<Before | undefined> {
    const lastCycle = await this.#lastCycle(tx, processId);
    if (lastCycle) return lastCycle;
    const last = await openingBefore(tx, processId);
    const from = last ? [last] : await handedOverTo(tx, processId);
    return from.length === 0 ? undefined : this.#ratingsOf(tx, processId, from);
  }

  async #lastCycle(tx: Tx, processId: string): Promise<Before | undefined> {
    const editionId = await editionBefore(tx, processId);
    if (!editionId) return undefined;
    const [now] = await openingsById(tx, [processId]);
    const codes = codesById(await this.#edition(tx, now!.editionId));
    const oldIds = idsByCode(await this.#edition(tx, editionId));
    const earlier = await this.#ratings.earlier(tx, processId);
    return (criterionId) => {
      const ratings = earlier.get(oldIds.get(codes.get(criterionId) ?? '') ?? '');
      return ratings && whatCounted(ratings);
    };
  }

  async #ratingsOf(
    tx: Tx,
    processId: string,
    from: readonly { readonly id: string; readonly editionId: string }[],
  ): Promise<Before> {
    const [now] = await openingsById(tx, [processId]);
    const codes = codesById(await this.#edition(tx, now!.editionId));
    const sheets: ReadonlyMap<string, Sheet> = await this.#ratings.sheets(
      tx,
      from.map(({ id }) => id),
    );
    const sources: ((code: string) => RatingRow | undefined)[] = [];
    for (const { id, editionId } of from) {
      const oldIds = idsByCode(await this.#edition(tx, editionId));
      sources.push((code) => {
        const line = sheets.get(id)?.lines.get(oldIds.get(code) ?? '');
        return line && whatCounted(line.ratings);
      });
    }
    return (criterionId) => inherited(sources.flatMap((of) => of(codes.get(criterionId) ?? '') ?? []));
  }

  async #edition(db: Db, id: string): Promise<Edition> {
    return found(await this.#catalogue.edition(db, id), { de: 'Fassung', en: 'Edition' });
  }
}

/** The rating that counted, by the criterion's id of today. */
type Before = (criterionId: string) => RatingRow | undefined;

const codesById = ({ criteria }: Edition) => new Map(criteria.map(({ id, code }) => [id, code]));
const idsByCode = ({ criteria }: Edition) => new Map(criteria.map(({ id, code }) => [code, id]));

function proposal(criterionId: string, rating: RatingRow): NewRating {
  const { id, level, statement, reason, checkNote, changedRule, evidenceIds } = rating;
  const said = { level, statement, reason, checkNote, changedRule, evidenceIds };
  return { criterionId, kind: 'CARRIED', ...said, carriedFrom: id, personId: null };
}

const noRoundBefore = {
  de: 'Für diese Einheit gibt es keinen früheren Öffnungsprozess.',
  en: 'There is no earlier opening process of this unit.',
};
const nothingProposed = {
  de: 'Mindestens ein Kriterium hat keinen offenen Vorschlag oder wurde inzwischen bewertet.',
  en: 'At least one criterion has no open proposal or was rated meanwhile.',
};
