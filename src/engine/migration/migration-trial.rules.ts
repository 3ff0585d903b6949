import type { Relocation } from '../plan/migration-entry.rules.ts';
import type { ProcessStanding } from '../plan/migration-shift.rules.ts';

type DeadlineFate = 'KEPT' | 'MOVED' | 'STARTED' | 'DROPPED';

export interface TrialRow {
  readonly fromStage: string;
  readonly toStage: string;
  count: number;
  readonly deadlines: Map<string, { readonly name: string; readonly fate: DeadlineFate; count: number }>;
  tasksKept: number;
  tasksClosed: number;
  tasksOpened: number;
}

interface Tried {
  readonly stage: string;
  readonly standing: ProcessStanding;
  readonly relocation: Relocation;
}

/** What would become of processes, by where they stand and would stand. */
export function trialRows(tried: readonly Tried[]): TrialRow[] {
  const rows = new Map<string, TrialRow>();
  for (const { stage, standing, relocation } of tried) {
    const toStage = relocation.to.chart.stage(relocation.shift.states);
    const key = `${stage} ${toStage}`;
    let row = rows.get(key);
    if (!row) rows.set(key, (row = emptyRow(stage, toStage)));
    const { closed, opened } = relocation.shift;
    row.count += 1;
    row.tasksClosed += closed.length;
    row.tasksOpened += opened.length;
    row.tasksKept += standing.tasks.length - closed.length;
    for (const [name, fate] of fates(standing, relocation)) {
      const counted = row.deadlines.get(`${name} ${fate}`);
      if (counted) counted.count += 1;
      else row.deadlines.set(`${name} ${fate}`, { name, fate, count: 1 });
    }
  }
  return [...rows.values()].sort((a, b) => b.count - a.count || a.fromStage.localeCompare(b.fromStage));
}

const emptyRow = (fromStage: string, toStage: string): TrialRow => ({
  fromStage,
  toStage,
  count: 0,
  deadlines: new Map(),
  tasksKept: 0,
  tasksClosed: 0,
  tasksOpened: 0,
});

function fates(
  { clocks: running }: ProcessStanding,
  { shift: { clocks } }: Relocation,
): Map<string, DeadlineFate> {
  const started = new Set(clocks.started.map(({ name }) => name));
  const stopped = new Set(clocks.stopped);
  const fates = new Map<string, DeadlineFate>();
  for (const { name } of running)
    fates.set(name, !stopped.has(name) ? 'KEPT' : started.has(name) ? 'MOVED' : 'DROPPED');
  for (const name of started) if (!fates.has(name)) fates.set(name, 'STARTED');
  return fates;
}
