import { dayIn } from '../../src/platform/words/zone.ts';

// Days as the administrations of the tests count them: in Berlin, also between midnight there and midnight UTC.
const dayMs = 86_400_000;
const zone = 'Europe/Berlin';

/** The calendar day of an instant, YYYY-MM-DD. */
export const dayOf = (instant: Date): string => dayIn(zone, instant);
/** The calendar day that lies `n` days after today. */
export const inDays = (n: number): string => dayAfter(dayOf(new Date()), n);
export const today = (): string => inDays(0);
/** The day that lies `n` days after another one. A day has no hour, so this is safe across changes of the clock. */
export const dayAfter = (day: string, n: number): string =>
  new Date(Date.parse(day) + n * dayMs).toISOString().slice(0, 10);
