import { Injectable } from '@nestjs/common';
import { successionStep } from '../opening/definition-needs.rules.ts';
import { Engine, type ProcessRow } from '../../engine/index.ts';
import { Organisation, type UnitNode, type UnitTree } from '../../organisation/index.ts';
import {
  blankFaults,
  Commands,
  found,
  isRefusal,
  newId,
  refuse,
  refuseFaults,
  type Actor,
  type Refusal,
  type Tx,
  notPossible,
} from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { openingsOfUnits } from '../opening/opening-process.sql.ts';
import {
  confirmSuccession,
  hasOpenSuccession,
  insertSuccession,
  lockSuccession,
  withdrawSuccession,
} from './succession.sql.ts';
import { refuseSettled, refuseSuccession, type Succession } from './succession.rules.ts';

export interface ProposeSuccession {
  readonly commandId: string;
  readonly unitId: string;
  /** Left out: those that the organisation plan names. */
  readonly successorIds?: readonly string[] | null | undefined;
  readonly reason: string;
}
interface Settle {
  readonly commandId: string;
  readonly successionId: string;
}

/** With it a process ends because its unit does. */

const theUnit = { de: 'Einheit', en: 'Unit' };
const theSuccession = { de: 'Nachfolge', en: 'Succession' };

/**
 * Hands a unit's open processes over when it merges, splits or is dissolved (Konzept §2.2, T33): the personnel office
 * says who follows, the integration centre confirms, and each process of the unit takes its last step.
 */
@Injectable()
export class Successions {
  readonly #commands: Commands;
  readonly #engine: Engine;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;

  constructor(
    commands: Commands,
    engine: Engine,
    organisation: Organisation,
    responsibility: Responsibility,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
  }

  /** Nothing moves yet. Refuses with InvalidInput, or NotPossibleNow while another proposal is open or nothing runs. */
  propose(actor: Actor, { commandId, ...input }: ProposeSuccession) {
    return this.#commands.run(actor, { name: 'proposeSuccession', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'succession.propose', {}));
      const { unitId, reason } = input;
      const tree = await this.#organisation.tree(tx);
      const unit = tree.node(unitId) ?? (await this.#organisation.lastKnown(tx, [unitId]))[0];
      found(unit, theUnit);
      const successorIds = input.successorIds ?? (await this.#organisation.successors(tx, unitId));
      const refusal =
        refuseFaults(blankFaults({ 'input.reason': reason })) ??
        refuseSuccession(unitId, successorIds, (id) => tree.node(id)) ??
        (await this.#refuseNow(tx, unitId));
      if (refusal) return refusal;
      const id = newId();
      await insertSuccession(tx, { id, unitId, reason, successorIds });
      return { successionId: id };
    });
  }

  async #refuseNow(tx: Tx, unitId: string): Promise<Refusal | undefined> {
    if (await hasOpenSuccession(tx, unitId)) return notPossible('proposed', alreadyProposed);
    return (await this.#running(tx, unitId)).length === 0 ? notPossible('idle', nothingRuns) : undefined;
  }

  /** Takes a proposal back. */
  withdraw(actor: Actor, { commandId, ...input }: Settle) {
    return this.#commands.run(actor, { name: 'withdrawSuccession', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'succession.propose', {}));
      const succession = found(await lockSuccession(tx, input.successionId), theSuccession);
      const settled = refuseSettled(succession);
      if (settled) return settled;
      await withdrawSuccession(tx, succession.id);
      return { successionId: succession.id };
    });
  }

  /**
   * Confirms a proposal and hands every running process of the unit over, all or none. Refuses with NotAllowed the
   * person who proposed it, and whatever the step of a process is refused with.
   */
  confirm(actor: Actor, { commandId, ...input }: Settle) {
    return this.#commands.run(actor, { name: 'confirmSuccession', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'succession.confirm', {}));
      const succession = found(await lockSuccession(tx, input.successionId), theSuccession);
      tx.permit(await this.#refuseSamePerson(tx, succession));
      const tree = await this.#organisation.tree(tx);
      const { unitId, successorIds } = succession;
      const refusal =
        refuseSettled(succession) ?? refuseSuccession(unitId, successorIds, (id) => tree.node(id));
      if (refusal) return refusal;
      await confirmSuccession(tx, succession.id);
      return this.#handOver(tx, succession);
    });
  }

  async #refuseSamePerson(tx: Tx, { proposedBy, unitId }: Succession): Promise<Refusal | undefined> {
    const one = await this.#responsibility.countAsOne(tx, tx.actor.person, proposedBy, unitId);
    return one ? refuse('NotAllowed', anotherPerson) : undefined;
  }

  async #handOver(tx: Tx, { id, unitId }: Succession) {
    const running = await this.#running(tx, unitId);
    const ids = running.map((process) => process.id);
    const possible = await this.#engine.possibleSteps(tx, ids);
    const older = ids.find(
      (processId) => !possible.get(processId)?.some(({ step }) => step === successionStep),
    );
    if (older) return notPossible('older', olderDefinition);
    for (const processId of ids) {
      const taken = await this.#engine.take(tx, { processId, step: successionStep });
      if (isRefusal(taken)) return taken;
    }
    return { successionId: id, superseded: ids };
  }

  /** The unit's processes that can still move, recognised ones included: what they stood for goes over, too. */
  async #running(tx: Tx, unitId: string): Promise<ProcessRow[]> {
    const keys = await openingsOfUnits(tx, [unitId]);
    const processes = await this.#engine.processes(
      tx,
      keys.map(({ id }) => id),
    );
    return processes.filter(({ status, tags }) => status === 'RUNNING' && !tags.includes('terminal'));
  }
}

/** The units that stand today among some ids. */
export const standing = (tree: UnitTree, ids: readonly string[]): UnitNode[] =>
  ids.flatMap((id) => tree.node(id) ?? []);

const alreadyProposed = {
  de: 'Für diese Einheit liegt schon ein Vorschlag vor; er wird bestätigt oder zurückgezogen.',
  en: 'There is a proposal for this unit already; it is confirmed or withdrawn first.',
};
const nothingRuns = {
  de: 'Für diese Einheit läuft kein Öffnungsprozess, der übergehen könnte.',
  en: 'No opening process of this unit is running that could be handed over.',
};
const olderDefinition = {
  de: 'Ein Vorgang der Einheit läuft noch nach einer älteren Version des Ablaufs; erst auf die neue umstellen.',
  en: 'A process of the unit still goes by an older definition; move it to the newer one first.',
};
const anotherPerson = {
  de: 'Vier Augen: Die Nachfolge bestätigt jemand anderes als die Person, die sie vorgeschlagen hat.',
  en: 'Four eyes: a succession is confirmed by somebody else than the person who proposed it.',
};
