import { Injectable } from '@nestjs/common';
import { Catalogue, type Edition } from '../catalogue/index.ts';
import { Commands, found, type Actor, type Db, type Tx } from '../platform/index.ts';
import { ChecklistAccess } from './checklist-access.service.ts';
import { newest, notPossible, refuseState } from './checklist.rules.ts';
import { openingBefore, openingsById } from './opening-process.queries.ts';
import { counting } from './rating.rules.ts';
import { Ratings, type NewRating, type RatingRow, type Sheet } from './rating.service.ts';

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

/** Ratings of the unit's previous round as proposals. They count only once somebody has made them their own. */
@Injectable()
export class CarryOver {
  readonly #commands: Commands;
  readonly #catalogue: Catalogue;
  readonly #access: ChecklistAccess;
  readonly #ratings: Ratings;

  constructor(commands: Commands, catalogue: Catalogue, access: ChecklistAccess, ratings: Ratings) {
    this.#commands = commands;
    this.#catalogue = catalogue;
    this.#access = access;
    this.#ratings = ratings;
  }

  /** Proposes what counted last time, for criteria of the same code that nobody rated yet. */
  takeOverRatings(actor: Actor, { commandId, ...input }: TakeOver) {
    return this.#commands.run(actor, { name: 'takeOverRatings', commandId, input }, async (tx) => {
      const { process, sheet } = await this.#access.open(tx, input.processId, 'selfRating.write');
      const closed = refuseState(process, ['editable']);
      if (closed) return closed;
      const before = await this.#before(tx, process.id);
      if (!before) return notPossible([noRoundBefore], process.stage)!;
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

  /** Makes proposals the asker's own ratings. Refuses where there is none, or the criterion was rated meanwhile. */
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
        return notPossible([nothingProposed], process.stage)!;
      const entries = lines.map(({ criterionId, ratings }): NewRating => {
        const { carriedFrom } = ratings.CARRIED!;
        return { ...proposal(criterionId, ratings.CARRIED!), carriedFrom, kind: 'SELF', ...me };
      });
      await this.#ratings.append(tx, sheet, entries);
      return { processId: process.id, criterionIds: ids };
    });
  }

  /** Finds what counted last time by the criterion's id of today; undefined when the unit has no process before. */
  async #before(
    tx: Tx,
    processId: string,
  ): Promise<((criterionId: string) => RatingRow | undefined) | undefined> {
    const last = await openingBefore(tx, processId);
    if (!last) return undefined;
    const [now] = await openingsById(tx, [processId]);
    const oldIds = idsByCode(await this.#edition(tx, last.editionId));
    const codes = new Map(
      (await this.#edition(tx, now!.editionId)).criteria.map(({ id, code }) => [id, code]),
    );
    const sheet: Sheet = await this.#ratings.sheet(tx, last.id);
    return (criterionId) => {
      const line = sheet.lines.get(oldIds.get(codes.get(criterionId) ?? '') ?? '');
      return line && (counting(line.ratings) as RatingRow | undefined);
    };
  }

  async #edition(db: Db, id: string): Promise<Edition> {
    return found(await this.#catalogue.edition(db, id), { de: 'Ausgabe', en: 'Edition' });
  }
}

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
