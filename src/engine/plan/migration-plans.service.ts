import { Injectable } from '@nestjs/common';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { found, newId, refuseFaults, type Db, type InvalidInput, type Tx } from '../../platform/index.ts';
import { Definitions } from '../publish/definitions.service.ts';
import {
  hashOfPlan,
  proposeMoves,
  shippedPlanSchema,
  type MigrationPlan,
  type Moves,
  type ShippedPlan,
  type Undecided,
} from './migration-plan.rules.ts';
import type { Proof } from './migration-proof.rules.ts';
import { MigrationProofs } from './migration-proofs.service.ts';
import { Migration } from './migration.rules.ts';
import { insert, byId, every, newest } from './migration-plans.sql.ts';

const shippedFolder = fileURLToPath(new URL('../../../data/migrations/', import.meta.url));

export interface PlanRow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly body: Moves;
  readonly sha256: string;
  /** How many configurations of the old definition it was proved over. */
  readonly configurations: number;
  readonly proposedBy: string;
  readonly proposedAt: Date;
}

export interface Proposal {
  readonly from: string;
  readonly to: string;
  readonly moves: Moves;
  readonly undecided: readonly Undecided[];
}

export const planOf = ({ from, to, body }: PlanRow): MigrationPlan => ({ from, to, ...body });

/** Plans between published definitions: proposed, proved, stored, and compiled once each. */
@Injectable()
export class MigrationPlans {
  readonly #definitions: Definitions;
  readonly #proofs: MigrationProofs;
  /** By the plan's hash, which names the definitions' contents too: it serves every administration. */
  readonly #migrations = new Map<string, Migration>();

  constructor(definitions: Definitions, proofs: MigrationProofs) {
    this.#definitions = definitions;
    this.#proofs = proofs;
  }

  /** A first plan: the one that ships for these two, or what equal paths say; with what is left to decide. */
  async proposal(db: Db, from: string, to: string): Promise<Proposal> {
    const [old, anew] = [
      await this.#definitions.machineOf(db, from),
      await this.#definitions.machineOf(db, to),
    ];
    const shipped = (await shippedPlans()).find(
      (plan) => isOf(plan.from, old.chart.definition) && isOf(plan.to, anew.chart.definition),
    );
    const { moves, undecided } = proposeMoves(old.chart, anew.chart);
    if (!shipped) return { from, to, moves, undecided };
    const { states, begin, deadlines, tasks } = shipped;
    return { from, to, moves: { states, begin, deadlines, tasks }, undecided: [] };
  }

  /** What published definitions say of a plan: it takes a second, never changes, and belongs before a transaction. */
  async prove(db: Db, plan: MigrationPlan): Promise<Proof> {
    const { from, to } = await this.#compile(db, plan);
    return this.#proofs.of({ from: from.chart.definition, to: to.chart.definition, plan });
  }

  /** Stores a plan, or refuses it with every fault and its place. The caller asks for permission. */
  async keep(
    tx: Tx,
    plan: MigrationPlan,
    { configurations, faults }: Proof,
  ): Promise<{ readonly planId: string } | InvalidInput> {
    const { from, to, ...moves } = plan;
    const refused = refuseFaults(faults);
    if (refused) return refused;
    const planId = newId();
    await tx.call(insert, [
      planId,
      from,
      to,
      JSON.stringify(moves),
      hashOfPlan(plan),
      configurations,
      tx.actor.person,
    ]);
    return { planId };
  }

  async find(db: Db, id: string): Promise<PlanRow | undefined> {
    const [row] = await db.call<PlanRow>(byId, [id]);
    return row;
  }

  async one(db: Db, id: string): Promise<PlanRow> {
    return found(await this.find(db, id), { de: 'Umstellungsplan', en: 'Migration plan' });
  }

  /** The newest hundred. */
  list(db: Db): Promise<PlanRow[]> {
    return db.call<PlanRow>(newest);
  }

  all(db: Db): Promise<PlanRow[]> {
    return db.call<PlanRow>(every);
  }

  async migrationOf(db: Db, id: string): Promise<Migration> {
    const row = await this.one(db, id);
    const plan = planOf(row);
    if (hashOfPlan(plan) !== row.sha256) throw new Error(`Migration plan ${id} is not what was proposed`);
    let migration = this.#migrations.get(row.sha256);
    if (!migration) this.#migrations.set(row.sha256, (migration = await this.#compile(db, plan)));
    return migration;
  }

  async #compile(db: Db, plan: MigrationPlan): Promise<Migration> {
    const from = await this.#definitions.machineOf(db, plan.from);
    return new Migration(from, await this.#definitions.machineOf(db, plan.to), plan);
  }
}

const isOf = (named: { key: string; version: number }, { key, version }: { key: string; version: number }) =>
  named.key === key && named.version === version;

/** The plans that come with the product. */
async function shippedPlans(): Promise<ShippedPlan[]> {
  const files = (await readdir(shippedFolder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) =>
      shippedPlanSchema.parse(JSON.parse(await readFile(shippedFolder + file, 'utf8'))),
    ),
  );
}

/** Moves as lists, for answers. */
export const shownMoves = ({ states, begin, deadlines, tasks }: Moves) => ({
  states: Object.entries(states).map(([from, to]) => ({ from, to })),
  begin,
  deadlines: Object.entries(deadlines).map(([name, choice]) => ({ name, choice })),
  tasks,
});

export const shownPlan = ({ sha256, body, ...plan }: PlanRow) => ({
  ...plan,
  hash: sha256,
  ...shownMoves(body),
});
