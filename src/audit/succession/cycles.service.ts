import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/index.ts';
import { EngineRegistry, type ProcessRow } from '../../engine/index.ts';
import { found, type Tx } from '../../platform/index.ts';
import { Responsibility } from '../../responsibility/index.ts';
import { beginCycle, openingsById } from '../opening/opening-process.sql.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';

/**
 * A process that is commissioned again begins a new cycle: by the newest published edition, with nothing rated. What the
 * last cycle found stays on record and is proposed once the criteria are fixed (Konzept §2.2, T01 and T30).
 */
@Injectable()
export class Cycles {
  readonly #catalogue: Catalogue;
  readonly #openings: OpeningProcesses;
  readonly #responsibility: Responsibility;

  constructor(
    registry: EngineRegistry,
    catalogue: Catalogue,
    openings: OpeningProcesses,
    responsibility: Responsibility,
  ) {
    this.#catalogue = catalogue;
    this.#openings = openings;
    this.#responsibility = responsibility;
    registry.registerEffects({ beginCycle: { apply: (tx, process) => this.#begin(tx, process) } });
  }

  async #begin(tx: Tx, { id }: ProcessRow) {
    const [row] = await openingsById(tx, [id]);
    const { editionId, cycle } = found(row, { de: 'Öffnungsprozess', en: 'Opening process' });
    const { key } = found(await this.#catalogue.edition(tx, editionId), { de: 'Fassung', en: 'Edition' });
    const newest = found(await this.#catalogue.newest(tx, key), { de: 'Fassung', en: 'Edition' });
    await beginCycle(tx, id, newest.id);
    await this.#openings.recount(tx, id);
    await this.#responsibility.endGrants(tx, [{ scopeId: id, fn: 'OWNER' }]);
    return { cycle: cycle + 1, edition: newest.id };
  }
}
