import { HAND_OVER, START } from './log.rules.ts';
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
