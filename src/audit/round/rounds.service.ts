import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { Definitions, Engine } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import {
  blankFaults,
  Commands,
  found,
  isRefusal,
  newId,
  refuseFaults,
  type Actor,
  type Text,
  type Tx,
  notPossible,
} from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { openingsOfRound } from '../opening/opening-process.sql.ts';
import { RoundPeople } from './round-people.service.ts';
import { RoundStarts } from './round-starts.service.ts';
import {
  addScope,
  endRound,
  insertRound,
  lockRound,
  peopleOf,
  touchRound,
  type RoundRow,
} from '../opening/round.sql.ts';
import {
  openingFaults,
  refuseChanged,
  refusePhase,
  refuseUndecided,
  retired,
  unpublished,
} from './round.rules.ts';
import type { ScopeKind, SmallTeams } from '../opening/scope.rules.ts';

export interface OpenRound {
  readonly commandId: string;
  readonly name: Text;
  readonly editionId: string;
  readonly definitionId: string;
  readonly opensOn: string;
  readonly closesOn: string;
  readonly mandate: {
    readonly title: string;
    readonly reference: string;
    readonly decidedOn: string;
    readonly body: string;
  };
  readonly focusArea?: string | null;
  readonly scope: readonly { readonly unitId: string; readonly kind: ScopeKind }[];
}
export interface LeaveRound extends Leaving {
  readonly commandId: string;
  readonly roundId: string;
}
interface Leaving {
  readonly unitId: string;
  readonly reason: string;
  readonly councilInformedOn?: string | null;
}

const aRound = { de: 'Runde', en: 'Round' };
const aUnit = { de: 'Einheit', en: 'Unit' };
/** Recognition lives on after the round: conditions are closed, objections decided, recognition may be withdrawn. */
const outliveTheRound = new Set(['AUDLEAD', 'BOARD', 'APPEAL']);

/** The life of a round: opened, started, joined and left by units, ended. */
@Injectable()
export class Rounds {
  readonly #commands: Commands;
  readonly #engine: Engine;
  readonly #definitions: Definitions;
  readonly #catalogue: Catalogue;
  readonly #organisation: Organisation;
  readonly #responsibility: Responsibility;
  readonly #people: RoundPeople;
  readonly #starts: RoundStarts;

  constructor(
    commands: Commands,
    engine: Engine,
    definitions: Definitions,
    catalogue: Catalogue,
    organisation: Organisation,
    responsibility: Responsibility,
    people: RoundPeople,
    starts: RoundStarts,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#definitions = definitions;
    this.#catalogue = catalogue;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
    this.#people = people;
    this.#starts = starts;
  }

  /** Opens a draft. Refuses dates that run backwards, a mandate of the future, an empty scope, an unpublished edition. */
  openRound(actor: Actor, { commandId, ...input }: OpenRound) {
    return this.#commands.run(actor, { name: 'openRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.open', {}));
      const faulty = refuseFaults(openingFaults(input, tx.today));
      if (faulty) return faulty;
      const edition = found(await this.#catalogue.edition(tx, input.editionId), {
        de: 'Fassung',
        en: 'Edition',
      });
      if (edition.status !== 'PUBLISHED') return notPossible(edition.status, unpublished);
      const definitions = await this.#definitions.list(tx);
      const definition = found(
        definitions.find(({ id }) => id === input.definitionId),
        { de: 'Ablauf', en: 'Process definition' },
      );
      if (definition.retiredAt) return notPossible('RETIRED', retired);
      const tree = await this.#organisation.tree(tx);
      for (const { unitId } of input.scope) found(tree.node(unitId), aUnit);
      const roundId = newId();
      await insertRound(tx, roundId, input);
      await addScope(tx, roundId, input.scope, null);
      return { roundId };
    });
  }

  /** Starts a draft: one commissioned process for each unit, all or none. Refuses while a finding blocks. */
  startRound(
    actor: Actor,
    {
      commandId,
      ...input
    }: { commandId: string; roundId: string; expectedVersion: number; smallTeams: SmallTeams },
  ) {
    return this.#commands.run(actor, { name: 'startRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.start', {}));
      const round = found(await lockRound(tx, input.roundId), aRound);
      const refusal =
        refusePhase(round.phase, ['DRAFT']) ?? refuseChanged(round.version, input.expectedVersion);
      if (refusal) return refusal;
      return this.#starts.whole(tx, round, input.smallTeams);
    });
  }

  /** Lets units join; in a running round their processes start at once. Refuses while a finding about them blocks. */
  joinRound(
    actor: Actor,
    { commandId, ...input }: { commandId: string; roundId: string; unitIds: readonly string[] },
  ) {
    return this.#commands.run(actor, { name: 'joinRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.prepare', {}));
      const round = found(await lockRound(tx, input.roundId), aRound);
      const refusal = refusePhase(round.phase, ['DRAFT', 'RUNNING']);
      if (refusal) return refusal;
      const tree = await this.#organisation.tree(tx);
      const units = [...new Set(input.unitIds)].map((id) => found(tree.node(id), aUnit));
      await addScope(
        tx,
        round.id,
        units.map(({ id }) => ({ unitId: id, kind: 'UNIT' as const })),
        null,
      );
      await touchRound(tx, round.id);
      if (round.phase === 'DRAFT') return { roundId: round.id, started: 0, ratedWithin: 0 };
      return this.#starts.joining(tx, round, units);
    });
  }

  /** Lets a unit leave; in a running round its process is cancelled with the reason, as far as its state allows. */
  leaveRound(actor: Actor, { commandId, ...input }: LeaveRound) {
    return this.#commands.run(actor, { name: 'leaveRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.prepare', {}));
      const round = found(await lockRound(tx, input.roundId), aRound);
      const refusal =
        refusePhase(round.phase, ['DRAFT', 'RUNNING']) ?? refuseFaults(blankFaults({ reason: input.reason }));
      if (refusal) return refusal;
      if (round.phase === 'DRAFT') found((await this.#organisation.tree(tx)).node(input.unitId), aUnit);
      else {
        const cancelled = await this.#cancel(tx, round, input);
        if (isRefusal(cancelled)) return cancelled;
      }
      await addScope(tx, round.id, [{ unitId: input.unitId, kind: 'EXCEPT' }], input.reason);
      await touchRound(tx, round.id);
      return { roundId: round.id };
    });
  }

  /** Ends a round whose processes are all decided. Auditors and steering group are released; who judges stays on call. */
  endRound(
    actor: Actor,
    { commandId, ...input }: { commandId: string; roundId: string; expectedVersion: number },
  ) {
    return this.#commands.run(actor, { name: 'endRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.end', {}));
      const round = found(await lockRound(tx, input.roundId), aRound);
      const refusal =
        refusePhase(round.phase, ['RUNNING']) ?? refuseChanged(round.version, input.expectedVersion);
      if (refusal) return refusal;
      const ids = (await openingsOfRound(tx, round.id)).map(({ id }) => id);
      const undecided = refuseUndecided(await this.#engine.processes(tx, ids));
      if (undecided) return undecided;
      const people = await peopleOf(tx, round.id, tx.today);
      await this.#people.release(
        tx,
        round,
        people.filter(({ fn }) => !outliveTheRound.has(fn)),
      );
      await endRound(tx, round.id);
      return { roundId: round.id };
    });
  }

  async #cancel(tx: Tx, round: RoundRow, { unitId, reason, councilInformedOn }: Leaving) {
    const opening = (await openingsOfRound(tx, round.id)).find((row) => row.unitId === unitId);
    const { id: processId } = found(opening, { de: 'Öffnungsprozess', en: 'Opening process' });
    const payload = { reason, ...(councilInformedOn && { councilInformedOn }) };
    return this.#engine.take(tx, { processId, step: 'CANCEL', payload });
  }
}
