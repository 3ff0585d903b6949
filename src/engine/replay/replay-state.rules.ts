import type { StartedClock } from '../steps/clock.rules.ts';
import type { ProcessStanding } from '../plan/migration-shift.rules.ts';
import type { ProcessRow, Snapshot } from '../machine/process.rules.ts';
import { HAND_OVER, START, type LogEntry } from '../steps/log.rules.ts';
import { areSame, belongingOf, type PlaceNote } from '../steps/place.rules.ts';

/** Where the log has led so far. */
export interface ReplayState {
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
  before: ReplayState | undefined;
}

/** What stands of a process that has begun. */
export const standingOf = ({
  snapshot,
  states,
  clocks,
  tasks,
  suspendedAt,
}: ReplayState): ProcessStanding => ({
  snapshot: snapshot!,
  states,
  clocks: [...clocks.values()],
  tasks,
  isResting: suspendedAt !== null,
  earlier: { n: {}, by: {} },
});

/**
 * Follows where the log puts a process. A text when it cannot have gone so. Logs from before places were recorded name
 * none with the start: then there is nothing to compare.
 */
export function follow(
  replayed: ReplayState,
  { step, effects, from, to, clocks }: LogEntry,
): string | undefined {
  const note = effects[0] as PlaceNote | undefined;
  if (step === START) {
    if (note?.effect === START) replayed.belonging = belongingOf(note);
    return undefined;
  }
  if (step !== HAND_OVER) return undefined;
  if (note?.effect !== HAND_OVER || !note.from) return 'does not say from where to where';
  if (replayed.belonging && !areSame(replayed.belonging, note.from)) return 'leaves a place where it was not';
  if (from.join() !== to.join() || clocks.started.length + clocks.stopped.length > 0)
    return 'moves more than the place';
  replayed.belonging = belongingOf(note);
  return undefined;
}
