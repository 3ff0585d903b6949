import { daysBetween } from '../../platform/bare.ts';
import type { Calendar, Day } from '../definition/calendar.rules.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { movedTo, SUSPENSION, type Clocks, type StartedClock } from './clock.rules.ts';

/** How clocks stand and go on (ADR 0043). */

/** Every clock stops where it is, but for those that run on; the engine's own tells when the process goes on. */
export function paused(
  chart: Chart,
  clocks: readonly StartedClock[],
  calendar: Calendar,
  today: Day,
  until: Day,
): Clocks {
  const stops = clocks.filter(({ name, pausedOn }) => !pausedOn && !chart.definition.deadlines[name]?.runsOn);
  const dueAt = calendar.endOf(until).toISOString();
  const end: StartedClock = {
    name: SUSPENSION,
    startedOn: today,
    dueOn: until,
    dueAt,
    nextStep: resumeOf(chart)!,
    nextAt: dueAt,
  };
  return {
    stopped: stops.map(({ name }) => name),
    started: [...stops.map((clock) => ({ ...clock, pausedOn: today })), end],
  };
}

/** The days that a clock stood are added to its due day, and its next act comes as much later. */
export function resumed(
  chart: Chart,
  clocks: readonly StartedClock[],
  calendar: Calendar,
  today: Day,
): Clocks {
  const standing = clocks.filter(({ pausedOn }) => pausedOn);
  return {
    stopped: [...standing.map(({ name }) => name), SUSPENSION],
    started: standing.map((clock) => goingOn(chart, clock, calendar, today)),
  };
}

function goingOn(
  chart: Chart,
  { pausedOn, ...clock }: StartedClock,
  calendar: Calendar,
  today: Day,
): StartedClock {
  const days = daysBetween(pausedOn!, today);
  if (days <= 0) return clock;
  const later = (day: Day) => calendar.dueOn(day, { days });
  const { firstDueOn = clock.dueOn, askedUntil } = clock;
  const kept = { ...clock, firstDueOn, ...(askedUntil && { askedUntil: later(askedUntil) }) };
  return movedTo(chart, kept, later(clock.dueOn), calendar);
}

/** The step that ends a rest; it also follows by itself when the time is over. */
export const resumeOf = ({ definition }: Chart): string | undefined =>
  Object.entries(definition.steps).find(([, { does }]) => does === 'resume')?.[0];
