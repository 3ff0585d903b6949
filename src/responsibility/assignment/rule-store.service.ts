import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../../platform/index.ts';
import type { AssignmentRule, Headship, Target } from './assignment-rule.rules.ts';
import { inForce, notOver, byIds, standing, retract, insert } from './rule-store.sql.ts';

export interface StoredRule extends AssignmentRule {
  readonly catalogue: string;
  readonly rationale: string | null;
  readonly proposedBy: string | null;
}

interface Row extends Omit<StoredRule, 'competent' | 'accountable'> {
  readonly competentPostId: string | null;
  readonly competentHeadOf: Headship | null;
  readonly competentPostFunction: string | null;
  readonly accountablePostId: string | null;
  readonly accountableHeadOf: Headship | null;
}

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

  async one(db: Db, id: string): Promise<StoredRule | undefined> {
    const [row] = await db.call<Row>(standing, [id]);
    return row && ruleOf(row);
  }

  async add(tx: Tx, { competent, accountable, ...rule }: StoredRule): Promise<void> {
    const named = { ...targetColumns(competent) };
    const answers = { ...targetColumns(accountable) };
    await tx.call(insert, [
      rule.id,
      rule.unitId,
      rule.levels,
      rule.catalogue,
      rule.fields,
      rule.criteria,
      named.postId ?? null,
      named.headOf ?? null,
      named.postFunction ?? null,
      answers.postId ?? null,
      answers.headOf ?? null,
      rule.rationale,
      rule.validFrom,
      rule.validUntil,
      rule.proposedBy,
    ]);
  }

  async retract(tx: Tx, id: string): Promise<void> {
    await tx.call(retract, [id]);
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
