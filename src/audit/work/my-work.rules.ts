import type { Line } from '../checklist/checklist.rules.ts';
import { mustBeResolved, ratedByTwo, samePerson, type ActedBy } from '../rating/rating.rules.ts';

export type WorkKind = 'RATE' | 'CONFIRM' | 'RESOLVE';
export interface Work {
  readonly kind: WorkKind;
  readonly criterionIds: ReadonlySet<string>;
}
export interface Writer {
  readonly me: ActedBy;
  readonly functions: ReadonlySet<string>;
  readonly mayRate: (criterionId: string) => boolean;
  /** Else the ratings are closed and only differences are left. */
  readonly isEditable: boolean;
}
type WorkLine = Line & { readonly criterionId: string };

/** What one person can do on a checklist now; kinds with nothing to do are left out. */
export function workOn(lines: readonly WorkLine[], { me, functions, mayRate, isEditable }: Writer): Work[] {
  const resolves = functions.has('OWNER') || functions.has('HEAD');
  const rate = (line: WorkLine) => isEditable && !line.ratings.SELF && mayRate(line.criterionId);
  const confirm = ({ core, ratings }: WorkLine) =>
    isEditable && core && ratings.SELF !== undefined && !ratedByTwo(ratings) && !samePerson(ratings.SELF, me);
  const resolve = ({ ratings }: WorkLine) => resolves && mustBeResolved(ratings);
  const kinds: [WorkKind, (line: WorkLine) => boolean][] = [
    ['RATE', rate],
    ['CONFIRM', confirm],
    ['RESOLVE', resolve],
  ];
  return kinds.flatMap(([kind, waits]) => {
    const criterionIds = new Set(lines.filter(waits).map(({ criterionId }) => criterionId));
    return criterionIds.size > 0 ? [{ kind, criterionIds }] : [];
  });
}
