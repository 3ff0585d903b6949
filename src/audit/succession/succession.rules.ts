import { refuseFaults, repeatedFaults, type Refusal, notPossible } from '../../platform/bare.ts';

/** Who follows a unit that ends: said by one person, confirmed by another. */
export interface Succession {
  readonly id: string;
  readonly unitId: string;
  /** In this order; the first one takes over what cannot be divided. */
  readonly successorIds: readonly string[];
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Date | null;
  readonly withdrawnAt: Date | null;
}

/** A successor as it stands today; undefined: no unit of that id stands now. */
export type SuccessorToday = { readonly validUntil: string | null } | undefined;

/** Why this cannot be a succession; nobody follows itself, nobody follows twice, a successor must stand today. */
export function refuseSuccession(
  unitId: string,
  successorIds: readonly string[],
  standing: (unitId: string) => SuccessorToday,
): Refusal<'InvalidInput'> | undefined {
  const path = (at: number) => `input.successorIds.${at}`;
  const faults = successorIds.flatMap((id, at) => {
    if (id === unitId) return [{ path: path(at), message: itself }];
    return standing(id) ? [] : [{ path: path(at), message: notStanding }];
  });
  if (successorIds.length === 0) faults.push({ path: 'input.successorIds', message: nobody });
  return refuseFaults([...faults, ...repeatedFaults(successorIds, path)]);
}

/** Why it cannot be confirmed or withdrawn any more. */
export function refuseSettled({ confirmedAt, withdrawnAt }: Succession): Refusal | undefined {
  const settled = confirmedAt ? confirmed : withdrawnAt ? withdrawn : undefined;
  return settled && notPossible('settled', settled);
}

/**
 * What a successor inherits for one criterion when several units said something of it: the lowest level, because the
 * merged unit may claim only what all of its parts have reached. "Not applicable" gives way to any level.
 */
export function inherited<R extends { readonly level: number | null }>(ratings: readonly R[]): R | undefined {
  const rated = ratings.filter(({ level }) => level !== null);
  const among = rated.length > 0 ? rated : ratings;
  return among.reduce<R | undefined>(
    (lowest, one) => (lowest && (lowest.level ?? 0) <= (one.level ?? 0) ? lowest : one),
    undefined,
  );
}

const itself = { de: 'Eine Einheit folgt nicht sich selbst nach.', en: 'A unit does not follow itself.' };
const notStanding = {
  de: 'Diese Einheit besteht heute nicht; die Nachfolge gilt ab dem Tag, an dem sie besteht.',
  en: 'This unit does not stand today; it can follow from the day on which it does.',
};
const nobody = {
  de: 'Keine Nachfolge angegeben, und der Organisationsplan nennt keine.',
  en: 'No successor is given, and the organisation plan names none.',
};
const confirmed = { de: 'Die Nachfolge ist schon bestätigt.', en: 'The succession is confirmed already.' };
const withdrawn = { de: 'Die Nachfolge ist zurückgezogen.', en: 'The succession was withdrawn.' };
