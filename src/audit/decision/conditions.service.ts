import { Injectable } from '@nestjs/common';
import {
  blankFaults,
  blankFaultsIn,
  found,
  isRefusal,
  newId,
  refuseFaults,
  type Actor,
  type Db,
  type Tx,
} from '../../platform/index.ts';
import { OpeningGate, type StateNeeded } from '../opening/opening-gate.service.ts';
import { refuseConditionEntry, type ConditionEntryKind, type ConditionState } from './condition.rules.ts';
import { Proofs, type GivenProofs } from '../opening/proofs.service.ts';
import { Ratings } from '../rating/ratings.service.ts';
import { lineOf } from '../review/reviews.service.ts';
import { ofProcesses, processOf, add, drop, addEntry } from './condition.sql.ts';

export interface ProposeConditionsInput {
  readonly commandId: string;
  readonly processId: string;
  readonly conditions: readonly {
    readonly criterionId?: string | null;
    readonly demand: string;
    readonly dueOn: string;
  }[];
}

export interface DropConditionInput {
  readonly commandId: string;
  readonly conditionId: string;
}

export interface ShowConditionInput extends DropConditionInput, GivenProofs {
  readonly note: string;
}

export interface AssessConditionInput extends DropConditionInput {
  readonly isMet: boolean;
  readonly note: string;
}

export interface ConditionRow {
  readonly id: string;
  readonly processId: string;
  readonly criterionId: string | null;
  readonly demand: string;
  readonly dueOn: string;
  readonly state: ConditionState;
  readonly personId: string;
  readonly recordedAt: Date;
}

const whileDeciding: StateNeeded = {
  tags: ['deciding'],
  says: {
    de: 'Auflagen werden vorgeschlagen, während der Fall dem Gremium vorliegt.',
    en: 'Conditions are proposed while the case is before the board.',
  },
};

const whileConditional: StateNeeded = {
  tags: ['conditional'],
  says: { de: 'Zu dieser Einheit laufen keine Auflagen.', en: 'No conditions are running for this unit.' },
};

/** What recognition with conditions depends on: proposed, shown by the unit, assessed by an auditor. */
@Injectable()
export class Conditions {
  readonly #gate: OpeningGate;
  readonly #ratings: Ratings;
  readonly #proofs: Proofs;

  constructor(gate: OpeningGate, ratings: Ratings, proofs: Proofs) {
    this.#gate = gate;
    this.#ratings = ratings;
    this.#proofs = proofs;
  }

  /** Names what recognition would depend on; the board then recognises with these conditions, or without any. */
  propose(actor: Actor, input: ProposeConditionsInput) {
    const command = {
      name: 'proposeConditions',
      input,
      action: 'condition.propose',
      moment: whileDeciding,
      faults: blankFaultsIn(input.conditions, 'conditions', 'demand'),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const faults = input.conditions.flatMap(({ dueOn }, at) =>
        dueOn > tx.today ? [] : [{ path: `conditions.${at}.dueOn`, message: dueInFuture }],
      );
      if (faults.length > 0) return refuseFaults(faults);
      const sheet = await this.#ratings.sheet(tx, process.id);
      for (const { criterionId } of input.conditions) if (criterionId) lineOf(sheet, criterionId);
      await tx.call(add, [process.id, JSON.stringify(input.conditions), actor.person]);
    });
  }

  /** Takes a proposed condition back; once the board has decided it stands. */
  drop(actor: Actor, input: DropConditionInput) {
    const command = {
      name: 'dropCondition',
      input,
      action: 'condition.propose',
      moment: whileDeciding,
      processOf: (tx: Tx) => this.#processOf(tx, input.conditionId),
    };
    return this.#gate.command(actor, command, async (tx) => {
      await tx.call(drop, [input.conditionId]);
    });
  }

  /** The unit shows what it has done about a condition. */
  show(actor: Actor, input: ShowConditionInput) {
    const command = {
      name: 'showCondition',
      input,
      action: 'condition.show',
      moment: whileConditional,
      processOf: (tx: Tx) => this.#processOf(tx, input.conditionId),
      faults: blankFaults({ note: input.note }),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      const proofs = await this.#proofs.gather(tx, process.scopeId, input);
      if (isRefusal(proofs)) return proofs;
      if (proofs.length === 0) return refuseFaults([{ path: 'newEvidence', message: evidenceNeeded }]);
      return this.#enter(tx, process.id, input, 'SHOWN', proofs);
    });
  }

  /** An auditor says whether what was shown meets the condition. */
  assess(actor: Actor, input: AssessConditionInput) {
    const command = {
      name: 'assessCondition',
      input,
      action: 'condition.assess',
      judges: true as const,
      moment: whileConditional,
      processOf: (tx: Tx) => this.#processOf(tx, input.conditionId),
      faults: blankFaults({ note: input.note }),
    };
    return this.#gate.command(actor, command, async (tx, process) => {
      return this.#enter(tx, process.id, input, input.isMet ? 'MET' : 'NOT_MET', []);
    });
  }

  async of(db: Db, processIds: readonly string[]): Promise<Map<string, ConditionRow[]>> {
    return Map.groupBy(await db.call<ConditionRow>(ofProcesses, [processIds]), ({ processId }) => processId);
  }

  async #processOf(tx: Tx, conditionId: string): Promise<string> {
    const [row] = await tx.call<{ processId: string }>(processOf, [conditionId]);
    return found(row, { de: 'Auflage', en: 'Condition' }).processId;
  }

  async #enter(
    tx: Tx,
    processId: string,
    { conditionId, note }: { conditionId: string; note: string },
    kind: ConditionEntryKind,
    evidenceIds: readonly string[],
  ) {
    const conditions = (await this.of(tx, [processId])).get(processId) ?? [];
    const no = refuseConditionEntry(conditions.find(({ id }) => id === conditionId)!.state, kind);
    if (no) return no;
    await tx.call(addEntry, [newId(), conditionId, kind, note, tx.actor.person, evidenceIds]);
    return undefined;
  }
}

const dueInFuture = {
  de: 'Der Termin muss in der Zukunft liegen.',
  en: 'The due date must lie in the future.',
};
const evidenceNeeded = {
  de: 'Ohne Nachweis gilt eine Auflage nicht als gezeigt.',
  en: 'A condition counts as shown only with evidence.',
};
