import { Injectable } from '@nestjs/common';
import { heirsOf } from '../audit/index.ts';
import { Engine, EngineRegistry, type ProcessRow } from '../engine/index.ts';
import type { Tx } from '../platform/index.ts';
import { MeasureCourse } from './measure-course.service.ts';
import { measuresOf } from './measure.sql.ts';
import { isOpen } from './measure.rules.ts';

const move = `
  insert into planning.measure_home (measure_id, home_no, process_id, unit_id, measure_no, person_id)
  select m.id, 1 + coalesce((select max(home_no) from planning.measure_home o where o.measure_id = m.id), 0),
    p.id, p.unit_id, m.n + planning.last_measure_no(p.id), $3
  from unnest($1::uuid[]) with ordinality as m(id, n), audit.opening_process p where p.id = $2`;

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
