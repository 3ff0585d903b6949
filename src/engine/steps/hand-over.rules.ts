import type { ProcessRow } from '../machine/process.rules.ts';
import { entryOf, HAND_OVER, link } from './log.rules.ts';
import { moveRowOf } from './move-row.rules.ts';
import { belongingOf, type Belonging, type PlaceNote } from './place.rules.ts';
import { originOf, type Origin, type Written } from './transition.rules.ts';

/** A process's entry for its new place: nothing else of it moves, and its deadlines and tasks go on. */
export function handedOver(command: Origin, process: ProcessRow, to: Belonging): Written {
  const { states, stage, tags, snapshot, status } = process;
  const note = { effect: HAND_OVER, ...belongingOf(to), from: belongingOf(process) } satisfies PlaceNote;
  const said = { step: HAND_OVER, to: states, stage, tags, effects: [{ ...note }] };
  const entry = entryOf(originOf(command), process, said);
  const head = link(process.head, entry, snapshot);
  const row = moveRowOf(entry, {
    scope_id: to.scopeId,
    series_id: to.seriesId,
    status,
    snapshot,
    hash: head,
    suspended_at: process.suspendedAt,
    suspended_until: process.suspendedUntil,
  });
  return { row, process: { ...process, ...belongingOf(to), version: entry.seq, head } };
}
