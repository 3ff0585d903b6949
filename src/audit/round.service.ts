import { Injectable } from '@nestjs/common';
import { Catalogue } from '../catalogue/index.ts';
import { Definitions, Engine } from '../engine/index.ts';
import { Organisation, type UnitNode } from '../organisation/index.ts';
import {
  Commands,
  found,
  isRefusal,
  newId,
  refuse,
  type Actor,
  type Text,
  type Tx,
} from '../platform/index.ts';
import { Responsibility } from '../responsibility/index.ts';
import { invalid, notPossible } from './checklist.rules.ts';
import type { Finding } from './finding.rules.ts';
import { openingsOfRound } from './opening-process.queries.ts';
import { OpeningProcesses } from './opening-process.service.ts';
import { RoundAuditors } from './round-auditors.service.ts';
import { RoundChecks, type RoundCheck } from './round-check.service.ts';
import { RoundPeople } from './round-people.service.ts';
import {
  addScope,
  addRatedWithin,
  auditorsOf,
  endRound,
  insertRound,
  lockRound,
  lockStarts,
  peopleOf,
  startRound,
  touchRound,
  type RoundRow,
} from './round.queries.ts';
import { refuseChanged, refusePhase } from './round.rules.ts';
import { dateFaults, type ScopeKind, type SmallTeams } from './scope.rules.ts';

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
  readonly scope: readonly { readonly unitId: string; readonly kind: ScopeKind }[];
}

const aRound = { de: 'Runde', en: 'Round' };
const aUnit = { de: 'Einheit', en: 'Unit' };
const mostFindingsShown = 100;
const mostUnitsShown = 20;
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
  readonly #openings: OpeningProcesses;
  readonly #checks: RoundChecks;
  readonly #people: RoundPeople;
  readonly #auditors: RoundAuditors;

  constructor(
    commands: Commands,
    engine: Engine,
    definitions: Definitions,
    catalogue: Catalogue,
    organisation: Organisation,
    responsibility: Responsibility,
    openings: OpeningProcesses,
    checks: RoundChecks,
    people: RoundPeople,
    auditors: RoundAuditors,
  ) {
    this.#commands = commands;
    this.#engine = engine;
    this.#definitions = definitions;
    this.#catalogue = catalogue;
    this.#organisation = organisation;
    this.#responsibility = responsibility;
    this.#openings = openings;
    this.#checks = checks;
    this.#people = people;
    this.#auditors = auditors;
  }

  /** Opens a draft. Refuses dates that run backwards, a mandate of the future, an empty scope, an unpublished edition. */
  openRound(actor: Actor, { commandId, ...input }: OpenRound) {
    return this.#commands.run(actor, { name: 'openRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.open', {}));
      const faults = dateFaults({ ...input, decidedOn: input.mandate.decidedOn }, tx.today);
      if (!input.scope.some(({ kind }) => kind !== 'EXCEPT')) faults.push(emptyScope);
      if (faults.length > 0) return invalid(faults);
      const edition = found(await this.#catalogue.edition(tx, input.editionId), {
        de: 'Ausgabe',
        en: 'Edition',
      });
      if (edition.status !== 'PUBLISHED') return notPossible([unpublished], edition.status)!;
      await this.#definitions.machineOf(tx, input.definitionId); // or NOT_FOUND
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
      await lockStarts(tx);
      const check = await this.#checks.check(tx, round, input.smallTeams);
      const blocked = refuseBlocked(check.findings);
      if (blocked) return blocked;
      await startRound(tx, round.id);
      return this.#start(tx, { ...round, phase: 'RUNNING' }, check);
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
      const inside = new Set((await openingsOfRound(tx, round.id)).map(({ unitId }) => unitId));
      const units = [...new Set(input.unitIds)]
        .map((id) => found(tree.node(id), aUnit))
        .filter(({ id }) => !inside.has(id));
      await addScope(
        tx,
        round.id,
        units.map(({ id }) => ({ unitId: id, kind: 'UNIT' as const })),
        null,
      );
      await touchRound(tx, round.id);
      if (round.phase === 'DRAFT') return { roundId: round.id, started: 0, ratedWithin: 0 };
      return this.#join(tx, round, units);
    });
  }

  /** Lets a unit leave; in a running round its process is cancelled with the reason, as far as its state allows. */
  leaveRound(
    actor: Actor,
    { commandId, ...input }: { commandId: string; roundId: string; unitId: string; reason: string },
  ) {
    return this.#commands.run(actor, { name: 'leaveRound', commandId, input }, async (tx) => {
      tx.permit(await this.#responsibility.may(tx, 'round.prepare', {}));
      const round = found(await lockRound(tx, input.roundId), aRound);
      const refusal = refusePhase(round.phase, ['DRAFT', 'RUNNING']);
      if (refusal) return refusal;
      if (round.phase === 'DRAFT') found((await this.#organisation.tree(tx)).node(input.unitId), aUnit);
      else {
        const cancelled = await this.#cancel(tx, round, input.unitId, input.reason);
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
      const open = await this.#undecided(tx, round);
      if (open.length > 0) return stillRunning(open);
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

  async #start(tx: Tx, round: RoundRow, { edition, plan, starting }: RoundCheck) {
    const processes = await this.#openings.start(tx, round, edition, starting);
    if (isRefusal(processes)) return processes;
    const within = plan.within.map(({ unit, within }) => ({ unitId: unit.id, withinUnitId: within.id }));
    await addRatedWithin(tx, round.id, within);
    const assigned = await auditorsOf(tx, round.id, tx.today);
    await this.#auditors.grant(
      tx,
      round,
      assigned.filter(({ unitId }) => processes.has(unitId)),
    );
    return { roundId: round.id, started: processes.size, ratedWithin: within.length };
  }

  async #join(tx: Tx, round: RoundRow, units: readonly UnitNode[]) {
    await lockStarts(tx);
    const check = await this.#checks.check(tx, round, 'WITHIN_SUPERIOR', units);
    const blocked = refuseBlocked(check.findings.filter(({ unitId }) => unitId !== null));
    if (blocked) return blocked;
    return this.#start(tx, round, check);
  }

  async #cancel(tx: Tx, round: RoundRow, unitId: string, reason: string) {
    const opening = (await openingsOfRound(tx, round.id)).find((row) => row.unitId === unitId);
    const { id: processId } = found(opening, { de: 'Öffnungsprozess', en: 'Opening process' });
    return this.#engine.take(tx.asSystem(), { processId, step: 'CANCEL', payload: { reason } });
  }

  async #undecided(tx: Tx, round: RoundRow) {
    const ids = (await openingsOfRound(tx, round.id)).map(({ id }) => id);
    return (await this.#engine.processes(tx, ids)).filter(
      ({ tags }) => !decidedTags.some((tag) => tags.includes(tag)),
    );
  }
}

const decidedTags = ['recognised', 'decided', 'terminal'];

const emptyScope = {
  path: 'scope',
  message: { de: 'Mindestens eine Einheit muss teilnehmen.', en: 'At least one unit must take part.' },
};
const unpublished: Text = {
  de: 'Die Ausgabe ist noch nicht veröffentlicht; erst dann steht fest, wonach bewertet wird.',
  en: 'The edition is not published yet; only then it is fixed what is rated by.',
};

function refuseBlocked(findings: readonly Finding[]) {
  const blocking = findings.filter(({ severity }) => severity === 'BLOCKS');
  const n = blocking.length;
  if (n === 0) return;
  const message = {
    de: `${n === 1 ? 'Ein Befund verhindert' : `${n} Befunde verhindern`} den Start. Nichts wurde gestartet.`,
    en: `${n === 1 ? 'One finding blocks' : `${n} findings block`} the start. Nothing was started.`,
  };
  return refuse('RoundNotReady', message, { findings: blocking.slice(0, mostFindingsShown) });
}

function stillRunning(open: readonly { scopeId: string }[]) {
  const n = open.length;
  const message = {
    de: `${n === 1 ? 'Ein Öffnungsprozess ist' : `${n} Öffnungsprozesse sind`} noch nicht entschieden.`,
    en: `${n === 1 ? 'One opening process is' : `${n} opening processes are`} not decided yet.`,
  };
  const unitIds = open.slice(0, mostUnitsShown).map(({ scopeId }) => scopeId);
  return refuse('RoundStillRunning', message, { openProcesses: n, unitIds });
}
