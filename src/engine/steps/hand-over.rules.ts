import { HAND_OVER, link, type LogEntry } from './log.rules.ts';
import { belongingOf, type Belonging, type PlaceNote } from './place.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import type { Origin, Written } from './transition.rules.ts';

/** A process's entry for its new place: nothing else of it moves, and its deadlines and tasks go on. */
export function handedOver({ actor, commandId, at }: Origin, process: ProcessRow, to: Belonging): Written {
  const { states, stage, tags, snapshot, version, definitionId } = process;
  const note = { effect: HAND_OVER, ...belongingOf(to), from: belongingOf(process) } satisfies PlaceNote;
  const entry: LogEntry = {
    processId: process.id,
    seq: version + 1,
    commandId,
    step: HAND_OVER,
    accountId: actor.account,
    personId: actor.person,
    onBehalfOf: null,
    at: at.toISOString(),
    definitionId,
    facts: {},
    guards: [],
    payloadDigest: null,
    effects: [{ ...note }],
    clocks: { started: [], stopped: [] },
    from: states,
    to: states,
    stage,
    tags,
  };
  const head = link(process.head, entry, snapshot);
  const row = {
    process_id: process.id,
    version: entry.seq,
    status: process.status,
    stage,
    tags,
    reentered: false,
    snapshot,
    hash: head,
    command_id: commandId,
    step: HAND_OVER,
    account_id: actor.account,
    person_id: actor.person,
    on_behalf_of: null,
    at: entry.at,
    definition_id: definitionId,
    facts: {},
    guards: [],
    payload_digest: null,
    payload: null,
    salt: null,
    effects: entry.effects,
    clocks: entry.clocks,
    from_states: states,
    to_states: states,
    clocks_stopped: [],
    tasks_closed: [],
    tasks_opened: [],
    tasks_dated: [],
    notices: [],
    suspended_at: process.suspendedAt,
    suspended_until: process.suspendedUntil,
  };
  return { row, process: { ...process, ...belongingOf(to), version: entry.seq, head } };
}
