import type { Json } from '../../platform/bare.ts';
import type { Payload } from '../definition/payload.rules.ts';
import type { ProcessRow, Snapshot } from '../machine/process.rules.ts';
import type { LogEntry } from './log.rules.ts';

/** A task as the database opens or dates it: by name, with the deadlines that bound it. */
export interface BoundTask {
  readonly name: string;
  readonly function?: string;
  readonly deadlines: readonly string[];
}
interface NoticeRow {
  /** Its place among the notices of the step. */
  readonly no: number;
  readonly kind: string;
  readonly body: Json;
}

/** All that a transition writes, in one row; the names are the columns of `engine.move` (migrations). */
export interface MoveRow {
  readonly process_id: string;
  readonly definition_id: string;
  readonly scope_id: string;
  readonly series_id: string | null;
  readonly version: number;
  readonly status: ProcessRow['status'];
  readonly stage: string;
  readonly tags: readonly string[];
  /** The visible state was left and entered again: it begins anew. */
  readonly reentered: boolean;
  readonly snapshot: Snapshot;
  /** The new head of the chain, in hex. */
  readonly hash: string;
  readonly command_id: string;
  readonly step: string;
  readonly account_id: string;
  readonly person_id: string;
  readonly on_behalf_of: string | null;
  readonly at: string;
  readonly facts: LogEntry['facts'];
  readonly guards: LogEntry['guards'];
  readonly payload_digest: string | null;
  readonly payload: Payload | null;
  /** In hex; null without a payload. */
  readonly salt: string | null;
  readonly effects: LogEntry['effects'];
  readonly clocks: LogEntry['clocks'];
  readonly clocks_stopped: readonly string[];
  readonly from_states: readonly string[];
  readonly to_states: readonly string[];
  readonly tasks_closed: readonly string[];
  readonly tasks_opened: readonly BoundTask[];
  readonly tasks_dated: readonly BoundTask[];
  readonly notices: readonly NoticeRow[];
  readonly suspended_at: Date | null;
  readonly suspended_until: string | null;
}

type OfEntry =
  | 'process_id'
  | 'version'
  | 'command_id'
  | 'step'
  | 'account_id'
  | 'person_id'
  | 'on_behalf_of'
  | 'at'
  | 'definition_id'
  | 'facts'
  | 'guards'
  | 'payload_digest'
  | 'effects'
  | 'clocks'
  | 'clocks_stopped'
  | 'from_states'
  | 'to_states'
  | 'stage'
  | 'tags';
type Optional =
  'reentered' | 'payload' | 'salt' | 'tasks_closed' | 'tasks_opened' | 'tasks_dated' | 'notices';

/** The row of a log entry: what stands in both is taken from the entry, what is left out does not happen. */
export const moveRowOf = (
  entry: LogEntry,
  row: Omit<MoveRow, OfEntry | Optional> & Partial<Pick<MoveRow, Optional>>,
): MoveRow => ({
  process_id: entry.processId,
  definition_id: entry.definitionId,
  scope_id: row.scope_id,
  series_id: row.series_id,
  version: entry.seq,
  status: row.status,
  stage: entry.stage,
  tags: entry.tags,
  reentered: row.reentered ?? false,
  snapshot: row.snapshot,
  hash: row.hash,
  command_id: entry.commandId,
  step: entry.step,
  account_id: entry.accountId,
  person_id: entry.personId,
  on_behalf_of: entry.onBehalfOf,
  at: entry.at,
  facts: entry.facts,
  guards: entry.guards,
  payload_digest: entry.payloadDigest,
  payload: row.payload ?? null,
  salt: row.salt ?? null,
  effects: entry.effects,
  clocks: entry.clocks,
  clocks_stopped: entry.clocks.stopped,
  from_states: entry.from,
  to_states: entry.to,
  tasks_closed: row.tasks_closed ?? [],
  tasks_opened: row.tasks_opened ?? [],
  tasks_dated: row.tasks_dated ?? [],
  notices: row.notices ?? [],
  suspended_at: row.suspended_at,
  suspended_until: row.suspended_until,
});
