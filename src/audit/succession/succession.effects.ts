import { Injectable } from '@nestjs/common';
import { EngineRegistry, type ProcessRow } from '../../engine/index.ts';
import { Organisation } from '../../organisation/index.ts';
import { found, isRefusal, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import { CarryOver } from './carry-over.service.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';
import { RoundStarts } from '../round/round-starts.service.ts';
import { addScope, lockRound, type RoundRow } from '../opening/round.sql.ts';
import { confirmedSuccessions, insertSupersession } from './succession.sql.ts';
import { standing } from './successions.service.ts';

/** What handing a process over asks and does: who follows, where each successor's process is, what it inherits. */
@Injectable()
export class SuccessionEffects {
  readonly #organisation: Organisation;
  readonly #openings: OpeningProcesses;
  readonly #starts: RoundStarts;
  readonly #carryOver: CarryOver;

  constructor(
    registry: EngineRegistry,
    organisation: Organisation,
    openings: OpeningProcesses,
    starts: RoundStarts,
    carryOver: CarryOver,
  ) {
    this.#organisation = organisation;
    this.#openings = openings;
    this.#starts = starts;
    this.#carryOver = carryOver;
    registry.registerFacts({
      'succession.confirmed': { type: 'bool', load: (db, processes) => this.#confirmed(db, processes) },
    });
    registry.registerEffects({ supersede: { apply: (tx, process) => this.#supersede(tx, process) } });
  }

  async #confirmed(db: Db, processes: readonly ProcessRow[]): Promise<Map<string, boolean>> {
    const units = new Set(
      (
        await confirmedSuccessions(
          db,
          processes.map(({ scopeId }) => scopeId),
        )
      ).map(({ unitId }) => unitId),
    );
    return new Map(processes.map(({ id, scopeId }) => [id, units.has(scopeId)]));
  }

  /** In a running round every successor goes on in its own process, begun now if need be; else nothing is begun. */
  async #supersede(tx: Tx, process: ProcessRow): Promise<Refusal | { successors: string[] }> {
    const [succession] = await confirmedSuccessions(tx, [process.scopeId]);
    const { id, successorIds } = found(succession, { de: 'Nachfolge', en: 'Succession' });
    const round = found(await lockRound(tx, process.seriesId!), { de: 'Runde', en: 'Round' });
    if (round.phase !== 'RUNNING') return { successors: [] };
    const successors = await this.#processesOf(tx, round, successorIds);
    if (isRefusal(successors)) return successors;
    await insertSupersession(tx, process.id, successors, id);
    for (const successor of successors) await this.#carryOver.inherit(tx, successor);
    return { successors };
  }

  async #processesOf(tx: Tx, round: RoundRow, unitIds: readonly string[]): Promise<string[] | Refusal> {
    const units = standing(await this.#organisation.tree(tx), unitIds);
    const before = await this.#liveIn(tx, round, unitIds);
    const joining = units.filter((unit) => !before.has(unit.id));
    if (joining.length > 0) {
      const scope = joining.map((unit) => ({ unitId: unit.id, kind: 'UNIT' as const }));
      await addScope(tx, round.id, scope, null);
      const started = await this.#starts.joining(tx, round, joining);
      if (isRefusal(started)) return started;
    }
    const now = joining.length > 0 ? await this.#liveIn(tx, round, unitIds) : before;
    return unitIds.flatMap((unitId) => now.get(unitId) ?? []);
  }

  async #liveIn(tx: Tx, round: RoundRow, unitIds: readonly string[]): Promise<Map<string, string>> {
    const live = await this.#openings.liveOf(tx, unitIds);
    const openings = await this.#openings.byIds(tx, [...live.values()].flat());
    return new Map(
      openings.filter(({ roundId }) => roundId === round.id).map(({ id, unitId }) => [unitId, id]),
    );
  }
}
