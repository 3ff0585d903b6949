import { Injectable } from '@nestjs/common';
import { Evidence, type NewEvidence } from '../../evidence/index.ts';
import { found, isRefusal, type Refusal, type Tx } from '../../platform/index.ts';

/** Evidence as a command names it: what the unit has already, and what comes with the command. */
export interface GivenProofs {
  readonly evidenceIds?: readonly string[] | null;
  readonly newEvidence?: readonly NewEvidence[] | null;
}

/** Gathers the evidence of a command: attaches the new, checks that the old is the unit's own and still stands. */
@Injectable()
export class Proofs {
  readonly #evidence: Evidence;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  /** The ids, old ones first; or what is wrong with the new ones, with `path` as the place of their list. */
  async gather(
    tx: Tx,
    unitId: string,
    given: GivenProofs,
    path = 'newEvidence',
  ): Promise<string[] | Refusal<'InvalidInput'>> {
    const ids = [...new Set(given.evidenceIds ?? [])];
    const known = await this.#evidence.of(tx, ids);
    const isUsable = (id: string) => known.get(id)?.unitId === unitId && !known.get(id)?.withdrawal;
    found(ids.every(isUsable) || undefined, { de: 'Nachweis dieser Einheit', en: 'Evidence of this unit' });
    const added = await this.#evidence.attach(tx, unitId, given.newEvidence ?? [], path);
    return isRefusal(added) ? added : [...ids, ...added];
  }
}
