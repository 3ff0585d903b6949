import type { Db, Tx } from '../../platform/index.ts';
import { REMINDED } from './built-in-steps.rules.ts';

const onDay = 'select holder_id as id from engine.hand_reminder where day = $1';
// Two who remind at the same moment: the first one has, and the second reaches whoever is left.
const keep = `insert into engine.hand_reminder (day, holder_id, process_id, seq)
  select $1, id, $2, $3 from unnest($4::uuid[]) id order by id on conflict do nothing`;
/** A reminder so old is of no use to anybody any more. */
const forget = `delete from engine.hand_reminder where day < $1::date - 30`;
const byEntry = `select array(select holder_id from engine.hand_reminder where process_id = $1 and seq = $2) as holders
  from engine.log_entry where process_id = $1 and seq = $2
   and exists (select from jsonb_array_elements(effects) e where e ->> 'effect' = $3)`;

/** Who was reminded by hand on a day, wherever: posts, and persons who hold a function without one. */
export const readRemindedOn = async (db: Db, day: string): Promise<ReadonlySet<string>> =>
  new Set((await db.call<{ id: string }>(onDay, [day])).map(({ id }) => id));

export function keepReminded(tx: Tx, processId: string, seq: number, holders: readonly string[]): void {
  tx.queue(forget, [tx.today]);
  tx.queue(keep, [tx.today, processId, seq, holders]);
}

/** Whom a log entry reminded by hand; undefined when it is no such entry. */
export async function readRemindedBy(
  db: Db,
  { processId, seq }: { readonly processId: string; readonly seq: number },
): Promise<ReadonlySet<string> | undefined> {
  const [entry] = await db.call<{ holders: string[] }>(byEntry, [processId, seq, REMINDED]);
  return entry && new Set(entry.holders);
}
