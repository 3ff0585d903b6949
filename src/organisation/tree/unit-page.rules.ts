import { afterKey, page, pageSize, type Page, type PageArgs } from '../../platform/index.ts';
import type { UnitNode, UnitTree } from '../plan/unit-tree.rules.ts';

export interface UnitsWanted extends PageArgs {
  readonly level?: string | null;
  readonly kind?: string | null;
  readonly code?: string | null;
  readonly under?: string | null;
  readonly isHeadcountStated?: boolean | null;
}

/** The part of a list that begins behind the cursor; the list itself stands in memory. */
export function pageOf<T>(
  all: readonly T[],
  args: PageArgs,
  keyOf: (item: T) => string,
): Page<T> & { totalCount: number } {
  const after = afterKey(args)?.[0];
  const start = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  const rows = all.slice(start, start + pageSize(args) + 1);
  return { ...page(rows, args, (item) => [keyOf(item)]), totalCount: all.length };
}

/** The units that meet all conditions, a page of them. */
export function unitPage(tree: UnitTree, wanted: UnitsWanted) {
  const { level, kind, code, under, isHeadcountStated, ...args } = wanted;
  const among = under ? tree.subtree(under) : tree.all();
  const found = among.filter(
    (unit) =>
      (!level || unit.level === level) &&
      (!kind || unit.kind === kind) &&
      (!code || unit.code === code) &&
      (typeof isHeadcountStated !== 'boolean' || unit.isHeadcountStated === isHeadcountStated),
  );
  return pageOf<UnitNode>(found, args, ({ id }) => id);
}
