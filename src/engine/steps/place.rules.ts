import type { Course } from '../replay/course.rules.ts';
import { HAND_OVER, START, type LogEntry } from './log.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

/** Where a process belongs: what it is about, and what it was started with. */
export type Belonging = Pick<ProcessRow, 'scopeId' | 'seriesId'>;

/** What the entries that put a process somewhere say of it, first among their effects. */
export interface PlaceNote extends Belonging {
  readonly effect: typeof START | typeof HAND_OVER;
  /** The place that was left. */
  readonly from?: Belonging;
}

export const belongingOf = ({ scopeId, seriesId }: Belonging): Belonging => ({ scopeId, seriesId });

export const areSame = (a: Belonging, b: Belonging): boolean =>
  a.scopeId === b.scopeId && a.seriesId === b.seriesId;

export const startedAt = (process: Belonging): PlaceNote => ({ effect: START, ...belongingOf(process) });

/**
 * Follows where the log puts a process. A text when it cannot have gone so. Logs from before places were recorded name
 * none with the start: then there is nothing to compare.
 */
export function follow(course: Course, { step, effects, from, to, clocks }: LogEntry): string | undefined {
  const note = effects[0] as PlaceNote | undefined;
  if (step === START) {
    if (note?.effect === START) course.belonging = belongingOf(note);
    return undefined;
  }
  if (step !== HAND_OVER) return undefined;
  if (note?.effect !== HAND_OVER || !note.from) return 'does not say from where to where';
  if (course.belonging && !areSame(course.belonging, note.from)) return 'leaves a place where it was not';
  if (from.join() !== to.join() || clocks.started.length + clocks.stopped.length > 0)
    return 'moves more than the place';
  course.belonging = belongingOf(note);
  return undefined;
}
