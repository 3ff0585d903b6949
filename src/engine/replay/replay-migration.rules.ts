import { MIGRATE, type LogEntry } from '../steps/log.rules.ts';
import type { MigrationNote } from '../plan/migration-entry.rules.ts';
import { shiftBack, tasksAfter, type OpenTask } from '../plan/migration-shift.rules.ts';
import type { AskedAnew, Counters } from '../plan/migration.rules.ts';
import { standingOf, type Course } from './course.rules.ts';
import type { Shelf } from './shelf.rules.ts';

/**
 * Plays a process's change to another definition: by the plan that the entry names, from where the log has led so far;
 * or the way back, to where it stood before. Nothing but the clocks is taken from the entry. A text when it cannot
 * have gone so.
 */
export function relocate(
  shelf: Shelf,
  course: Course,
  entry: LogEntry,
  earlier: readonly LogEntry[],
): string | undefined {
  const note = entry.effects[0] as MigrationNote | undefined;
  if (!course.snapshot || note?.effect !== entry.step) return 'does not say what it changes';
  if (note.from !== course.definitionId) return 'leaves a definition that it did not run by';
  return entry.step === MIGRATE
    ? forth(shelf, course, entry, note, earlier)
    : back(shelf, course, entry, note);
}

function forth(
  shelf: Shelf,
  course: Course,
  entry: LogEntry,
  note: MigrationNote,
  earlier: readonly LogEntry[],
): string | undefined {
  const migration = shelf.migrationOf(note.plan);
  const { plan } = migration;
  if (plan.from !== note.from || plan.to !== entry.definitionId) return 'does not follow its plan';
  const placed = migration.place(course.states);
  if ('faults' in placed) return 'its plan has no place for where the process stood';
  const since = migration.keepsStage(course.states, placed.states) ? undefined : entry.at;
  if (since !== note.stageSince) return 'the visible state begins at another time than its plan says';
  const before = { ...course, clocks: new Map(course.clocks) };
  const { counted, remembered } = countersIn(earlier, migration.askedAnew());
  course.snapshot = {
    ...placed.position,
    c: migration.counters(course.snapshot!.c, { n: counted, by: remembered }),
  };
  const { chart } = migration.to;
  move(
    course,
    entry,
    placed.states,
    since,
    tasksAfter(chart, plan.tasks, placed.states, course.tasks, entry.clocks),
  );
  course.before = before;
  return undefined;
}

function back(shelf: Shelf, course: Course, entry: LogEntry, note: MigrationNote): string | undefined {
  const { before } = course;
  if (!before?.snapshot || before.definitionId !== entry.definitionId)
    return 'takes back what was no migration';
  const { chart } = shelf.machineOf(entry.definitionId);
  const now = { clocks: [...course.clocks.values()], tasks: course.tasks };
  const { states, snapshot } = before;
  const shift = shiftBack(chart, now, standingOf(before));
  if (note.stageSince !== before.stageSince) return 'the visible state begins at another time than before';
  course.snapshot = snapshot;
  move(course, entry, states, before.stageSince, shift);
  return undefined;
}

function move(
  course: Course,
  entry: LogEntry,
  states: readonly string[],
  stageSince: string | undefined,
  tasks: { readonly closed: readonly OpenTask[]; readonly opened: readonly OpenTask[] },
): void {
  course.definitionId = entry.definitionId;
  course.states = states;
  course.stageSince = stageSince ?? course.stageSince;
  const stillOpen = course.tasks.filter((task) => !tasks.closed.includes(task));
  const opened = tasks.opened.map((task) => ({
    name: task.name,
    function: task.function,
    openedSeq: entry.seq,
  }));
  course.tasks = [...stillOpen, ...opened];
}

/** How often those steps were taken, and by whom last. */
function countersIn(earlier: readonly LogEntry[], { counted, remembered }: AskedAnew) {
  const n: Record<string, number> = {};
  const by: Record<string, readonly string[]> = {};
  for (const { step, personId, onBehalfOf } of earlier) {
    if (counted.includes(step)) n[step] = (n[step] ?? 0) + 1;
    if (remembered.includes(step)) by[step] = onBehalfOf ? [personId, onBehalfOf] : [personId];
  }
  return { counted: n as Counters['n'], remembered: by as Counters['by'] };
}
