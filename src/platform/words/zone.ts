import type { Actor } from './actor.ts';

/** The zone of each administration; it never changes after its founding, so it is read once. */
const zones = new Map<string, string>();
const zone = 'select platform.zone() as zone';

/** The actor's zone; `call` reads it, as the actor, when it is asked for the first time. */
export async function zoneOf(
  { tenant }: Actor,
  call: (sql: string) => Promise<{ zone: string }[]>,
): Promise<string> {
  let known = zones.get(tenant);
  if (known === undefined) zones.set(tenant, (known = (await call(zone))[0]!.zone));
  return known;
}

/** Making a formatter costs a hundred times what using one does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a zone, YYYY-MM-DD. */
export function dayIn(zone: string, instant: Date): string {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    formatters.set(zone, formatter);
  }
  return formatter.format(instant);
}
