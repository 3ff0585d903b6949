import type { Actor, Json } from '../../platform/bare.ts';
import type { BuiltInOutcome, Rest } from './built-in-steps.rules.ts';
import type { Step } from '../definition/definition.rules.ts';
import type { Facts } from '../definition/guard.rules.ts';
import { digestOf, entryOf, link, START, type EntryOrigin } from './log.rules.ts';
import { moveRowOf, type MoveRow } from './move-row.rules.ts';
import type { Machine } from '../machine/machine.rules.ts';
import type { Clocks, Fired } from './clock.rules.ts';
import { after, noticesOf, tasksBound, tasksOf, type Decision } from './move.rules.ts';
import { startedAt } from './place.rules.ts';
import type { Payload } from '../definition/payload.rules.ts';
import type { ProcessRow, Snapshot } from '../machine/process.rules.ts';

/** What one step is about, the same for all processes that take it together. */
export interface Ask {
  readonly machine: Machine;
  readonly name: string;
  readonly step: Step;
  readonly payload: Payload | undefined;
  /** The deadline whose time has come, when that is why. */
  readonly fired?: Fired | undefined;
}

/** A process and what was decided about it. */
export interface Move {
  readonly process: ProcessRow;
  readonly decision: Decision & { readonly moved: NonNullable<Decision['moved']> };
  readonly facts: Facts;
  readonly onBehalfOf: string | null;
  /** What the engine itself has done, when that is the step. */
  readonly done?: BuiltInOutcome;
}

/** A transition's row for the database, and the process after it. */
export interface Written {
  readonly row: MoveRow;
  readonly process: ProcessRow;
}

/** The command whose entry it is. */
export interface Origin {
  readonly actor: Actor;
  readonly commandId: string;
  readonly at: Date;
}

/** The same as the log names it. */
export const originOf = ({ actor, commandId, at }: Origin): EntryOrigin => ({
  commandId,
  accountId: actor.account,
  personId: actor.person,
  at: at.toISOString(),
});

/** One transition as the database function takes it, and the process after it. */
export function transition(
  command: Origin,
  ask: Ask,
  move: Move,
  effects: readonly Json[],
  clocks: Clocks,
  salt: string | undefined,
): Written {
  const { machine, name, step, payload } = ask;
  const { process, decision, facts, onBehalfOf, done } = move;
  const { moved, answers } = decision;
  const { person } = command.actor;
  const people = onBehalfOf ? [person, onBehalfOf] : [person];
  const snapshot: Snapshot =
    name === START ? process.snapshot : after(machine.chart, process.snapshot, moved, name, people);
  const tags = machine.chart.tags(moved.states);
  const stage = machine.chart.stage(moved.states);
  const entry = entryOf(originOf(command), process, {
    step: name,
    to: moved.states,
    stage,
    tags,
    onBehalfOf,
    facts: Object.fromEntries(facts),
    guards: answers,
    payloadDigest: salt === undefined ? null : digestOf(salt, payload),
    effects: name === START ? [{ ...startedAt(process) }, ...effects] : effects,
    clocks,
  });
  const head = link(process.head, entry, snapshot);
  const status = snapshot.s === 'done' ? 'FINISHED' : 'RUNNING';
  const leaf = `${machine.chart.definition.stage}.${stage}`;
  const reentered = moved.left.includes(leaf) && moved.entered.includes(leaf);
  const rest = status === 'FINISHED' ? null : done?.rest === undefined ? restOf(process) : done.rest;
  const { closed, opened } = tasksOf(machine.chart, moved);
  const redated = done ? clocks.started.map((clock) => clock.name) : [];
  const notices = done?.notices
    ? [...done.notices, ...noticesOf({}, moved.taken)]
    : noticesOf(step, moved.taken);
  const row = moveRowOf(entry, {
    scope_id: process.scopeId,
    series_id: process.seriesId,
    status,
    reentered,
    snapshot,
    hash: head,
    payload: payload ?? null,
    salt: salt ?? null,
    tasks_closed: closed,
    tasks_opened: opened,
    tasks_dated: tasksBound(machine.chart, moved.states, redated),
    notices: notices.map((notice, no) => ({ no, ...notice })),
    suspended_at: rest?.at ?? null,
    suspended_until: rest?.until ?? null,
  });
  const stageSince = stage === process.stage && !reentered ? process.stageSince : command.at;
  return {
    row,
    process: {
      ...process,
      version: entry.seq,
      status,
      states: moved.states,
      tags,
      stage,
      stageSince,
      snapshot,
      head,
      suspendedAt: rest?.at ?? null,
      suspendedOn: rest?.on ?? null,
      suspendedUntil: rest?.until ?? null,
    },
  };
}

const restOf = ({ suspendedAt, suspendedOn, suspendedUntil }: ProcessRow): Rest | null =>
  suspendedAt && { at: suspendedAt, on: suspendedOn!, until: suspendedUntil! };
