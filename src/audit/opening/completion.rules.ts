import type { Counters } from '../rating/counters.rules.ts';

/** The counters as the API names them. */
export function completionOf(opening: Counters & { readonly countedAt: Date }) {
  const { applicable, rated, not_applicable: notApplicable } = opening;
  const done = rated + notApplicable;
  return {
    applicable,
    rated,
    notApplicable,
    open: applicable - done,
    coreTotal: opening.core_total,
    coreConfirmed: opening.core_confirmed,
    differences: opening.differences,
    share: applicable === 0 ? 1 : done / applicable,
    countedAt: opening.countedAt,
  };
}
