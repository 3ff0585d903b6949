import { Injectable } from '@nestjs/common';
import type { Db, Text, Tx } from '../../platform/index.ts';
import type { PlanShift } from './plan-shift.rules.ts';

/** Why a change of the plan may not happen, as a higher room sees it: the post at fault and a sentence. */
export interface PlanObjection {
  readonly postId: string;
  readonly message: Text;
}

export type PlanCheck = (db: Db, shift: PlanShift) => Promise<readonly PlanObjection[]>;

/** What a higher room does when the plan changes: says it beforehand, does it in the same transaction. */
export interface PlanFollower {
  /** One sentence for each thing that would follow, for the dry run. */
  foresee(db: Db, shift: PlanShift): Promise<readonly Text[]>;
  follow(tx: Tx, shift: PlanShift): Promise<void>;
}

/**
 * Where higher rooms take part in changes of the plan, by import or by hand: *down is a call, up is a hook*.
 * Register in a provider's constructor.
 */
@Injectable()
export class PlanHooks {
  readonly #checks: PlanCheck[] = [];
  readonly #followers: PlanFollower[] = [];

  check(check: PlanCheck): void {
    this.#checks.push(check);
  }

  follower(follower: PlanFollower): void {
    this.#followers.push(follower);
  }

  async objections(db: Db, shift: PlanShift): Promise<PlanObjection[]> {
    const found: PlanObjection[] = [];
    for (const check of this.#checks) found.push(...(await check(db, shift)));
    return found;
  }

  async foresee(db: Db, shift: PlanShift): Promise<Text[]> {
    const sentences: Text[] = [];
    for (const follower of this.#followers) sentences.push(...(await follower.foresee(db, shift)));
    return sentences;
  }

  async follow(tx: Tx, shift: PlanShift): Promise<void> {
    for (const follower of this.#followers) await follower.follow(tx, shift);
  }
}
