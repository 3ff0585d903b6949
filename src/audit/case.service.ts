import { Injectable } from '@nestjs/common';
import { Engine, type ProcessRow } from '../engine/index.ts';
import { refuse, type Place, type Refusal, type Text, type Tx } from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';

export const placeOf = ({ id, scopeId, seriesId }: ProcessRow): Place => ({
  unitId: scopeId,
  processId: id,
  ...(seriesId && { seriesId }),
});

/** The receipt of a command on one opening process. */
export type Done = { readonly processId: string };

/** When something may be done to an opening process: which of these tags it must bear, and how that reads. */
export interface Moment {
  readonly tags: readonly string[];
  readonly says: Text;
}

/** Opens an opening process for one command of the review or what follows: locked, permission asked, moment checked. */
@Injectable()
export class Cases {
  readonly #engine: Engine;
  readonly #responsibility: Responsibility;

  constructor(engine: Engine, responsibility: Responsibility) {
    this.#engine = engine;
    this.#responsibility = responsibility;
  }

  /** The locked process, or why not now. A missing right ends the command before. */
  async open(
    tx: Tx,
    processId: string,
    action: string,
    moment: Moment,
  ): Promise<ProcessRow | Refusal<'NotPossibleNow'>> {
    const process = await this.#engine.lock(tx, processId);
    // The right is asked as if the moment were now: whoever may then is told when, not that they may not.
    const tags = [...process.tags, ...moment.tags];
    tx.permit(await this.#responsibility.may(tx, action, placeOf(process), tags));
    return moment.tags.some((tag) => process.tags.includes(tag))
      ? process
      : notNow(process.stage, moment.says);
  }

  /** Whether a person counts as the actor in the unit's matters: the same, or deputy and represented there. */
  async countsAs(
    tx: Tx,
    unitId: string,
    personIds: readonly string[],
  ): Promise<(personId: string) => boolean> {
    const one = new Set<string>();
    for (const personId of new Set(personIds))
      if (await this.#responsibility.countAsOne(tx, tx.actor.person, personId, unitId)) one.add(personId);
    return (personId) => one.has(personId);
  }
}

export const notNow = (state: string, reason: Text): Refusal<'NotPossibleNow'> =>
  refuse('NotPossibleNow', reason, { state, reasons: [reason] });

export interface InputFault {
  readonly path: string;
  readonly message: Text;
}
export const invalidInput = (faults: readonly InputFault[]) =>
  refuse(
    'InvalidInput',
    {
      de:
        faults.length === 1
          ? faults[0]!.message.de
          : `${faults.length} Angaben passen nicht; die Liste steht in „faults“.`,
      en:
        faults.length === 1
          ? faults[0]!.message.en
          : `${faults.length} entries do not fit; see the list in "faults".`,
    },
    { faults },
  );
