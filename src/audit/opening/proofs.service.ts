import { Injectable } from '@nestjs/common';
import { Evidence, faultsOfEvidence, type NewEvidence } from '../../evidence/index.ts';
import { isRefusal, refuseFaults, type Refusal, type Tx } from '../../platform/index.ts';

/** Evidence as a command names it: what the unit has already, and what comes with the command. */
export interface GivenProofs {
  readonly evidenceIds?: readonly string[] | null;
  readonly newEvidence?: readonly NewEvidence[] | null;
}

/** Gathers the evidence of a command: what it names, which must be the unit's own and stand, and what comes with it. */
@Injectable()
export class Proofs {
  readonly #evidence: Evidence;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  /**
   * The ids, old ones first. `place` is what stands before the names of the two lists in the input, such as `answers.2.`.
   * Refuses withdrawn proofs and faulty new ones.
   * @throws ClientError NOT_FOUND for a named one that is not the unit's.
   */
  async gather(
    tx: Tx,
    unitId: string,
    { evidenceIds, newEvidence }: GivenProofs,
    place = '',
  ): Promise<string[] | Refusal<'InvalidInput'>> {
    const [ids, added] = [evidenceIds ?? [], newEvidence ?? []];
    const path = `${place}newEvidence`;
    const { standing, faults } = await this.#evidence.ofThisUnit(tx, unitId, [
      { path: `${place}evidenceIds`, ids },
    ]);
    const refusal = refuseFaults([...faults, ...faultsOfEvidence(added, tx.today, path)]);
    if (refusal) return refusal;
    const attached = await this.#evidence.attach(tx, unitId, added, path);
    return isRefusal(attached) ? attached : [...standing.keys(), ...attached];
  }
}
