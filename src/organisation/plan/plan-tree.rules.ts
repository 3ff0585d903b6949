import type { Plan } from './plan.rules.ts';
import { holdsOn } from './timeline.rules.ts';
import { UnitTree, type Moment, type UnitNode } from './unit-tree.rules.ts';

/** A unit on one day before its head count is settled: `headcount` as HR stated it, `filled` its own filled posts. */
export interface UnitRow extends Omit<UnitNode, 'headcount' | 'isHeadcountStated'> {
  readonly headcount: number | null;
  readonly filled: number;
}

/** A tree whose units have the head count that HR stated, else their own filled posts and the head counts below them. */
export function treeOfRows(rows: readonly UnitRow[], moment: Moment, minimumShown?: number): UnitTree {
  const stated = new Map(rows.map(({ id, headcount }) => [id, headcount]));
  const known = new Map(rows.map(({ id, filled }) => [id, filled]));
  const shape = new UnitTree(
    rows.map(({ filled: _filled, headcount, ...row }) => ({
      ...row,
      parentId: row.parentId !== null && stated.has(row.parentId) ? row.parentId : null,
      headcount: 0,
      isHeadcountStated: headcount !== null,
    })),
    moment,
  );
  const settled = (id: string) => stated.get(id) ?? known.get(id)!;
  for (const { id, parentId } of shape.all().toReversed())
    if (parentId !== null) known.set(parentId, known.get(parentId)! + settled(id));
  const units = shape.all().map((unit) => ({ ...unit, headcount: settled(unit.id) }));
  return new UnitTree(units, moment, minimumShown);
}

/** The tree of a plan that is being compared, on one day. */
export function treeOfPlan(plan: Plan, day: string): UnitTree {
  const filled = new Map<string, number>();
  for (const { versions } of plan.posts.values()) {
    const post = versions.find((version) => holdsOn(version, day))?.facts;
    if (post?.status === 'FILLED') filled.set(post.unitCode, (filled.get(post.unitCode) ?? 0) + 1);
  }
  const rows = [...plan.units.values()].flatMap(({ id, code, versions }) => {
    const version = versions.find((one) => holdsOn(one, day));
    if (!version) return [];
    const { parentCode, ...facts } = version.facts;
    const parentId = parentCode === null ? null : (plan.units.get(parentCode)?.id ?? null);
    const span = { validFrom: version.from, validUntil: version.until };
    return [{ id, code, ...facts, parentId, ...span, filled: filled.get(code) ?? 0 }];
  });
  return treeOfRows(rows, { on: day, asOf: null });
}
