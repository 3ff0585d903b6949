export type StaffingState = 'COMPLETE' | 'GAPS' | 'VACANT';

/** Somebody a process counts on; `awaySince` is the first day without any post, null while in office. */
export interface Carrier {
  readonly awaySince: string | null;
}

export interface Staffed {
  /** Owner and deputy; empty before they are named. */
  readonly team: readonly Carrier[];
  /** Since when the unit has no head; null while it has one. */
  readonly headlessSince: string | null;
  readonly criteriaWithoutPost: number;
  readonly fieldsWithoutAccountable: number;
}

/** Working days without an owner after which human resources are told (Konzept §2.3). */
export const vacantForTooLong = 20;

/** How well a process is staffed, and since when: vacant from the day the last of its carriers was gone. */
export function staffingOf({ team, headlessSince, criteriaWithoutPost, fieldsWithoutAccountable }: Staffed): {
  readonly state: StaffingState;
  readonly since: string | null;
} {
  const away = team.flatMap(({ awaySince }) => awaySince ?? []).sort();
  if (team.length > 0 && away.length === team.length) return { state: 'VACANT', since: away.at(-1)! };
  if (team.length === 0 && headlessSince) return { state: 'VACANT', since: headlessSince };
  const missing = away.length > 0 || headlessSince !== null;
  if (missing) return { state: 'GAPS', since: [...away, headlessSince ?? []].flat().sort()[0]! };
  const gaps = criteriaWithoutPost + fieldsWithoutAccountable > 0;
  return { state: gaps ? 'GAPS' : 'COMPLETE', since: null };
}
