import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../../platform/index.ts';
import type { AssignmentRule, Headship, Target } from './assignment-rule.rules.ts';
import { RuleRow } from './assignment-rule.entity.ts';
import { inForce, notOver, byIds } from './rule-store.sql.ts';

export interface StoredRule extends AssignmentRule {
  readonly catalogue: string;
  readonly rationale: string | null;
  readonly proposedBy: string | null;
}

/** A rule as SQL reads it: its targets in columns of their own. */
type Row = Omit<StoredRule, 'competent' | 'accountable'> &
  Record<'competentHeadOf' | 'accountableHeadOf', Headship | null> &
  Record<'competentPostId' | 'competentPostFunction' | 'accountablePostId', string | null>;

/** Rules on their table: kept for good, ended by retraction. */
@Injectable()
export class RuleStore {
  /** The rules in force on a day, by catalogue. */
  async byCatalogue(db: Db, on: string): Promise<{ catalogue: string; rules: StoredRule[] }[]> {
    const rules = (await db.call<Row>(inForce, [on])).map(ruleOf);
    return [...Map.groupBy(rules, ({ catalogue }) => catalogue)].map(([catalogue, some]) => ({
      catalogue,
      rules: some,
    }));
  }

  /** The rules that hold today or will, newest first. */
  async all(db: Db): Promise<StoredRule[]> {
    return (await db.call<Row>(notOver, [db.today])).map(ruleOf);
  }

  /** Rules by id, ended ones too: an assignment keeps saying which rule it came from. */
  async of(db: Db, ids: readonly string[]): Promise<Map<string, StoredRule>> {
    if (ids.length === 0) return new Map();
    return new Map((await db.call<Row>(byIds, [ids])).map((row) => [row.id, ruleOf(row)]));
  }

  /** Keeps a rule; what the command writes next may refer to it. */
  async add(tx: Tx, { competent, accountable, ...rule }: StoredRule): Promise<void> {
    const named = targetColumns(competent);
    const answers = targetColumns(accountable);
    tx.em.create(RuleRow, {
      ...rule,
      competentPostId: named.postId,
      competentHeadOf: named.headOf,
      competentPostFunction: named.postFunction,
      accountablePostId: answers.postId,
      accountableHeadOf: answers.headOf,
    });
    await tx.em.flush();
  }

  /** The rule, locked for this command; null when it is unknown or has ended. Lock the register first. */
  locked(tx: Tx, id: string): Promise<RuleRow | null> {
    return tx.em.findOne(RuleRow, { id, retractedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }

  /** Ends a rule, also for what the command reads next. */
  async end(tx: Tx, rule: RuleRow): Promise<void> {
    rule.retractedAt = tx.at;
    await tx.em.flush();
  }
}

const targetColumns = (
  target: Target | null,
): { postId?: string; headOf?: Headship; postFunction?: string } => target ?? {};

function ruleOf({
  competentPostId,
  competentHeadOf,
  competentPostFunction,
  accountablePostId,
  accountableHeadOf,
  ...rule
}: Row): StoredRule {
  return {
    ...rule,
    competent: targetOf(competentPostId, competentHeadOf, competentPostFunction),
    accountable: targetOf(accountablePostId, accountableHeadOf, null),
  };
}

function targetOf(
  postId: string | null,
  headOf: Headship | null,
  postFunction: string | null,
): Target | null {
  if (postId) return { postId };
  if (headOf) return { headOf };
  return postFunction ? { postFunction } : null;
}
