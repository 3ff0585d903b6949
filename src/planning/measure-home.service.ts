import { Injectable } from '@nestjs/common';
import { heirsOf } from '../audit/index.ts';
import { Engine, EngineRegistry, type ProcessRow } from '../engine/index.ts';
import type { Tx } from '../platform/index.ts';
import { MeasureCourse } from './measure-course.service.ts';
import { measuresOf } from './measure.sql.ts';
import { isOpen } from './measure.rules.ts';
import { move } from './measure-home.sql.ts';

/** Open measures outlive their process: when units merge or split they go on with the first successor (Konzept §2.4). */
@Injectable()
export class MeasureHomes {
  readonly #engine: Engine;
  readonly #course: MeasureCourse;

  constructor(registry: EngineRegistry, engine: Engine, course: MeasureCourse) {
    this.#engine = engine;
    this.#course = course;
    registry.registerEffects({ rehomeMeasures: { apply: (tx, process) => this.#rehome(tx, process) } });
  }

  /** Drafts stay behind: they were never agreed on. Where no successor has a process, all stay where they are. */
  async #rehome(tx: Tx, { id }: ProcessRow) {
    const [heir] = await heirsOf(tx, [id]);
    const measures = await measuresOf(tx, [id]);
    const open = measures.filter(({ status }) => status !== 'DRAFT' && isOpen(status));
    if (!heir || open.length === 0) return;
    const ids = open.map((measure) => measure.id);
    await tx.call(move, [ids, heir.successorId, tx.actor.person]);
    const [home] = await this.#engine.processes(tx, [heir.successorId]);
    await this.#course.moveTo(tx, home!, ids);
    return { measures: ids.length, home: heir.successorId };
  }
}
