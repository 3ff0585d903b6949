import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../../platform/index.ts';
import type { AssignmentRule, Headship, Target } from './assignment-rule.rules.ts';

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

const columns = `id, unit_id as "unitId", levels, catalogue, fields, criteria, competent_post_id as "competentPostId",
  competent_head_of as "competentHeadOf", competent_post_function as "competentPostFunction",
  accountable_post_id as "accountablePostId", accountable_head_of as "accountableHeadOf", rationale,
  valid_from as "validFrom", valid_until as "validUntil", proposed_by as "proposedBy", recorded_at as "recordedAt"`;
const inForce = `select ${columns} from responsibility.assignment_rule
  where retracted_at is null and valid_from <= $1 and (valid_until is null or valid_until > $1) order by catalogue, recorded_at`;
const notOver = `select ${columns} from responsibility.assignment_rule
  where retracted_at is null and (valid_until is null or valid_until > $1) order by recorded_at desc, id desc`;
const byIds = `select ${columns} from responsibility.assignment_rule where id = any($1::uuid[])`;
const standing = `select ${columns} from responsibility.assignment_rule where id = $1 and retracted_at is null`;
const retract = `update responsibility.assignment_rule set retracted_at = platform.now() where id = $1`;
const insert = `insert into responsibility.assignment_rule (id, unit_id, levels, catalogue, fields, criteria,
    competent_post_id, competent_head_of, competent_post_function, accountable_post_id, accountable_head_of, rationale,
    valid_from, valid_until, proposed_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

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
