import { daysBetween } from '../../platform/bare.ts';
import type { Calendar, Day, Span } from '../definition/calendar.rules.ts';
import type { Chart } from '../definition/chart.rules.ts';
import type { Facts } from '../definition/guard.rules.ts';
import type { Moved } from '../machine/machine.rules.ts';

/** A deadline as one log entry set it. Whatever changes about it, a later entry stops it and starts it so changed. */
export interface StartedClock {
  readonly name: string;
  /** The last day on which it is kept, and that day's end. */
  readonly dueOn: Day;
  readonly dueAt: string;
  /** What the system does next about this deadline, and when; absent when nothing is left to do. */
  readonly nextStep?: string;
  readonly nextAt?: string;
  /** The day it began; absent in logs older than this. */
  readonly startedOn?: Day;
  /** Where it was due before it was moved for the first time. */
  readonly firstDueOn?: Day;
  /** How often it was put off on request. */
  readonly extended?: number;
  /** The log entry of an open request to put it off, and until when. */
  readonly askedSeq?: number;
  readonly askedUntil?: Day;
  /** Since when it stands. Its next action is kept, so that it goes on where it stopped. */
  readonly pausedOn?: Day;
}

export interface Clocks {
  readonly started: readonly StartedClock[];
  readonly stopped: readonly string[];
}

/** A deadline whose next action is being taken. */
export type Fired = StartedClock & Required<Pick<StartedClock, 'nextStep' | 'nextAt'>>;

/** The engine's own deadline of a process that rests: at its end the process goes on. */
export const SUSPENSION = '$suspension';

/** What else bears on the clocks of a step. */
interface Circumstances {
  readonly facts?: Facts;
  /** The deadline that has just acted. */
  readonly fired?: Fired | undefined;
  /** The process rests: what begins now stands from its first day. */
  readonly resting?: boolean;
}

/**
 * The deadlines a step starts and stops. One that both the left and the entered state bear runs on, unless the state
 * is entered anew or the transition gives another span. A day that a fact tells stands as told, working day or not.
 * One that has just acted is set to its next action.
 */
export function clocksOf(
  chart: Chart,
  moved: Moved,
  calendar: Calendar,
  today: Day,
  { facts = noFacts, fired, resting = false }: Circumstances = {},
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
    .map((name): StartedClock => {
      const { span, day } = chart.definition.deadlines[name]!;
      const told = spans[name] ? undefined : day && facts.get(day);
      const dueOn = typeof told === 'string' ? told : calendar.dueOn(today, spans[name] ?? span);
      const clock = begun(chart, { name, startedOn: today }, dueOn, calendar, today);
      return resting && !chart.definition.deadlines[name]!.runsOn ? { ...clock, pausedOn: today } : clock;
    });
  if (fired && fired.name !== SUSPENSION && !stopped.has(fired.name)) {
    stopped.add(fired.name);
    started.push(dated(fired, fired.dueOn, actionAfter(chart, fired, calendar), calendar));
  }
  if (resting && moved.position.s === 'done') stopped.add(SUSPENSION);
  return { stopped: [...stopped], started };
}

/** What the engine did to clocks, and then what states did that were left and entered by it. */
export function together(done: Clocks, after: Clocks): Clocks {
  const gone = new Set(after.stopped);
  return {
    stopped: [...new Set([...done.stopped, ...after.stopped])],
    started: [...done.started.filter(({ name }) => !gone.has(name)), ...after.started],
  };
}

const noFacts: Facts = new Map();

const deadlinesAt = (chart: Chart, paths: readonly string[]): string[] => [
  ...new Set(paths.flatMap((path) => chart.nodes.get(path)?.state.deadlines ?? [])),
];

interface DueAction {
  readonly step: string;
  readonly day: Day;
}

/** Everything the system does about a deadline, in its order: reminders, the step when it is due, escalations. */
function actionsOf(chart: Chart, name: string, dueOn: Day, calendar: Calendar): DueAction[] {
  const { deadlines, chains } = chart.definition;
  const { onDue, chain } = deadlines[name]!;
  const links = chain ? chains[chain]! : [];
  const actions = links.map(({ step, workingDays }) => ({
    step,
    day: calendar.workingDay(dueOn, workingDays),
  }));
  if (onDue) actions.push({ step: onDue, day: dueOn });
  return actions.sort((a, b) => a.day.localeCompare(b.day));
}

/** The index of the action that a clock was set to, or of the nearest one of that step if the calendar changed. */
function placeOf(
  actions: readonly DueAction[],
  { nextStep, nextAt }: StartedClock,
  calendar: Calendar,
): number {
  if (nextAt === undefined) return actions.length;
  const away = ({ day }: DueAction) => Math.abs(calendar.endOf(day).getTime() - Date.parse(nextAt));
  const alike = actions.filter(({ step }) => step === nextStep);
  const nearest = (alike.length > 0 ? alike : actions).toSorted((a, b) => away(a) - away(b))[0];
  return nearest ? actions.indexOf(nearest) : 0;
}

function actionAfter(chart: Chart, fired: Fired, calendar: Calendar): DueAction | undefined {
  const actions = actionsOf(chart, fired.name, fired.dueOn, calendar);
  return actions[placeOf(actions, fired, calendar) + 1];
}

type Kept = Omit<StartedClock, 'dueOn' | 'dueAt' | 'nextStep' | 'nextAt'> & Partial<StartedClock>;

/**
 * Sets a clock to a day, with all its actions. A reminder on the first day or earlier is left out, because it would
 * remind of nothing; when the day has passed already, its action is due at once.
 */
export function begun(chart: Chart, clock: Kept, dueOn: Day, calendar: Calendar, today: Day): StartedClock {
  const next = actionsOf(chart, clock.name, dueOn, calendar).find(({ day }) => day > today || day >= dueOn);
  return dated(clock, dueOn, next, calendar);
}

/** Sets a clock to another day. Actions that were taken stay taken; those that were still to come still come. */
export function movedTo(chart: Chart, clock: StartedClock, dueOn: Day, calendar: Calendar): StartedClock {
  const place = placeOf(actionsOf(chart, clock.name, clock.dueOn, calendar), clock, calendar);
  return dated(clock, dueOn, actionsOf(chart, clock.name, dueOn, calendar)[place], calendar);
}

function dated(clock: Kept, dueOn: Day, next: DueAction | undefined, calendar: Calendar): StartedClock {
  const { nextStep: _step, nextAt: _at, ...kept } = clock;
  return {
    ...kept,
    dueOn,
    dueAt: calendar.endOf(dueOn).toISOString(),
    ...(next && { nextStep: next.step, nextAt: calendar.endOf(next.day).toISOString() }),
  };
}

/** How long a deadline was at first, in calendar days; by its definition's span when its beginning is not known. */
export function firstLength(
  chart: Chart,
  { name, dueOn, firstDueOn, startedOn }: StartedClock,
  calendar: Calendar,
): number {
  const due = firstDueOn ?? dueOn;
  if (startedOn) return daysBetween(startedOn, due);
  const { span } = chart.definition.deadlines[name]!;
  if ('workingDays' in span) return daysBetween(calendar.workingDay(due, -span.workingDays), due);
  return daysBetween(due, calendar.lastDay(due, span));
}

/**
 * A clock as another chart sets it. Kept: its day stands, and next comes the first action of that chart's chain that is no
 * earlier than the one it waited for. Recomputed: by that chart's span, from the day on which it began.
 */
export function clockAt(
  chart: Chart,
  clock: StartedClock,
  choice: 'KEEP' | 'RECOMPUTE',
  calendar: Calendar,
  today: Day,
): StartedClock {
  const { name, dueOn, nextAt, startedOn = today, pausedOn } = clock;
  if (choice === 'RECOMPUTE') {
    const anew = { name, startedOn, ...(pausedOn && { pausedOn }) };
    return begun(
      chart,
      anew,
      calendar.dueOn(startedOn, chart.definition.deadlines[name]!.span),
      calendar,
      today,
    );
  }
  const actions = actionsOf(chart, name, dueOn, calendar);
  const next = actions.find(({ day }) =>
    nextAt === undefined ? day > today : calendar.endOf(day).toISOString() >= nextAt,
  );
  return dated(clock, dueOn, next, calendar);
}
