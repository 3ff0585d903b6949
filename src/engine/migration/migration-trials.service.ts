import { Injectable } from '@nestjs/common';
import { isRefusal, type Db, type Refusal } from '../../platform/index.ts';
import { findProcesses } from '../bulk/bulk.sql.ts';
import { type BulkFilter, type Forecast } from '../bulk/bulk.rules.ts';
import { BulkPlans } from '../bulk/bulk-plans.service.ts';
import { firstDeviation, type PlayedEntry } from '../replay/conformance.rules.ts';
import { Migrations } from './migrations.service.ts';
import { MigrationPlans } from '../plan/migration-plans.service.ts';
import { trialRows, type TrialRow } from './migration-trial.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { histories } from './migration-trials.sql.ts';

const page = 500;

export interface Trial {
  readonly planId: string;
  readonly filter: BulkFilter;
  readonly forecast: Forecast;
  readonly rows: readonly TrialRow[];
}
interface Conformance {
  readonly conforming: number;
  readonly deviations: readonly { readonly step: string; readonly stage: string; readonly count: number }[];
}

/** Plans tried on real processes: where they would come to stand, and what their histories say. Nothing is written. */
@Injectable()
export class MigrationTrials {
  readonly #plans: MigrationPlans;
  readonly #migrations: Migrations;
  readonly #counts: BulkPlans;
  readonly #registry: EngineRegistry;

  constructor(plans: MigrationPlans, migrations: Migrations, counts: BulkPlans, registry: EngineRegistry) {
    this.#plans = plans;
    this.#migrations = migrations;
    this.#counts = counts;
    this.#registry = registry;
  }

  /** By default all that run by the plan's old definition. */
  async filterOf(db: Db, planId: string, filter: BulkFilter | null | undefined): Promise<BulkFilter> {
    return filter ?? { definitionId: (await this.#plans.one(db, planId)).from };
  }

  async try(db: Db, planId: string, asked: BulkFilter | null | undefined): Promise<Trial | Refusal> {
    const filter = await this.filterOf(db, planId, asked);
    const forecast = await this.#counts.forecast(db, { kind: 'MIGRATE', planId }, filter);
    if (isRefusal(forecast)) return forecast;
    const migration = await this.#plans.migrationOf(db, planId);
    const able = forecast.processes.filter(({ id }) => !forecast.refused.has(id));
    const relocations = await this.#migrations.relocations(db, migration, able);
    const standings = await this.#migrations.standings(db, able, migration.askedAnew());
    const rows = trialRows(
      able.map((process, i) => ({
        stage: process.stage,
        standing: standings[i]!,
        relocation: relocations.get(process)!,
      })),
    );
    return { planId, filter, forecast, rows };
  }

  /** Plays the recorded histories on the new definition. Reads them page by page; costs about a second for 5,000. */
  async conformance(db: Db, { planId, filter }: Trial): Promise<Conformance> {
    const { to } = await this.#plans.migrationOf(db, planId);
    const ids = (await findProcesses(db, filter)).map(({ id }) => id);
    const counts = new Map<string, { step: string; stage: string; count: number }>();
    let conforming = 0;
    for (let i = 0; i < ids.length; i += page) {
      const rows = await db.call<PlayedEntry & { processId: string }>(histories, [ids.slice(i, i + page)]);
      for (const history of Map.groupBy(rows, ({ processId }) => processId).values()) {
        const deviation = firstDeviation(to, history, this.#registry.guardCalls);
        if (!deviation) conforming += 1;
        else {
          const key = `${deviation.step} ${deviation.stage}`;
          counts.set(key, { ...deviation, count: (counts.get(key)?.count ?? 0) + 1 });
        }
      }
    }
    return { conforming, deviations: [...counts.values()].sort((a, b) => b.count - a.count) };
  }
}
