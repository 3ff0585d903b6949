import type { Db } from '../../platform/index.ts';
import { readClocks } from '../steps/clock.sql.ts';
import type { LogEntry } from '../steps/log.rules.ts';
import { readProcesses } from '../steps/process.sql.ts';
import type { Stored } from './replay.rules.ts';

const entries = `
  select process_id as "processId", seq, command_id as "commandId", step, account_id as "accountId",
         person_id as "personId", on_behalf_of as "onBehalfOf", at, definition_id as "definitionId", facts, guards,
         payload_digest as "payloadDigest", effects, clocks, from_states as "from", to_states as "to", stage, tags,
         encode(hash, 'hex') as hash
    from engine.log_entry where process_id = any($1) order by process_id, seq`;
const payloads = `select process_id as "processId", seq, encode(salt, 'hex') as salt, body
  from engine.log_payload where process_id = any($1)`;
// Not "is null": a young table's open tasks seem few, and all of them would be read by the index that holds only them.
const openTasks = `select process_id as "processId", name, function, opened_seq as "openedSeq"
  from engine.task where process_id = any($1) and coalesce(closed_seq, 0) = 0 order by name`;

type EntryRow = Omit<LogEntry, 'at'> & { at: Date; hash: string };
type PayloadRow = { processId: string; seq: number; salt: string; body: unknown };
type StoredTaskRow = { processId: string; name: string; function: string; openedSeq: number };

/** Processes with everything the log says of them and everything that stands, as a replay compares it. */
export async function readStored(db: Db, ids: readonly string[]): Promise<Stored[]> {
  const of = <R extends { processId: string }>(rows: R[]) => {
    const byProcess = Map.groupBy(rows, ({ processId }) => processId);
    return (id: string) => byProcess.get(id) ?? [];
  };
  const [processes, entryRows, payloadRows, clockRows, taskRows] = await Promise.all([
    readProcesses(db, ids),
    db.call<EntryRow>(entries, [ids]),
    db.call<PayloadRow>(payloads, [ids]),
    readClocks(db, ids),
    db.call<StoredTaskRow>(openTasks, [ids]),
  ]);
  const [entriesOf, payloadsOf, clocksOf, tasksOf] = [
    of(entryRows),
    of(payloadRows),
    of(clockRows),
    of(taskRows),
  ];
  return processes.map((process) => ({
    process,
    entries: entriesOf(process.id).map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
    payloads: new Map(payloadsOf(process.id).map(({ seq, salt, body }) => [seq, { salt, body }])),
    deadlines: clocksOf(process.id).map(({ epoch, clock }) => ({ ...clock, epoch })),
    openTasks: tasksOf(process.id).map(({ processId: _process, ...task }) => task),
  }));
}

/** Open tasks by process. */
export async function readOpenTasks(db: Db, ids: readonly string[]) {
  const rows = Map.groupBy(await db.call<StoredTaskRow>(openTasks, [ids]), ({ processId }) => processId);
  const task = ({ name, function: fn }: StoredTaskRow) => ({ name, function: fn });
  return new Map([...rows].map(([id, tasks]) => [id, tasks.map(task)]));
}
