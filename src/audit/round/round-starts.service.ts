import { Injectable } from '@nestjs/common';
import { Engine } from '../../engine/index.ts';
import type { UnitNode } from '../../organisation/index.ts';
import { isRefusal, type Refusal, type Tx } from '../../platform/index.ts';
import { openingsOfRound } from '../opening/opening-process.sql.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';
import { RoundAuditors } from './round-auditors.service.ts';
import { RoundChecks, type RoundCheck } from './round-checks.service.ts';
import { addRatedWithin, auditorsOf, lockStarts, startRound, type RoundRow } from '../opening/round.sql.ts';
import { refuseBlocked } from './round.rules.ts';
import type { SmallTeams } from '../opening/scope.rules.ts';

/** The receipt of a start. */
export type Started = { readonly roundId: string; readonly started: number; readonly ratedWithin: number };

/** Starts opening processes within a caller's command that holds the round: of a whole round, or of units that join. */
@Injectable()
export class RoundStarts {
  readonly #engine: Engine;
  readonly #checks: RoundChecks;
  readonly #openings: OpeningProcesses;
  readonly #auditors: RoundAuditors;

  constructor(engine: Engine, checks: RoundChecks, openings: OpeningProcesses, auditors: RoundAuditors) {
    this.#engine = engine;
    this.#checks = checks;
    this.#openings = openings;
    this.#auditors = auditors;
  }

  /** All units of the scope, or none while a finding blocks. */
  async whole(tx: Tx, round: RoundRow, smallTeams: SmallTeams): Promise<Started | Refusal> {
    await lockStarts(tx);
    const check = await this.#checks.check(tx, round, { smallTeams });
    const blocked = refuseBlocked(check.findings);
    if (blocked) return blocked;
    await startRound(tx, round.id, smallTeams);
    return this.#start(tx, { ...round, phase: 'RUNNING', smallTeams }, check);
  }

  /** Units that join a running round; findings about the round as a whole do not keep them out. */
  async joining(tx: Tx, round: RoundRow, units: readonly UnitNode[]): Promise<Started | Refusal> {
    await lockStarts(tx);
    const inside = new Set((await openingsOfRound(tx, round.id)).map(({ unitId }) => unitId));
    const joining = { units: units.filter(({ id }) => !inside.has(id)), inside };
    const check = await this.#checks.check(tx, round, { smallTeams: round.smallTeams, joining });
    const blocked = refuseBlocked(check.findings.filter(({ unitId }) => unitId !== null));
    return blocked ?? this.#start(tx, { ...round, definitionId: await this.#goesBy(tx, round) }, check);
  }

  /** Who joins goes the way of the others: by the definition most of the round's running processes run by today. */
  async #goesBy(tx: Tx, round: RoundRow): Promise<string> {
    const ids = (await openingsOfRound(tx, round.id)).map(({ id }) => id);
    const running = (await this.#engine.processes(tx, ids)).filter(({ status }) => status === 'RUNNING');
    const counts = Map.groupBy(running, ({ definitionId }) => definitionId);
    const [most] = [...counts].sort(([, some], [, others]) => others.length - some.length);
    return most?.[0] ?? round.definitionId;
  }

  async #start(tx: Tx, round: RoundRow, { edition, plan, starting }: RoundCheck): Promise<Started | Refusal> {
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
}
