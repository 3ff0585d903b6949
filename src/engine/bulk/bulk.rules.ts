import type { Json, Refusal, Text, Tx, Db } from '../../platform/index.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

/** Which running processes a run is about; what is left out does not restrict. */
export interface BulkFilter {
  readonly definitionId?: string | null;
  readonly seriesId?: string | null;
  readonly stages?: readonly string[] | null;
  readonly tags?: readonly string[] | null;
  readonly scopeIds?: readonly string[] | null;
  readonly processIds?: readonly string[] | null;
  readonly overdue?: boolean | null;
  readonly suspended?: boolean | null;
}

/** What a run does to each of its processes. */
export interface BulkWork {
  /** Who of them would refuse, and why; nothing is written. */
  evaluate(db: Db, processes: readonly ProcessRow[]): Promise<ReadonlyMap<string, Refusal>>;
  /** Does it to processes that are locked. A refusal of the whole means: not together; try one by one. */
  take(tx: Tx, processes: readonly ProcessRow[]): Promise<BulkTaken | Refusal>;
}
export interface BulkTaken {
  /** The log entry's number, by process. */
  readonly done: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, Refusal>;
}

/** What would become of the processes that a filter finds. */
export interface Forecast {
  readonly processes: readonly ProcessRow[];
  readonly refused: ReadonlyMap<string, Refusal>;
}

export interface ForecastGroup {
  readonly definitionId: string;
  readonly stage: string;
  /** Null: they would do it. */
  readonly reason: Text | null;
  readonly count: number;
}

/** Alike by definition, visible state and reason; the largest first. */
export function grouped({ processes, refused }: Forecast): ForecastGroup[] {
  const groups = new Map<string, ForecastGroup>();
  for (const { id, definitionId, stage } of processes) {
    const reason = refused.get(id)?.message ?? null;
    const key = JSON.stringify([definitionId, stage, reason?.en]);
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { definitionId, stage, reason, count });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || a.stage.localeCompare(b.stage));
}

export const countAble = ({ processes, refused }: Forecast): number => processes.length - refused.size;

/** More would be locked and looked at for too long; a filter by state or unit makes two runs of it. */
export const mostProcesses = 20_000;

export type RunKind = 'STEP' | 'MIGRATE' | 'UNDO';
export type Outcome = 'PENDING' | 'DONE' | 'REFUSED' | 'FAILED';

/** What a run was agreed to do. */
export interface Agreed {
  readonly kind: RunKind;
  readonly step?: string;
  readonly payload?: Json;
  readonly planId?: string;
  readonly undoesId?: string;
}
