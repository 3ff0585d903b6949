/** What is known of how many people work in a unit. */
export interface Staffed {
  readonly headcount: number;
  /** HR stated the head count. Else it counts filled posts, and there may be more people than a chart names. */
  readonly isHeadcountStated: boolean;
}

export type GroupSize = 'ENOUGH' | 'FEW' | 'UNKNOWN';

/** Tables for committees and the public need more people behind a figure than those inside. Source: Konzept §5.4. */
const publicMinimum = 10;

/**
 * Whether a figure about this unit alone would be one about people. Filled posts can show that there are enough people,
 * never that there are few: what nobody stated is unknown, and is protected as such.
 */
export function groupSize({ headcount, isHeadcountStated }: Staffed, minimum: number): GroupSize {
  if (headcount >= minimum) return 'ENOUGH';
  return isHeadcountStated ? 'FEW' : 'UNKNOWN';
}

export interface GroupSizes {
  readonly inside: GroupSize;
  readonly outside: GroupSize;
}

/** For those inside the administration, and for those who see only what is public. */
export function groupSizes(unit: Staffed, minimum: number): GroupSizes {
  return { inside: groupSize(unit, minimum), outside: groupSize(unit, Math.max(minimum, publicMinimum)) };
}
