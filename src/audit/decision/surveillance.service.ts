import { Injectable } from '@nestjs/common';
import { blankFaultsIn, refuseFaults, repeatedFaults, type Actor, type Db } from '../../platform/index.ts';
import { OpeningGate, type StateNeeded } from '../opening/opening-gate.service.ts';
import { Ratings, type SheetLine } from '../rating/ratings.service.ts';
import { lineOf } from '../review/reviews.service.ts';
import { addStatements, reconfirmed } from './surveillance.sql.ts';

export interface ReconfirmCoreCriteriaInput {
  readonly commandId: string;
  readonly processId: string;
  readonly statements: readonly {
    readonly criterionId: string;
    readonly upheld: boolean;
    readonly statement: string;
  }[];
}

const whileRecognised: StateNeeded = {
  tags: ['recognised'],
  says: { de: 'Die Einheit ist zurzeit nicht anerkannt.', en: 'The unit is not recognised at present.' },
};

/** The yearly word of a recognised unit's head on its core criteria. */
@Injectable()
export class Surveillance {
  readonly #gate: OpeningGate;
  readonly #ratings: Ratings;

  constructor(gate: OpeningGate, ratings: Ratings) {
    this.#gate = gate;
    this.#ratings = ratings;
  }

  /** The head's yearly statement on each core criterion; the step SURVEILLANCE asks for all of them. */
  reconfirm(actor: Actor, input: ReconfirmCoreCriteriaInput) {
    const command = {
      name: 'reconfirmCoreCriteria',
      input,
      action: 'surveillance.state',
      moment: whileRecognised,
      faults: [
        ...blankFaultsIn(input.statements, 'statements', 'statement'),
        ...repeatedFaults(
          input.statements.map(({ criterionId }) => criterionId),
          (at) => `statements.${at}.criterionId`,
        ),
      ],
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const sheet = await this.#ratings.sheet(tx, process.id);
      const others = input.statements.flatMap(({ criterionId }, at) =>
        lineOf(sheet, criterionId).core ? [] : [{ path: `statements.${at}.criterionId`, message: coreOnly }],
      );
      if (others.length > 0) return refuseFaults(others);
      await tx.call(addStatements, [process.id, JSON.stringify(input.statements), actor.person]);
    });
  }

  /** Core criteria nobody has re-confirmed in the last six months; the statement is due once a year. */
  async missing(db: Db, processIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await db.call<{ processId: string; criterionId: string }>(reconfirmed, [processIds, db.at]);
    const done = new Set(rows.map(({ processId, criterionId }) => processId + criterionId));
    const sheets = await this.#ratings.sheets(db, processIds);
    const isMissing = (processId: string, { core, criterionId, ratings }: SheetLine) =>
      core && ratings.FINAL?.level !== null && !done.has(processId + criterionId);
    return new Map(
      [...sheets].map(([id, { lines }]) => [
        id,
        [...lines.values()].filter((line) => isMissing(id, line)).length,
      ]),
    );
  }
}

const coreOnly = {
  de: 'Jährlich bestätigt werden nur Kernkriterien.',
  en: 'Only core criteria are re-confirmed yearly.',
};
