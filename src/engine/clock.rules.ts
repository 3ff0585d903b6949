import type { Calendar, Day, Span } from './calendar.rules.ts';
import type { Chart } from './chart.rules.ts';
import type { Facts } from './guard.rules.ts';
import type { Moved } from './machine.rules.ts';

export interface StartedClock {
  readonly name: string;
  readonly dueOn: Day;
  readonly dueAt: string;
  /** What the system does next about this deadline, and when; absent when nothing is left to do. */
  readonly nextStep?: string;
  readonly nextAt?: string;
}

export interface Clocks {
  readonly started: readonly StartedClock[];
  readonly stopped: readonly string[];
}

/** A deadline that has just acted: due on `dueOn`, it did `step` at the instant `at` that was set for it. */
export interface Fired {
  readonly name: string;
  readonly dueOn: Day;
  readonly step: string;
  readonly at: Date;
}

/**
 * The deadlines a step starts and stops. One that both the left and the entered state bear runs on, unless the state
 * is entered anew or the transition gives another span. A day that a fact tells stands as told, working day or not.
 * One that has just acted is set to its next act.
 */
export function clocksOf(
  chart: Chart,
  moved: Moved,
  calendar: Calendar,
  today: Day,
  fired?: Fired,
  facts: Facts = noFacts,
): Clocks {
  const spans: Record<string, Span> = Object.assign(
    {},
    ...moved.taken.map(({ transition }) => transition.spans),
  );
  const left = deadlinesAt(chart, moved.left);
  const entered = deadlinesAt(chart, moved.entered);
  const anew = deadlinesAt(
    chart,
    moved.left.filter((path) => moved.entered.includes(path)),
  );
  const runsOn = new Set(
    left.filter((name) => entered.includes(name) && !anew.includes(name) && !spans[name]),
  );
  const stopped = new Set(left.filter((name) => !runsOn.has(name)));
  const started = entered
    .filter((name) => !runsOn.has(name))
    .map((name) => {
      const { span, day } = chart.definition.deadlines[name]!;
      const told = spans[name] ? undefined : day && facts.get(day);
      const dueOn = typeof told === 'string' ? told : calendar.dueOn(today, spans[name] ?? span);
      // A reminder on the first day or before it would remind of nothing; a day that has passed already acts at once.
      const next = actsOf(chart, name, dueOn, calendar).find(({ day }) => day > today || day >= dueOn);
      return clock(name, dueOn, next, calendar);
    });
  if (fired && !stopped.has(fired.name)) {
    stopped.add(fired.name);
    started.push(clock(fired.name, fired.dueOn, actAfter(chart, fired, calendar), calendar));
  }
  return { stopped: [...stopped], started };
}

const noFacts: Facts = new Map();

const deadlinesAt = (chart: Chart, paths: readonly string[]): string[] => [
  ...new Set(paths.flatMap((path) => chart.nodes.get(path)?.state.deadlines ?? [])),
];

interface Act {
  readonly step: string;
  readonly day: Day;
}

/** Everything the system does about a deadline, in its order: reminders, the step when it is due, escalations. */
function actsOf(chart: Chart, name: string, dueOn: Day, calendar: Calendar): Act[] {
  const { deadlines, chains } = chart.definition;
  const { onDue, chain } = deadlines[name]!;
  const links = chain ? chains[chain]! : [];
  const acts = links.map(({ step, workingDays }) => ({ step, day: calendar.workingDay(dueOn, workingDays) }));
  if (onDue) acts.push({ step: onDue, day: dueOn });
  return acts.sort((a, b) => a.day.localeCompare(b.day));
}

/** The act behind the one that was done; by its instant alone when the calendar has changed since it was set. */
function actAfter(chart: Chart, { name, dueOn, step, at }: Fired, calendar: Calendar): Act | undefined {
  const acts = actsOf(chart, name, dueOn, calendar);
  const instant = (act: Act) => calendar.endOf(act.day).getTime();
  const done = acts.findLastIndex((act) => act.step === step && instant(act) === at.getTime());
  return done >= 0 ? acts[done + 1] : acts.find((act) => instant(act) > at.getTime());
}

function clock(name: string, dueOn: Day, next: Act | undefined, calendar: Calendar): StartedClock {
  const dueAt = calendar.endOf(dueOn).toISOString();
  return {
    name,
    dueOn,
    dueAt,
    ...(next && { nextStep: next.step, nextAt: calendar.endOf(next.day).toISOString() }),
  };
}
