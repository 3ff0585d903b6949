// Days, YYYY-MM-DD, have no hour and no zone, so they are reckoned with in UTC, which has no changes of the clock.
// The day of an instant is another question: `dayIn` answers it.
const dayMs = 86_400_000;
const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Whether a text is a day that the calendar has; the database counts from the year 1. */
export function isDay(text: string): boolean {
  const ms = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && textOf(ms) === text;
}

/** Whole days from one day to another; negative when the other lies before it. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

export const plusDays = (day: string, n: number): string => textOf(Date.parse(day) + n * dayMs);

/** Same day number `n` months later, or that month's last day (BGB § 188 (3)). */
export function plusMonths(day: string, n: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + n + 1, 0)).getUTCDate();
  return textOf(Date.UTC(year, month - 1 + n, Math.min(date, last)));
}
