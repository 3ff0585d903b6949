import type { Chart } from '../definition/chart.rules.ts';
import type { Clocks } from '../steps/clock.rules.ts';
import { isMigration, type LogEntry } from '../steps/log.rules.ts';
import type { MigrationNote } from '../plan/migration-entry.rules.ts';

/** What the log says of one step, as far as a look back needs it. */
export interface PastEntry extends Pick<
  LogEntry,
  'seq' | 'step' | 'definitionId' | 'effects' | 'from' | 'to' | 'stage' | 'tags'
> {
  readonly at: Date;
  readonly clocks: Clocks;
}

/** A deadline as it was set, and whether it stood still. */
interface PastDeadline {
  readonly dueOn: string;
  readonly dueAt: Date;
  readonly stands: boolean;
}

/** A process as it stood after the last of some entries. */
export interface PastStanding {
  readonly definitionId: string;
  readonly version: number;
  readonly status: 'RUNNING' | 'FINISHED';
  readonly states: readonly string[];
  readonly stage: string;
  readonly stageSince: Date;
  readonly tags: readonly string[];
  readonly suspendedAt: Date | null;
  /** Deadlines that were running, by name, with the last day on which each was kept. */
  readonly deadlines: ReadonlyMap<string, PastDeadline>;
}

/**
 * Folds a process's entries, first to last and at least one, into where it stood after them. Reads only what was
 * recorded: no guard is asked again, so a look back needs neither today's facts nor today's people.
 */
export function standing(
  entries: readonly PastEntry[],
  chartOf: (definitionId: string) => Chart,
): PastStanding {
  const last = entries.at(-1)!;
  const deadlines = new Map<string, PastDeadline>();
  let stageSince = entries[0]!.at;
  let stage: string | undefined;
  let suspendedAt: Date | null = null;
  for (const entry of entries) {
    const chart = chartOf(entry.definitionId);
    stageSince = beginning(chart, entry, stage) ?? stageSince;
    stage = entry.stage;
    for (const name of entry.clocks.stopped) deadlines.delete(name);
    for (const { name, dueOn, dueAt, pausedOn } of entry.clocks.started)
      deadlines.set(name, { dueOn, dueAt: new Date(dueAt), stands: pausedOn !== undefined });
    const builtIn = chart.definition.steps[entry.step]?.does;
    if (builtIn === 'suspend') suspendedAt = entry.at;
    if (builtIn === 'resume') suspendedAt = null;
  }
  const status = hasEnded(chartOf(last.definitionId), last.to) ? 'FINISHED' : 'RUNNING';
  return {
    definitionId: last.definitionId,
    version: last.seq,
    status,
    states: last.to,
    stage: last.stage,
    stageSince,
    tags: last.tags,
    suspendedAt: status === 'FINISHED' ? null : suspendedAt,
    deadlines,
  };
}

/** When the visible state began, if it did with this entry; a change of definition says it by itself. */
function beginning(chart: Chart, entry: PastEntry, stage: string | undefined): Date | undefined {
  if (!isMigration(entry)) return entry.stage !== stage || enteredAnew(chart, entry) ? entry.at : undefined;
  const note = entry.effects[0] as MigrationNote | undefined;
  return note?.stageSince ? new Date(note.stageSince) : undefined;
}

/** A step from the visible state into itself: it is left and entered, and its time begins again. */
function enteredAnew(chart: Chart, { step, from, stage }: PastEntry): boolean {
  const leaf = `${chart.definition.stage}.${stage}`;
  return chart.candidates(from, step).some(({ target }) => target?.path === leaf);
}

const hasEnded = (chart: Chart, states: readonly string[]): boolean =>
  states.some((path) => {
    const node = chart.nodes.get(path);
    return node?.kind === 'final' && node.parent === chart.root;
  });
