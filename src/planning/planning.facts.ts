import { Injectable } from '@nestjs/common';
import { Findings, type Found } from '../audit/index.ts';
import { EngineRegistry, type Fact, type ProcessRow } from '../engine/index.ts';
import { measuresOf, type MeasureRow } from './measure.sql.ts';
import { closedPercent, incomplete, openOf, unreported, withoutMeasure } from './target.rules.ts';
import { Targets } from './targets.service.ts';

interface Plan {
  readonly process: ProcessRow;
  readonly measures: readonly MeasureRow[];
  readonly found: Found;
}
const nothingFound: Found = { criteria: new Set(), core: new Set(), weakCore: [] };

/** What guards ask about measures and the agreement on them. */
@Injectable()
export class PlanningFacts {
  readonly #findings: Findings;

  constructor(registry: EngineRegistry, findings: Findings, targets: Targets) {
    this.#findings = findings;
    registry.registerFacts({
      // How many core criteria are weak follows from it.
      'measures.missing': {
        ...this.#counts(({ found, measures }) => withoutMeasure(found.weakCore, measures).length),
        toldWith: 'auditRating.read',
      },
      'measures.incomplete': this.#counts(({ measures }) => incomplete(measures).length),
      'measures.unreported': this.#counts(
        ({ process, measures }) => unreported(measures, process.stageSince).length,
      ),
      'measures.closedPercent': this.#counts(({ measures }) => closedPercent(measures)),
      'measures.openCore': this.#counts(({ found, measures }) => openOf(found.core, measures).length),
      'signatures.missing': {
        type: 'int',
        load: async (db, processes) => {
          const missing = await targets.missing(
            db,
            processes.map(({ id }) => id),
          );
          return new Map([...missing].map(([id, functions]) => [id, functions.length]));
        },
      },
    });
  }

  #counts(count: (plan: Plan) => number): Fact {
    return {
      type: 'int',
      load: async (db, processes) => {
        const ids = processes.map(({ id }) => id);
        const findings = await this.#findings.of(db, ids);
        const measures = Map.groupBy(await measuresOf(db, ids), ({ processId }) => processId);
        const plan = (process: ProcessRow): Plan => ({
          process,
          measures: measures.get(process.id) ?? [],
          found: findings.get(process.id) ?? nothingFound,
        });
        return new Map(processes.map((process) => [process.id, count(plan(process))]));
      },
    };
  }
}
