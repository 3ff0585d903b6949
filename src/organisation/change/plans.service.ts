import { Injectable } from '@nestjs/common';
import { Engine } from '../../engine/index.ts';
import { Access, newId, type Actor, type Db, type Text, type Tx } from '../../platform/index.ts';
import { keepKnown } from '../file/correction.rules.ts';
import { fault, isStopping, type ImportFault } from '../plan/import-fault.rules.ts';
import { faultsOfChange, Spots, unknownHeadcounts } from './plan-check.rules.ts';
import { faultsOfStatement, unknownPredecessors } from './statement-check.rules.ts';
import { changeOf, type PlanChange } from './plan-change.rules.ts';
import { differencesOf, differencesOfPersons, type Difference } from './plan-difference.rules.ts';
import { withKnownCodes } from './known-codes.rules.ts';
import { PlanHooks } from './plan-hooks.ts';
import { shiftOf, unitsTouched, type PlanShift } from './plan-shift.rules.ts';
import { PlanStore } from './plan-store.service.ts';
import { bumpPlan, kinds, lockPlan, planStamp, planVersion } from './plan.sql.ts';
import type { Plan, Statement } from '../plan/plan.rules.ts';

/** What a statement would do, all of it worked out and nothing written. */
export interface Draft {
  readonly statement: Statement;
  readonly change: PlanChange;
  readonly shift: PlanShift;
  readonly differences: readonly Difference[];
  readonly faults: readonly ImportFault[];
}

/** The one way the plan changes, by file or by hand: compare, check, write, let higher rooms follow. */
@Injectable()
export class Plans {
  readonly #access: Access;
  readonly #engine: Engine;
  readonly #store: PlanStore;
  readonly #hooks: PlanHooks;

  constructor(access: Access, engine: Engine, store: PlanStore, hooks: PlanHooks) {
    this.#access = access;
    this.#engine = engine;
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Whether the actor keeps the organisation's books; the system does when it founds an administration. */
  mayChange(actor: Actor): boolean {
    return actor.system === true || this.#access.rules.get('organisation.import')!({}, actor, 'ANYWHERE');
  }

  /**
   * Locks the plan for this transaction, so that changes follow one another. Returns its version, to be compared with
   * the one that a client has read.
   */
  async lock(tx: Tx): Promise<number> {
    const [row] = await tx.call<{ plan_version: number }>(lockPlan);
    if (!row) throw new Error('The administration has not been founded');
    return row.plan_version;
  }

  async version(db: Db): Promise<number> {
    const [row] = await db.call<{ plan_version: number }>(planVersion);
    return row!.plan_version;
  }

  load(db: Db): Promise<Plan> {
    return this.#store.load(db);
  }

  /** Works out what a statement does from `day` on. `file` is named where a fault has no place in any file. */
  async draft(db: Db, said: Statement, day: string, file: string): Promise<Draft> {
    const plan = await this.load(db);
    const statement = keepKnown(withKnownCodes(said, plan), plan);
    const known = new Set((await db.call<{ code: string }>(kinds)).map(({ code }) => code));
    const [{ minimumShown } = { minimumShown: 5 }] = await db.call<{ minimumShown: number }>(planStamp);
    const change = changeOf(plan, statement, day, newId);
    const spots = new Spots(statement, file);
    const faults = [
      ...faultsOfStatement(statement, known, minimumShown),
      ...unknownPredecessors(statement, change.after),
      ...faultsOfChange(change, spots),
    ];
    if (statement.units && !faults.some(isStopping))
      faults.push(...unknownHeadcounts(change.after, day, minimumShown, file));
    const shift = shiftOf(change, db.today);
    // Higher rooms look only at plans that make sense.
    if (!faults.some(isStopping)) faults.push(...(await this.#objections(db, shift, change, spots)));
    const renamed = differencesOfPersons(plan.persons, statement.persons ?? [], day);
    return { statement, change, shift, differences: [...differencesOf(change), ...renamed], faults };
  }

  foresee(db: Db, { shift }: Draft): Promise<Text[]> {
    return this.#hooks.foresee(db, shift);
  }

  /**
   * Writes a faultless draft and lets higher rooms follow, in this transaction. What stands already is not written
   * again. Returns the plan's version.
   */
  async write(tx: Tx, { statement, change, shift, differences }: Draft): Promise<number> {
    if (differences.length) {
      // Guards of running processes read units, posts and holders: nothing moves under a step that is under way.
      await this.#engine.lockScopes(tx, unitsTouched(change));
      await this.#store.write(tx, change, statement.persons ?? []);
      await tx.call(bumpPlan);
      await this.#hooks.follow(tx, shift);
    }
    await this.#store.noteSuccessions(tx, statement.units?.rows ?? []);
    return this.version(tx);
  }

  async #objections(db: Db, shift: PlanShift, change: PlanChange, spots: Spots): Promise<ImportFault[]> {
    const codes = new Map(change.posts.map(({ thing }) => [thing.id, thing.code]));
    const objections = await this.#hooks.objections(db, shift);
    return objections.map(({ postId, message }) => {
      const code = codes.get(postId) ?? '';
      return { ...fault('ACTIVE_ASSIGNMENT', spots.of('posts', code), code), message };
    });
  }
}
