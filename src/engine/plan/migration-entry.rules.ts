import type { Json } from '../../platform/bare.ts';
import { entryOf, link, type EntryOrigin, type MIGRATE, type MIGRATE_BACK } from '../steps/log.rules.ts';
import type { Machine } from '../machine/machine.rules.ts';
import type { Shift } from './migration-shift.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

type MigrationStep = typeof MIGRATE | typeof MIGRATE_BACK;

/** What such an entry says of itself, among its effects. */
export interface MigrationNote {
  readonly effect: MigrationStep;
  /** The definition that was left. */
  readonly from: string;
  /** The plan's hash. */
  readonly plan: string;
  /** Since when the visible state counts afterwards; absent: it is still the same one. */
  readonly stageSince?: string;
}

/** How processes that stand alike are moved: to which definition, by which plan, and where it comes to stand. */
export interface Relocation {
  readonly step: MigrationStep;
  readonly to: Machine;
  readonly definitionId: string;
  readonly plan: string;
  readonly shift: Shift;
  /** The visible state's beginning; undefined: it is still the same one. */
  readonly stageSince: string | undefined;
}

/** Processes that are moved alike share everything but their place in the log. */
export interface Kind {
  readonly definition_id: string;
  readonly stage: string;
  readonly stage_since: string | null;
  readonly tags: readonly string[];
  readonly snapshot: object;
  readonly effects: readonly Json[];
  readonly clocks: object;
  readonly clocks_stopped: readonly string[];
  readonly from_states: readonly string[];
  readonly to_states: readonly string[];
  readonly tasks_closed: readonly object[];
  readonly tasks_opened: readonly object[];
  readonly tasks_dated: readonly object[];
}

/** One process's entry, its link in the chain, and the process after it. */
export function relocated(command: EntryOrigin, process: ProcessRow, relocation: Relocation) {
  const { definitionId, shift, step, to, plan, stageSince } = relocation;
  const stage = to.chart.stage(shift.states);
  const tags = to.chart.tags(shift.states);
  const note = { effect: step, from: process.definitionId, plan, ...(stageSince && { stageSince }) };
  const entry = entryOf(command, process, {
    step,
    definitionId,
    to: shift.states,
    stage,
    tags,
    effects: [note satisfies MigrationNote],
    clocks: shift.clocks,
  });
  return {
    entry,
    after: {
      ...process,
      definitionId,
      version: entry.seq,
      states: shift.states,
      tags,
      stage,
      stageSince: stageSince ? new Date(stageSince) : process.stageSince,
      snapshot: shift.snapshot,
      head: link(process.head, entry, shift.snapshot),
    } satisfies ProcessRow,
  };
}

export type Relocated = ReturnType<typeof relocated>;

export const kindOf = ({ entry }: Relocated, { shift, stageSince }: Relocation): Kind => ({
  definition_id: entry.definitionId,
  stage: entry.stage,
  stage_since: stageSince ?? null,
  tags: entry.tags,
  snapshot: shift.snapshot,
  effects: entry.effects,
  clocks: shift.clocks,
  clocks_stopped: shift.clocks.stopped,
  from_states: entry.from,
  to_states: entry.to,
  tasks_closed: shift.closed,
  tasks_opened: shift.opened,
  tasks_dated: shift.dated,
});
