import type { Snapshot } from '../steps/move.rules.ts';

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
