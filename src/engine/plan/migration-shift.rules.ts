import type { Calendar, Day } from '../definition/calendar.rules.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { begun, clockAt, SUSPENSION, type Clocks, type StartedClock } from '../steps/clock.rules.ts';
import { canonical } from '../definition/definition-file.rules.ts';
import type { DeadlineChoice, MigrationPlan } from './migration-plan.rules.ts';
import type { Counters, Migration } from './migration.rules.ts';
import { deadlinesAround, type OpenedTask } from '../steps/move.rules.ts';
import { resumeOf } from '../steps/rest.rules.ts';
import type { Snapshot } from '../machine/process.rules.ts';

interface RunningClock extends StartedClock {
  /** The log entry that set it. */
  readonly epoch: number;
}
export interface OpenTask {
  readonly name: string;
  readonly function: string;
}

/** What decides where a process comes to stand: whatever is alike in it moves alike. */
export interface ProcessStanding {
  readonly states: readonly string[];
  readonly snapshot: Snapshot;
  readonly clocks: readonly RunningClock[];
  readonly tasks: readonly OpenTask[];
  readonly isResting: boolean;
  /** What the log knows beyond the snapshot's counters, where the new definition asks for it. */
  readonly earlier: Counters;
}

/** A way from one standing to another, past any step: what is written, and nothing else happens. */
export interface Shift {
  readonly snapshot: Snapshot;
  readonly states: readonly string[];
  readonly clocks: Clocks;
  readonly closed: readonly OpenTask[];
  readonly opened: readonly OpenedTask[];
  /** Kept tasks whose day moves, with the deadlines that bound them. */
  readonly dated: readonly { readonly name: string; readonly deadlines: readonly string[] }[];
}

/** What a process becomes by a proved plan; undefined where the plan has no place for it. */
export function shift(
  migration: Migration,
  standing: ProcessStanding,
  calendar: Calendar,
  today: Day,
): Shift | undefined {
  const placed = migration.place(standing.states);
  if ('faults' in placed) return undefined;
  const { chart } = migration.to;
  const { states, position } = placed;
  const clocks = clocksAfter(chart, migration.plan, states, standing, calendar, today);
  const snapshot = { ...position, c: migration.counters(standing.snapshot.c, standing.earlier) };
  return {
    snapshot,
    states,
    clocks,
    ...tasksAfter(chart, migration.plan.tasks, states, standing.tasks, clocks),
  };
}

/** The clocks of the new states: kept, recomputed, dropped or begun, as the plan says by name. */
function clocksAfter(
  chart: Chart,
  { deadlines: choices }: MigrationPlan,
  states: readonly string[],
  { clocks: running, isResting }: ProcessStanding,
  calendar: Calendar,
  today: Day,
): Clocks {
  const borne = new Set(chart.active(states).flatMap(({ state }) => state.deadlines ?? []));
  const stopped: string[] = [];
  const started: StartedClock[] = [];
  for (const { epoch: _epoch, ...clock } of running) {
    const { name } = clock;
    const choice = borne.has(name) ? (choices[name] ?? 'KEEP') : 'DROP';
    const next = name === SUSPENSION ? restAt(chart, clock) : clockBy(chart, clock, choice, calendar, today);
    if (next && isSame(next, clock)) continue;
    stopped.push(name);
    if (next) started.push(next);
  }
  const ran = new Set(running.map(({ name }) => name));
  for (const name of borne) {
    if (ran.has(name) || choices[name] === 'DROP') continue;
    const stands = isResting && !chart.definition.deadlines[name]!.runsOn;
    const blank = { name, startedOn: today, ...(stands && { pausedOn: today }) };
    started.push(
      begun(chart, blank, calendar.dueOn(today, chart.definition.deadlines[name]!.span), calendar, today),
    );
  }
  return { stopped, started };
}

const clockBy = (
  chart: Chart,
  clock: StartedClock,
  choice: DeadlineChoice,
  calendar: Calendar,
  today: Day,
) => (choice === 'DROP' ? undefined : clockAt(chart, clock, choice, calendar, today));

/** The end of a rest stays, and the new definition's step follows at it. */
const restAt = (chart: Chart, rest: StartedClock): StartedClock => ({ ...rest, nextStep: resumeOf(chart)! });

const isSame = (one: StartedClock, other: StartedClock) => canonical(one) === canonical(other);

export function tasksAfter(
  chart: Chart,
  choice: MigrationPlan['tasks'],
  states: readonly string[],
  open: readonly OpenTask[],
  clocks: Clocks,
): Pick<Shift, 'closed' | 'opened' | 'dated'> {
  const wanted = chart.active(states).flatMap(({ path, state }) =>
    (state.tasks ?? []).map((task) => ({
      name: task.name,
      function: task.function,
      deadlines: deadlinesAround(chart, path),
    })),
  );
  const kept = choice === 'KEEP' ? wanted.filter((task) => open.some((one) => isSameTask(one, task))) : [];
  const moved = new Set([...clocks.stopped, ...clocks.started.map(({ name }) => name)]);
  return {
    closed: open.filter((one) => !kept.some((task) => isSameTask(one, task))),
    opened: wanted.filter((task) => !kept.includes(task)),
    dated: kept
      .filter(({ deadlines }) => deadlines.some((name) => moved.has(name)))
      .map(({ name, deadlines }) => ({ name, deadlines })),
  };
}

const isSameTask = (one: OpenTask, other: OpenTask) =>
  one.name === other.name && one.function === other.function;

/** The way back to an earlier standing, deadline by deadline and task by task. */
export function shiftBack(
  chart: Chart,
  now: Pick<ProcessStanding, 'clocks' | 'tasks'>,
  before: ProcessStanding,
): Shift {
  const stands = ({ epoch: _epoch, ...clock }: RunningClock) =>
    now.clocks.some(({ epoch: _other, ...one }) => isSame(one, clock));
  const standing = new Set(before.clocks.filter(stands).map(({ name }) => name));
  const clocks = {
    stopped: now.clocks.map(({ name }) => name).filter((name) => !standing.has(name)),
    started: before.clocks
      .filter(({ name }) => !standing.has(name))
      .map(({ epoch: _epoch, ...clock }) => clock),
  };
  return {
    snapshot: before.snapshot,
    states: before.states,
    clocks,
    ...tasksAfter(chart, 'KEEP', before.states, now.tasks, clocks),
  };
}
