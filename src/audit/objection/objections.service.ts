import { Injectable } from '@nestjs/common';
import { EngineRegistry, type Fact, type ProcessRow, type StepContext } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { found, refuseFaults, repeatedFaults, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import { Independence } from '../opening/independence.service.ts';
import {
  attackableIn,
  insertObjection,
  insertObjectionEntry,
  involvedIn,
  openObjections,
  type ObjectionEntryKind,
} from './objection.sql.ts';
import {
  correctionFaults,
  isAgainstDecision,
  isInTime,
  objectionFaults,
  type Attacked,
  type Correction,
} from './objection.rules.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { ownRating } from '../review/review.rules.ts';

const idsOf = (processes: readonly ProcessRow[]) => processes.map(({ id }) => id);
const anObjection = { de: 'Einwendung', en: 'Objection' };

/**
 * The head's objection: what guards ask about it, and what its steps do. The appeal body decides; an upheld one corrects
 * ratings by a new version, or sends the decision back to the board (Konzept §2.3).
 */
@Injectable()
export class Objections {
  readonly #ratings: Ratings;
  readonly #organisation: Organisation;
  readonly #independence: Independence;

  constructor(
    registry: EngineRegistry,
    ratings: Ratings,
    organisation: Organisation,
    independence: Independence,
  ) {
    this.#ratings = ratings;
    this.#organisation = organisation;
    this.#independence = independence;
    registry.registerFacts(this.#facts());
    registry.registerEffects({
      fileObjection: { isOwn: true, apply: (tx, process, _params, step) => this.#file(tx, process, step) },
      acknowledgeObjection: { isOwn: true, apply: (tx, process) => this.#acknowledge(tx, process) },
      endObjection: {
        apply: (tx, process, { outcome }, step) =>
          this.#end(tx, process, outcome as ObjectionEntryKind, step),
      },
    });
  }

  #facts(): Record<string, Fact> {
    return {
      'objection.inTime': {
        type: 'bool',
        ofPayload: true,
        load: async (db, processes, step) => {
          const { against } = step!.payload as { against: Attacked };
          const known = await attackableIn(db, idsOf(processes));
          return new Map([...known].map(([id, one]) => [id, isInTime(against, one, db.today)]));
        },
      },
      'objection.ofDecision': {
        type: 'bool',
        load: async (db, processes) => {
          const open = await openObjections(db, idsOf(processes));
          return new Map([...open].map(([id, { against }]) => [id, isAgainstDecision(against)]));
        },
      },
      'objection.bodyIndependent': {
        type: 'bool',
        load: (db, processes) => this.#independent(db, processes),
      },
    };
  }

  /** Whether the asker stands outside the unit's line and had no part in the matter before. */
  async #independent(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, boolean>> {
    const { person } = db.actor;
    const tree = await this.#organisation.tree(db);
    const self = { fn: 'APPEAL', personId: person, postId: null };
    const places = processes.map(({ scopeId }) => ({ ...self, unitId: scopeId }));
    const inLine = new Set(
      (await this.#independence.dependent(db, places, tree)).map(({ unitId }) => unitId),
    );
    const involved = await involvedIn(db, idsOf(processes), person);
    return new Map(processes.map(({ id, scopeId }) => [id, !inLine.has(scopeId) && !involved.has(id)]));
  }

  async #file(tx: Tx, process: ProcessRow, { payload }: StepContext) {
    const {
      against,
      criteria = [],
      reason,
    } = payload as {
      against: Attacked;
      criteria?: readonly string[];
      reason: string;
    };
    const { lines } = await this.#ratings.sheet(tx, process.id);
    const line = (id: string) => {
      const known = lines.get(id);
      return known && { own: ownRating(known.ratings), final: known.ratings.FINAL };
    };
    const faulty = refuseFaults([
      ...repeatedFaults(criteria, (at) => `payload.criteria[${at}]`),
      ...objectionFaults(against, criteria, line),
    ]);
    return faulty ?? { objection: await insertObjection(tx, process.id, { against, reason, criteria }) };
  }

  async #acknowledge(tx: Tx, process: ProcessRow) {
    const { id } = await this.#open(tx, process);
    await insertObjectionEntry(tx, id, 'ACKNOWLEDGED');
    return { objection: id };
  }

  async #end(tx: Tx, process: ProcessRow, outcome: ObjectionEntryKind, { payload }: StepContext) {
    const { reason = null, corrections = [] } = payload as {
      reason?: string;
      corrections?: readonly Correction[];
    };
    const { id, against, criterionIds } = await this.#open(tx, process);
    if (outcome === 'UPHELD' || outcome === 'PARTLY_UPHELD') {
      const no = await this.#correct(tx, process, against, new Set(criterionIds), corrections);
      if (no) return no;
    }
    await insertObjectionEntry(tx, id, outcome, reason);
    return { objection: id, outcome, corrected: corrections.length };
  }

  /** The corrected rating is a new version; the old one stays on record. */
  async #correct(
    tx: Tx,
    { id }: ProcessRow,
    against: Attacked,
    criteria: ReadonlySet<string>,
    corrections: readonly Correction[],
  ): Promise<Refusal | undefined> {
    const faulty = refuseFaults([
      ...repeatedFaults(
        corrections.map(({ criterionId }) => criterionId),
        (at) => `payload.corrections[${at}].criterionId`,
      ),
      ...correctionFaults(against, criteria, corrections),
    ]);
    if (faulty) return faulty;
    const sheet = await this.#ratings.sheet(tx, id);
    const entries = corrections.map(({ criterionId, level = null, reason }) => ({
      criterionId,
      kind: 'FINAL' as const,
      level,
      reason,
      personId: tx.actor.person,
    }));
    await this.#ratings.append(tx, sheet, entries);
  }

  async #open(tx: Tx, { id }: ProcessRow) {
    return found((await openObjections(tx, [id])).get(id), anObjection);
  }
}
