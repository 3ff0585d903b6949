import { MIGRATE, type LogEntry } from '../steps/log.rules.ts';
import type { MigrationNote } from '../plan/migration-entry.rules.ts';
import { shiftBack, tasksAfter, type OpenTask } from '../plan/migration-shift.rules.ts';
import type { AskedAnew, Counters } from '../plan/migration.rules.ts';
import { standingOf, type ReplayState } from './replay-state.rules.ts';
import type { DefinitionLibrary } from './definition-library.rules.ts';

/**
 * Plays a process's change to another definition: by the plan that the entry names, from where the log has led so far;
 * or the way back, to where it stood before. Nothing but the clocks is taken from the entry. A text when it cannot
 * have gone so.
 */
export function relocate(
  library: DefinitionLibrary,
  replayed: ReplayState,
  entry: LogEntry,
  earlier: readonly LogEntry[],
): string | undefined {
  const note = entry.effects[0] as MigrationNote | undefined;
  if (!replayed.snapshot || note?.effect !== entry.step) return 'does not say what it changes';
  if (note.from !== replayed.definitionId) return 'leaves a definition that it did not run by';
  return entry.step === MIGRATE
    ? forth(library, replayed, entry, note, earlier)
    : back(library, replayed, entry, note);
}

function forth(
  library: DefinitionLibrary,
  replayed: ReplayState,
  entry: LogEntry,
  note: MigrationNote,
  earlier: readonly LogEntry[],
): string | undefined {
  const migration = library.migrationOf(note.plan);
  const { plan } = migration;
  if (plan.from !== note.from || plan.to !== entry.definitionId) return 'does not follow its plan';
  const placed = migration.place(replayed.states);
  if ('faults' in placed) return 'its plan has no place for where the process stood';
  const since = migration.keepsStage(replayed.states, placed.states) ? undefined : entry.at;
  if (since !== note.stageSince) return 'the visible state begins at another time than its plan says';
  const before = { ...replayed, clocks: new Map(replayed.clocks) };
  const { counted, remembered } = countersIn(earlier, migration.askedAnew());
  replayed.snapshot = {
    ...placed.position,
    c: migration.counters(replayed.snapshot!.c, { n: counted, by: remembered }),
  };
  const { chart } = migration.to;
  move(
    replayed,
    entry,
    placed.states,
    since,
    tasksAfter(chart, plan.tasks, placed.states, replayed.tasks, entry.clocks),
  );
  replayed.before = before;
  return undefined;
}

function back(
  library: DefinitionLibrary,
  replayed: ReplayState,
  entry: LogEntry,
  note: MigrationNote,
): string | undefined {
  const { before } = replayed;
  if (!before?.snapshot || before.definitionId !== entry.definitionId)
    return 'takes back what was no migration';
  const { chart } = library.machineOf(entry.definitionId);
  const now = { clocks: [...replayed.clocks.values()], tasks: replayed.tasks };
  const { states, snapshot } = before;
  const shift = shiftBack(chart, now, standingOf(before));
  if (note.stageSince !== before.stageSince) return 'the visible state begins at another time than before';
  replayed.snapshot = snapshot;
  move(replayed, entry, states, before.stageSince, shift);
  return undefined;
}

function move(
  replayed: ReplayState,
  entry: LogEntry,
  states: readonly string[],
  stageSince: string | undefined,
  tasks: { readonly closed: readonly OpenTask[]; readonly opened: readonly OpenTask[] },
): void {
  replayed.definitionId = entry.definitionId;
  replayed.states = states;
  replayed.stageSince = stageSince ?? replayed.stageSince;
  const stillOpen = replayed.tasks.filter((task) => !tasks.closed.includes(task));
  const opened = tasks.opened.map((task) => ({
    name: task.name,
    function: task.function,
    openedSeq: entry.seq,
  }));
  replayed.tasks = [...stillOpen, ...opened];
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
