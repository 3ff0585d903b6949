import { Injectable } from '@nestjs/common';
import { heirsOf } from '../audit/index.ts';
import { Engine, EngineRegistry, type ProcessRow } from '../engine/index.ts';
import type { Tx } from '../platform/index.ts';
import { MeasureProcess } from './measure-process.service.ts';
import { measuresOf } from './measure.sql.ts';
import { isOpen } from './measure.rules.ts';
import { move } from './measure-ownership.sql.ts';

/** Open measures outlive their process: when units merge or split they go on with the first successor (Konzept §2.4). */
@Injectable()
export class MeasureOwnership {
  readonly #engine: Engine;
  readonly #process: MeasureProcess;

  constructor(registry: EngineRegistry, engine: Engine, process: MeasureProcess) {
    this.#engine = engine;
    this.#process = process;
    registry.registerEffects({
      rehomeMeasures: { apply: (tx, process) => this.#moveToSuccessor(tx, process) },
    });
  }

  /** Drafts stay behind: they were never agreed on. Where no successor has a process, all stay where they are. */
  async #moveToSuccessor(tx: Tx, { id }: ProcessRow) {
    const [heir] = await heirsOf(tx, [id]);
    const measures = await measuresOf(tx, [id]);
    const open = measures.filter(({ status }) => status !== 'DRAFT' && isOpen(status));
    if (!heir || open.length === 0) return;
    const ids = open.map((measure) => measure.id);
    await tx.call(move, [ids, heir.successorId, tx.actor.person]);
    const [opening] = await this.#engine.processes(tx, [heir.successorId]);
    await this.#process.moveTo(tx, opening!, ids);
    return { measures: ids.length, home: heir.successorId };
  }
}
