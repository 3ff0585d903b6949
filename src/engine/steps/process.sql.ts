import type { Db, Statement, Text, Tx } from '../../platform/index.ts';
import type { EntryOfClocks } from './deadline.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

export interface DeadlineRow {
  readonly processId: string;
  readonly name: string;
  readonly epoch: number;
  readonly dueOn: string;
  readonly dueAt: Date;
  /** What the system does next about it, and when. */
  readonly nextStep: string | null;
  readonly nextAt: Date | null;
  readonly startedOn: string | null;
  readonly firstDueOn: string;
  readonly pausedOn: string | null;
  readonly timesExtended: number;
  readonly askedSeq: number | null;
  readonly askedUntil: string | null;
  /** How often the system was refused what it does next, with which answer, and when it tries again. */
  readonly refusals: number;
  readonly refusal: Text | null;
  readonly retryAt: Date | null;
}

export interface TaskRow {
  readonly id: string;
  readonly processId: string;
  readonly name: string;
  readonly function: string;
  readonly dueOn: string | null;
  readonly openedAt: Date;
}

/** An open task with the tags of the state that asks for it. */
export interface TaggedTaskRow extends TaskRow {
  readonly tags: readonly string[];
}

export interface HistoryRow {
  readonly processId: string;
  readonly seq: number;
  readonly step: string;
  readonly at: Date;
  readonly personId: string;
  readonly onBehalfOf: string | null;
  readonly stage: string;
  readonly definitionId: string;
  readonly effects: readonly unknown[];
  readonly payload: Readonly<Record<string, unknown>> | null;
}

export const columns = `id, definition_id as "definitionId", scope_id as "scopeId", series_id as "seriesId", version, status,
  states, tags, stage, stage_since as "stageSince", started_at as "startedAt", suspended_at as "suspendedAt",
  case when suspended_at is not null then (suspended_at at time zone platform.zone())::date end as "suspendedOn",
  suspended_until as "suspendedUntil", snapshot,
  encode(head, 'hex') as head`;

// Sorted by id, so that commands on several processes wait for each other and never in a circle.
const lockOne = `select ${columns} from engine.process where id = $1 for update`;
const lockById = `select ${columns} from engine.process where id = any($1) order by id for update`;
const lockFreeById = `select ${columns} from engine.lock_free($1)`;
const lockByScope = `select ${columns} from engine.process
  where scope_id = any($1) and status = 'RUNNING' order by id for update`;
const byId = `select ${columns} from engine.process where id = any($1)`;
/** Its plan is kept; one with any() is made anew each time. */
const oneById = `select ${columns} from engine.process where id = $1`;
const deadlines = `select process_id as "processId", name, epoch, due_on as "dueOn", due_at as "dueAt",
  next_step as "nextStep", next_at as "nextAt", started_on as "startedOn", coalesce(first_due_on, due_on) as "firstDueOn",
  paused_on as "pausedOn", extended as "timesExtended", asked_seq as "askedSeq", asked_until as "askedUntil",
  refusals, refusal, retry_at as "retryAt"
  from engine.deadline where process_id = any($1) order by due_at, name`;
const words = `select e.process_id as "processId", e.seq, e.at, p.body
  from unnest($1::uuid[], $2::int[]) as a(process_id, seq)
  join engine.log_entry e on (e.process_id, e.seq) = (a.process_id, a.seq)
  left join engine.log_payload p on (p.process_id, p.seq) = (e.process_id, e.seq)`;
const clocks = `select process_id as "processId", seq, step, at, definition_id as "definitionId", clocks
  from engine.log_entry where process_id = any($1) order by process_id, seq`;
const tasks = `select id, process_id as "processId", name, function, due_on as "dueOn", opened_at as "openedAt"
  from engine.task where process_id = any($1) and closed_seq is null order by due_on nulls last, name`;
const taggedTasks = `select t.id, t.process_id as "processId", t.name, t.function, t.due_on as "dueOn", t.opened_at as "openedAt",
    coalesce(d.task_tags -> t.name, '[]') as tags
  from engine.task t
  join engine.process p on p.id = t.process_id
  join engine.process_definition d on d.id = p.definition_id
  where t.process_id = any($1) and t.closed_seq is null order by t.due_on nulls last, t.name`;
const history = `
  select e.process_id as "processId", e.seq, e.step, e.at, e.person_id as "personId", e.on_behalf_of as "onBehalfOf",
         e.stage, e.definition_id as "definitionId", e.effects, p.body as payload
    from engine.log_entry e
    left join engine.log_payload p on (p.process_id, p.seq) = (e.process_id, e.seq)
   where e.process_id = any($1) order by e.process_id, e.seq`;

// What is written in the effects of an entry is small; only today's entries are looked at.
const reminded = `select e.process_id as id, f.code
  from engine.log_entry e, jsonb_array_elements(e.effects) as x(effect), jsonb_array_elements_text(x.effect -> 'to') as f(code)
 where e.process_id = any($1) and e.at >= $2 and x.effect ->> 'effect' = $3`;

/** The lock of a process, to travel with a command's beginning. */
export const lockOf = (processId: string): Statement => ({ sql: lockOne, values: [processId] });
/** The same for several, without waiting: those that somebody else holds are left out. */
export const lockFreeOf = (ids: readonly string[]): Statement => ({ sql: lockFreeById, values: [ids] });
export const lockProcesses = (db: Db, ids: readonly string[]) =>
  ids.length === 1 ? db.call<ProcessRow>(lockOne, ids) : db.call<ProcessRow>(lockById, [ids]);
/** Without waiting: those that somebody else holds are left out. */
export const lockFreeProcesses = (db: Db, ids: readonly string[]) => db.call<ProcessRow>(lockFreeById, [ids]);
export const lockProcessesOf = (db: Db, scopeIds: readonly string[]) =>
  db.call<ProcessRow>(lockByScope, [scopeIds]);
export const readProcesses = (db: Db, ids: readonly string[]) =>
  ids.length === 1 ? db.call<ProcessRow>(oneById, [ids[0]]) : db.call<ProcessRow>(byId, [ids]);
export const readDeadlines = (db: Db, ids: readonly string[]) => db.call<DeadlineRow>(deadlines, [ids]);
export const readTasks = (db: Db, ids: readonly string[]) => db.call<TaskRow>(tasks, [ids]);
export const readTaggedTasks = (db: Db, ids: readonly string[]) => db.call<TaggedTaskRow>(taggedTasks, [ids]);
export const readHistory = (db: Db, ids: readonly string[]) => db.call<HistoryRow>(history, [ids]);

const handOver = `update engine.process set scope_id = $2, series_id = $3 where id = any($1)`;
/** Puts processes at another place. Whoever calls holds their locks. */
export const placeAnew = (tx: Tx, ids: readonly string[], scopeId: string, seriesId: string | null) =>
  tx.call(handOver, [ids, scopeId, seriesId]);
/** Functions that were reminded by hand since an instant. */
export const readReminded = (db: Db, ids: readonly string[], since: Date, effect: string) =>
  db.call<{ id: string; code: string }>(reminded, [ids, since, effect]);

export interface WordsRow {
  readonly processId: string;
  readonly seq: number;
  readonly at: Date;
  readonly body: Readonly<Record<string, unknown>> | null;
}
/** What came with single entries, each named by its process and number. */
export const readWords = (db: Db, of: readonly { processId: string; seq: number }[]) =>
  db.call<WordsRow>(words, [of.map(({ processId }) => processId), of.map(({ seq }) => seq)]);
export const readClockEntries = (db: Db, ids: readonly string[]) =>
  db.call<EntryOfClocks & { processId: string }>(clocks, [ids]);
