import { plusDays } from '../../src/platform/words/day.ts';
import { dayIn } from '../../src/platform/words/zone.ts';

// Days as the administrations of the tests count them: in Berlin, also between midnight there and midnight UTC.
const zone = 'Europe/Berlin';

/** The calendar day of an instant, YYYY-MM-DD. */
export const dayOf = (instant: Date): string => dayIn(zone, instant);
/** The calendar day that lies `n` days after today. */
export const inDays = (n: number): string => plusDays(dayOf(new Date()), n);
export const today = (): string => inDays(0);
