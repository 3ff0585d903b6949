import { getHolidays } from 'feiertagejs';
import { dayIn, plusDays, plusMonths } from '../../platform/bare.ts';

/** A calendar day, YYYY-MM-DD. */
export type Day = string;

/** How long something may take. Exactly one unit; working days leave out weekends and the Land's public holidays. */
export type Span =
  | { readonly workingDays: number }
  | { readonly days: number }
  | { readonly weeks: number }
  | { readonly months: number };

export interface Calendar {
  /** The end of the day that lies `span` after `from`; `from` itself does not count (BGB § 187 (1)). */
  dueOn(from: Day, span: Span): Day;
  /** The same day without moving it to a working day. */
  lastDay(from: Day, span: Span): Day;
  /** The working day `n` working days after (or, negative, before) a day. */
  workingDay(from: Day, n: number): Day;
  isWorkingDay(day: Day): boolean;
  /** The first instant after a calendar day in the administration's zone: until then the deadline is kept. */
  endOf(day: Day): Date;
  /** The calendar day of an instant in that zone. */
  dayOf(instant: Date): Day;
}

const DAY_MS = 86_400_000;
function holidaysOf(land: string): (day: Day) => boolean {
  const years = new Map<string, Set<Day>>();
  return (day) => {
    const year = day.slice(0, 4);
    let days = years.get(year);
    if (!days)
      years.set(year, (days = new Set(getHolidays(year, land as 'NW').map(({ dateString }) => dateString))));
    return days.has(day);
  };
}

/** Remembers what a function of few distinct arguments said. */
function remembered<A, R>(of: (argument: A) => R): (argument: A) => R {
  const known = new Map<A, R>();
  return (argument) => {
    let result = known.get(argument);
    if (result === undefined) {
      if (known.size >= 10_000) known.clear();
      known.set(argument, (result = of(argument)));
    }
    return result;
  };
}
/** No zone's offset has changed other than at a full quarter of an hour since there are zones by law. */
const QUARTER_MS = 900_000;

/** What the wall clock of `zone` shows at `ms`, as if it were UTC. */
function wallClock(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (ms) => Date.parse(`${format.format(ms).replace(' ', 'T')}Z`);
}

/**
 * The calendar of an administration: `land` is its federal state (ISO 3166-2:DE without prefix), `zone` its IANA zone.
 * A deadline in days, weeks or months that ends on a weekend or public holiday ends on the next working day
 * (VwVfG § 31 (3), BGB § 193).
 */
export function calendarOf(land: string, zone: string): Calendar {
  const isHoliday = holidaysOf(land);
  const wall = wallClock(zone);
  const isWorkingDay = (day: Day) => {
    const weekday = new Date(day).getUTCDay();
    return weekday !== 0 && weekday !== 6 && !isHoliday(day);
  };
  const nextWorkingDay = remembered((from: Day) => walk(from, 1));
  const lastWorkingDay = remembered((from: Day) => walk(from, -1));
  const walk = (from: Day, way: 1 | -1) => {
    let day = plusDays(from, way);
    while (!isWorkingDay(day)) day = plusDays(day, way);
    return day;
  };
  const workingDay = (from: Day, n: number) => {
    let day = from;
    for (let left = Math.abs(n); left > 0; left -= 1) day = n > 0 ? nextWorkingDay(day) : lastWorkingDay(day);
    return day;
  };
  const end = remembered((day: Day) => {
    const midnight = Date.parse(plusDays(day, 1));
    // Clocks may change in that very night, even at midnight: the first instant that they show as the next day.
    const offsets = [midnight - DAY_MS, midnight + DAY_MS].map((ms) => wall(ms) - ms);
    const instants = offsets.map((offset) => midnight - offset).filter((ms) => wall(ms) >= midnight);
    return Math.min(...instants);
  });
  const dayOfQuarter = remembered((quarter: number) => dayIn(zone, new Date(quarter * QUARTER_MS)));
  const shifted = (day: Day) => (isWorkingDay(day) ? day : workingDay(day, 1));
  const lastDay = (from: Day, span: Span) => {
    if ('workingDays' in span) return workingDay(from, span.workingDays);
    if ('months' in span) return plusMonths(from, span.months);
    return plusDays(from, 'weeks' in span ? span.weeks * 7 : span.days);
  };
  return {
    isWorkingDay,
    workingDay,
    lastDay,
    dueOn: (from, span) => ('workingDays' in span ? lastDay(from, span) : shifted(lastDay(from, span))),
    endOf: (day) => new Date(end(day)),
    dayOf: (instant) => dayOfQuarter(Math.floor(instant.getTime() / QUARTER_MS)),
  };
}
