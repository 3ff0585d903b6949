import type { Db, Tx } from '../../platform/index.ts';
import { mostProcesses, type Agreed, type BulkFilter, type Outcome, type RunKind } from './bulk.rules.ts';
import { columns } from '../steps/process.sql.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

export interface RunRow {
  readonly id: string;
  readonly kind: RunKind;
  readonly step: string | null;
  readonly payload: unknown;
  readonly planId: string | null;
  readonly undoesId: string | null;
  readonly total: number;
  readonly accountId: string;
  readonly personId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}
interface ItemRow {
  readonly no: number;
  readonly processId: string;
  readonly outcome: Outcome;
  readonly seq: number | null;
  readonly reason: { readonly de: string; readonly en: string } | null;
}

const found = `select ${columns} from engine.process p
  where status = 'RUNNING' and ($1::uuid is null or definition_id = $1) and ($2::uuid is null or series_id = $2)
    and ($3::text[] is null or stage = any($3)) and ($4::text[] is null or tags && $4)
    and ($5::uuid[] is null or scope_id = any($5)) and ($6::uuid[] is null or id = any($6))
    and ($7::boolean is null or (suspended_at is not null) = $7)
    and ($8::boolean is null or $8 = exists (select from engine.deadline d
                                              where d.process_id = p.id and d.due_at <= $9))
  order by id limit ${mostProcesses + 1}`;
const runColumns = `id, kind, step, payload, plan_id as "planId", undoes_id as "undoesId", total,
  account_id as "accountId", person_id as "personId", started_at as "startedAt", finished_at as "finishedAt"`;
const runById = `select ${runColumns} from engine.bulk_run where id = any($1)`;
const newest = `select ${runColumns} from engine.bulk_run order by started_at desc, id desc limit 50`;
const insertRun = `insert into engine.bulk_run (id, kind, step, payload, plan_id, undoes_id, filter, total, account_id,
    person_id, finished_at)
  values ($1, $2, $3, $4::jsonb, $5, $6, $7::jsonb, $8, $9, $10, case when $11 then platform.now() end)`;
const insertItems = `insert into engine.bulk_item (run_id, no, process_id, outcome, reason)
  select $1, no, process_id, case when reason is null then 'PENDING' else 'REFUSED' end, reason::jsonb
    from unnest($2::uuid[], $3::text[]) with ordinality as i(process_id, reason, no)`;
const counts = `select run_id as "runId", outcome, count(*)::int as count from engine.bulk_item
  where run_id = any($1) group by run_id, outcome`;
const items = `select no, process_id as "processId", outcome, seq, reason from engine.bulk_item
  where run_id = $1 and no > $2 and ($3::text is null or outcome = $3) order by no limit $4`;
const doneItems = `select no, process_id as "processId", outcome, seq, reason from engine.bulk_item
  where run_id = $1 and outcome = 'DONE' and ($2::uuid[] is null or process_id = any($2)) order by no`;
const pending = `select no, process_id as "processId", (count(*) over ())::int as "left" from engine.bulk_item
  where run_id = $1 and outcome = 'PENDING' order by no limit $2`;
const stillPending = `select no, process_id as "processId" from engine.bulk_item
  where run_id = $1 and no = any($2) and outcome = 'PENDING'`;
const record = `select engine.record_bulk($1, $2::int[], $3::text[], $4::int[], $5::text[])`;

export const findProcesses = (db: Db, filter: BulkFilter): Promise<ProcessRow[]> =>
  db.call<ProcessRow>(found, [
    filter.definitionId ?? null,
    filter.seriesId ?? null,
    filter.stages ?? null,
    filter.tags ?? null,
    filter.scopeIds ?? null,
    filter.processIds ?? null,
    filter.suspended ?? null,
    filter.overdue ?? null,
    db.at,
  ]);

export const readRuns = (db: Db, ids: readonly string[]) => db.call<RunRow>(runById, [ids]);
export const readNewestRuns = (db: Db) => db.call<RunRow>(newest);

export const insertBulkRun = (
  db: Db,
  id: string,
  { kind, step, payload, planId, undoesId }: Agreed,
  filter: BulkFilter,
  total: number,
  isFinished: boolean,
) =>
  db.call(insertRun, [
    id,
    kind,
    step ?? null,
    payload === undefined ? null : JSON.stringify(payload),
    planId ?? null,
    undoesId ?? null,
    JSON.stringify(filter),
    total,
    db.actor.account,
    db.actor.person,
    isFinished,
  ]);

export const insertBulkItems = (db: Db, runId: string, ids: readonly string[], reasons: (string | null)[]) =>
  db.call(insertItems, [runId, ids, reasons]);

/** How many items of each run came to each outcome. */
export async function readCounts(db: Db, ids: readonly string[]): Promise<Map<string, Map<Outcome, number>>> {
  const rows = await db.call<{ runId: string; outcome: Outcome; count: number }>(counts, [ids]);
  const byRun = Map.groupBy(rows, ({ runId }) => runId);
  return new Map(
    ids.map((id) => [id, new Map((byRun.get(id) ?? []).map(({ outcome, count }) => [outcome, count]))]),
  );
}

export const readItems = (db: Db, runId: string, after: number, only: Outcome | null, limit: number) =>
  db.call<ItemRow>(items, [runId, after, only, limit]);

export const readDone = (db: Db, runId: string, processIds: readonly string[] | null) =>
  db.call<ItemRow>(doneItems, [runId, processIds]);

export type WaitingItem = Pick<ItemRow, 'no' | 'processId'>;

/** The first that wait, and how many there are in all. */
export const readPending = (db: Db, runId: string, limit: number) =>
  db.call<WaitingItem & { readonly left: number }>(pending, [runId, limit]);

/** Those of them that still wait, by process: asked under their locks. */
export async function readStillPending(
  db: Db,
  runId: string,
  waiting: readonly WaitingItem[],
): Promise<ReadonlyMap<string, number>> {
  const nos = waiting.map(({ no }) => no);
  const rows = await db.call<WaitingItem>(stillPending, [runId, nos]);
  return new Map(rows.map(({ processId, no }) => [processId, no]));
}

export interface Result {
  readonly no: number;
  readonly outcome: Outcome;
  readonly seq: number | null;
  readonly reason: object | null;
}

/** Writes what became of them; with the last one the run is finished. */
export const recordResults = (tx: Tx, runId: string, results: readonly Result[]): void =>
  tx.queue(record, [
    runId,
    results.map(({ no }) => no),
    results.map(({ outcome }) => outcome),
    results.map(({ seq }) => seq),
    results.map(({ reason }) => reason && JSON.stringify(reason)),
  ]);

export const unfinished = `select tenant_id as tenant, id from engine.bulk_run
  where finished_at is null and touched_at < clock_timestamp() - make_interval(secs => $1)`;
