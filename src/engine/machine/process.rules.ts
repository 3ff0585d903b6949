import type { Position } from './machine.rules.ts';

/**
 * All that is stored of a process beside its rows: XState's value, and the engine's own counters. `n` counts the
 * steps that guards ask about, `by` names who last took the steps that four eyes ask about (with the represented).
 */
export interface Snapshot extends Position {
  readonly c: {
    readonly n: Readonly<Record<string, number>>;
    readonly by: Readonly<Record<string, readonly string[]>>;
  };
}

/** A process as it stands. `scopeId` (what it is about) and `seriesId` (what it was started with) are opaque here. */
export interface ProcessRow {
  readonly id: string;
  readonly definitionId: string;
  readonly scopeId: string;
  readonly seriesId: string | null;
  /** Number of the last log entry. */
  readonly version: number;
  readonly status: 'RUNNING' | 'FINISHED';
  readonly states: readonly string[];
  readonly tags: readonly string[];
  readonly stage: string;
  readonly stageSince: Date;
  readonly startedAt: Date;
  readonly suspendedAt: Date | null;
  /** The first and the last day of its rest. */
  readonly suspendedOn: string | null;
  readonly suspendedUntil: string | null;
  readonly snapshot: Snapshot;
  /** The log's last hash, in hex. */
  readonly head: string;
}
