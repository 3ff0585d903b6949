import { Injectable } from '@nestjs/common';
import { found, isRefusal, type Db, type Refusal, type Tx } from '../../platform/index.ts';
import { readDone, readRuns } from '../bulk/bulk.sql.ts';
import type { BulkTaken, BulkWork } from '../bulk/bulk.rules.ts';
import { BulkWorks } from '../bulk/bulk-works.service.ts';
import { Calendars } from '../steps/calendars.service.ts';
import { readClocks } from '../steps/clock.sql.ts';
import {
  kindOf,
  relocated,
  type Kind,
  type Relocated,
  type Relocation,
} from '../plan/migration-entry.rules.ts';
import { MIGRATE, MIGRATE_BACK } from '../steps/log.rules.ts';
import { hashOfPlan } from '../plan/migration-plan.rules.ts';
import { acted, notEntitled, notMoved, refuseMigration } from '../plan/migration-refusal.rules.ts';
import { shift, shiftBack, type ProcessStanding } from '../plan/migration-shift.rules.ts';
import type { AskedAnew, Counters, Migration } from '../plan/migration.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { MigrationPlans } from '../plan/migration-plans.service.ts';
import { EarlierStates } from '../replay/earlier-states.service.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { Steps } from '../steps/steps.service.ts';
import { readOpenTasks } from '../replay/stored.sql.ts';
import { commit, earlier } from './migrations.sql.ts';

const none: Counters = { n: {}, by: {} };

/**
 * Moves processes to another definition by a proved plan, and back (ADR 0047). Processes that stand alike are worked
 * out once; what each has of its own is its number and its link in the chain.
 */
@Injectable()
export class Migrations {
  readonly #calendars: Calendars;
  readonly #steps: Steps;
  readonly #courses: EarlierStates;
  readonly #registry: EngineRegistry;

  constructor(
    calendars: Calendars,
    steps: Steps,
    courses: EarlierStates,
    registry: EngineRegistry,
    works: BulkWorks,
    plans: MigrationPlans,
  ) {
    this.#calendars = calendars;
    this.#steps = steps;
    this.#courses = courses;
    this.#registry = registry;
    works.register('MIGRATE', async (db, { planId }) => this.work(await plans.migrationOf(db, planId!)));
    works.register('UNDO', async (db, { planId, undoesId }) => {
      const [run] = await readRuns(db, [undoesId!]);
      const { id } = found(run, { de: 'Sammellauf', en: 'Bulk run' });
      return this.undoing(await plans.migrationOf(db, planId!), id);
    });
  }

  work(migration: Migration): BulkWork {
    return {
      evaluate: async (_db, processes) =>
        refusedBy(processes, (process) => refuseMigration(migration, process)),
      take: async (tx, processes) => {
        const mayGoOn = await this.#mayGoOn(tx);
        const refused = refusedBy(processes, (process) =>
          mayGoOn ? refuseMigration(migration, process) : notEntitled,
        );
        const able = processes.filter(({ id }) => !refused.has(id));
        const moved = this.#write(tx, MIGRATE, await this.relocations(tx, migration, able));
        const settled = await this.#steps.settleAll(tx, migration.to, moved);
        return isRefusal(settled) ? settled : taken(moved, refused);
      },
    };
  }

  /** Takes a run back, each process as long as nobody acted on it since. */
  undoing(migration: Migration, runId: string): BulkWork {
    const refusals = async (db: Db, processes: readonly ProcessRow[]) => {
      const ids = processes.map(({ id }) => id);
      const seqs = new Map((await readDone(db, runId, ids)).map(({ processId, seq }) => [processId, seq]));
      return refusedBy(processes, ({ id, version, definitionId }) => {
        if (!seqs.has(id)) return notMoved;
        return definitionId === migration.plan.to && version === seqs.get(id) ? undefined : acted;
      });
    };
    return {
      evaluate: refusals,
      take: async (tx, processes) => {
        const mayGoOn = await this.#mayGoOn(tx);
        const refused = mayGoOn ? await refusals(tx, processes) : refusedBy(processes, () => notEntitled);
        const able = processes.filter(({ id }) => !refused.has(id));
        const moved = this.#write(tx, MIGRATE_BACK, await this.#wayBack(tx, migration, able));
        return taken(moved, refused);
      },
    };
  }

  /** Asked anew in each batch. A no refuses what is left, and that is written down. */
  async #mayGoOn(tx: Tx): Promise<boolean> {
    tx.permit(true);
    const [may] = await this.#registry.authority.may(tx, tx.actor, 'migration.run', [{}]);
    return may === true;
  }

  /** Where each of them would come to stand; alike ones share one. */
  async relocations(
    db: Db,
    migration: Migration,
    processes: readonly ProcessRow[],
  ): Promise<ReadonlyMap<ProcessRow, Relocation>> {
    const { calendar, today } = await this.#calendars.at(db);
    const standings = await this.standings(db, processes, migration.askedAnew());
    const alike = new Map<string, Relocation>();
    const plan = hashOfPlan(migration.plan);
    return new Map(
      processes.map((process, i) => {
        const standing = standings[i]!;
        const key = keyOf(standing);
        let relocation = alike.get(key);
        if (!relocation) {
          const shifted = shift(migration, standing, calendar, today)!;
          const keeps = migration.keepsStage(process.states, shifted.states);
          const { to } = migration;
          relocation = {
            step: MIGRATE,
            to,
            definitionId: migration.plan.to,
            plan,
            shift: shifted,
            stageSince: keeps ? undefined : db.at.toISOString(),
          };
          alike.set(key, relocation);
        }
        return [process, relocation];
      }),
    );
  }

  /** What stands beside each process, and what the log knows that the new definition asks for. */
  async standings(db: Db, processes: readonly ProcessRow[], asked: AskedAnew): Promise<ProcessStanding[]> {
    const ids = processes.map(({ id }) => id);
    const clocks = Map.groupBy(await readClocks(db, ids), ({ processId }) => processId);
    const tasks = await readOpenTasks(db, ids);
    const counters = await this.#earlier(db, ids, asked);
    return processes.map(({ id, states, snapshot, suspendedAt }) => ({
      states,
      snapshot,
      isResting: suspendedAt !== null,
      clocks: (clocks.get(id) ?? []).map(({ epoch, clock }) => ({ ...clock, epoch })),
      tasks: tasks.get(id) ?? [],
      earlier: counters.get(id) ?? none,
    }));
  }

  async #earlier(
    db: Db,
    ids: readonly string[],
    { counted, remembered }: AskedAnew,
  ): Promise<Map<string, Counters>> {
    if (counted.length + remembered.length === 0) return new Map();
    const rows = await db.call<{ processId: string; step: string; count: number; people: string[] }>(
      earlier,
      [ids, [...new Set([...counted, ...remembered])]],
    );
    const byProcess = Map.groupBy(rows, ({ processId }) => processId);
    return new Map(
      [...byProcess].map(([id, steps]) => [
        id,
        {
          n: Object.fromEntries(
            steps.filter(({ step }) => counted.includes(step)).map(({ step, count }) => [step, count]),
          ),
          by: Object.fromEntries(
            steps.filter(({ step }) => remembered.includes(step)).map(({ step, people }) => [step, people]),
          ),
        },
      ]),
    );
  }

  /** Where each stood before its last entry, as the log tells it. */
  async #wayBack(
    tx: Tx,
    migration: Migration,
    processes: readonly ProcessRow[],
  ): Promise<Map<ProcessRow, Relocation>> {
    const before = await this.#courses.beforeLast(tx, processes);
    const standings = await this.standings(tx, processes, { counted: [], remembered: [] });
    return new Map(
      processes.map((process, i) => {
        const { standing, stageSince } = before.get(process.id)!;
        const back: Relocation = {
          step: MIGRATE_BACK,
          to: migration.from,
          definitionId: migration.plan.from,
          plan: hashOfPlan(migration.plan),
          shift: shiftBack(migration.from.chart, standings[i]!, standing),
          stageSince,
        };
        return [process, back];
      }),
    );
  }

  #write(tx: Tx, step: string, relocations: ReadonlyMap<ProcessRow, Relocation>): ProcessRow[] {
    if (relocations.size === 0) return [];
    const { account, person } = tx.actor;
    const command = {
      commandId: tx.commandId,
      accountId: account,
      personId: person,
      at: tx.at.toISOString(),
    };
    const kinds = new Map<Relocation, number>();
    const alike: Kind[] = [];
    const moved: Relocated[] = [];
    const kindNos: number[] = [];
    for (const [process, relocation] of relocations) {
      const one = relocated(command, process, relocation);
      if (!kinds.has(relocation)) kinds.set(relocation, alike.push(kindOf(one, relocation)));
      moved.push(one);
      kindNos.push(kinds.get(relocation)!);
    }
    const after = moved.map((one) => one.after);
    tx.queue(commit, [
      JSON.stringify(alike),
      command.commandId,
      step,
      account,
      person,
      command.at,
      after.map(({ id }) => id),
      after.map(({ version }) => version),
      after.map(({ head }) => head),
      kindNos,
    ]);
    return after;
  }
}

const keyOf = ({ clocks, ...standing }: ProcessStanding): string =>
  JSON.stringify([standing, clocks.map(({ epoch: _epoch, ...clock }) => clock)]);

const taken = (moved: readonly ProcessRow[], refused: ReadonlyMap<string, Refusal>): BulkTaken => ({
  done: new Map(moved.map(({ id, version }) => [id, version])),
  refused,
});

function refusedBy(
  processes: readonly ProcessRow[],
  refuseOne: (process: ProcessRow) => Refusal | undefined,
): Map<string, Refusal> {
  return new Map(
    processes.flatMap((process) => {
      const no = refuseOne(process);
      return no ? [[process.id, no] as const] : [];
    }),
  );
}
