import type { Db } from '../../platform/index.ts';
import type { Fired, StartedClock } from './clock.rules.ts';

const columns = `name, due_on as "dueOn", due_at as "dueAt", next_step as "nextStep", next_at as "nextAt",
  started_on as "startedOn", first_due_on as "firstDueOn", nullif(extended, 0) as extended, asked_seq as "askedSeq",
  asked_until as "askedUntil", paused_on as "pausedOn"`;
const clocks = `select process_id as "processId", epoch, ${columns} from engine.deadline
  where process_id = any($1) order by due_at, name`;
const due = `select ${columns} from engine.deadline
  where process_id = $1 and name = $2 and epoch = $3 and next_at <= $4 and paused_on is null`;
const extensions = `select process_id as id, extended from engine.deadline
  where process_id = any($1) and name = $2`;

type ClockColumns = { [K in keyof StartedClock]-?: NonNullable<StartedClock[K]> | null } & {
  readonly dueAt: Date;
  readonly nextAt: Date | null;
};

/** A clock as the log would tell it. */
interface ClockRow {
  readonly processId: string;
  /** The log entry that set it so. */
  readonly epoch: number;
  readonly clock: StartedClock;
}

export async function readClocks(db: Db, ids: readonly string[]): Promise<ClockRow[]> {
  const rows = await db.call<ClockColumns & { processId: string; epoch: number }>(clocks, [ids]);
  return rows.map(({ processId, epoch, ...row }) => ({
    processId,
    epoch,
    clock: asLogged(row as ClockColumns),
  }));
}

/** The deadline whose time has come, unless it was set anew meanwhile or stands. */
export async function readDue(
  db: Db,
  { processId, name, epoch }: { processId: string; name: string; epoch: number },
): Promise<Fired | undefined> {
  const [row] = await db.call<ClockColumns>(due, [processId, name, epoch, db.at]);
  return row && (asLogged(row) as Fired);
}

/** How often a deadline of each process was put off, by process; none for whoever does not have it. */
export async function readExtensions(db: Db, ids: readonly string[], name: unknown) {
  const rows = await db.call<{ id: string; extended: number }>(extensions, [ids, name]);
  return new Map(rows.map(({ id, extended }) => [id, extended]));
}

const asLogged = (row: ClockColumns): StartedClock =>
  Object.fromEntries(
    Object.entries<unknown>(row)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  ) as unknown as StartedClock;
