import type { StartedClock } from '../steps/clock.rules.ts';
import type { Standing } from '../migration/migration-shift.rules.ts';
import type { Snapshot } from '../steps/move.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

/** Where the log has led so far. */
export interface Course {
  definitionId: string;
  snapshot: Snapshot | undefined;
  states: readonly string[];
  head: string;
  stage: string;
  stageSince: string;
  /** Since when it rests. */
  suspendedAt: string | null;
  readonly clocks: Map<string, StartedClock & { epoch: number }>;
  tasks: { name: string; function: string; openedSeq: number }[];
  /** Where it belongs; undefined as long as the log says nothing of it. */
  belonging: Pick<ProcessRow, 'scopeId' | 'seriesId'> | undefined;
  /** Where it was before the last entry, if that changed the definition: only then there is a way back. */
  before: Course | undefined;
}

/** What stands of a process that has begun. */
export const standingOf = ({ snapshot, states, clocks, tasks, suspendedAt }: Course): Standing => ({
  snapshot: snapshot!,
  states,
  clocks: [...clocks.values()],
  tasks,
  isResting: suspendedAt !== null,
  earlier: { n: {}, by: {} },
});
