// What must be true of the database whatever happened to whoever wrote into it.
import type pg from 'pg';
import type { EngineBook } from './book.ts';

interface StoredCommand {
  readonly id: string;
  /** Its receipt; a version is kept only with commands that name one. */
  readonly answer: { version?: number } | null;
  /** The log entries of the command, by their steps. */
  readonly steps: readonly string[] | null;
  readonly last: number | null;
}

const stored = `
  select asked.id, c.answer, (select array_agg(e.step::text order by e.seq) from engine.log_entry e
                               where e.command_id = asked.id) as steps,
         (select max(e.seq) from engine.log_entry e where e.command_id = asked.id) as last
    from unnest($1::uuid[]) asked (id) left join platform.command c on c.command_id = asked.id`;

/** Answers that the database does not bear out: lost, doubled, or done although refused. */
export async function faultsOfAnswers(
  db: pg.Client,
  book: EngineBook,
  commandIds: Iterable<string>,
): Promise<string[]> {
  const { rows } = await db.query<StoredCommand>(stored, [[...commandIds]]);
  return rows.flatMap(({ id, answer, steps, last }) => {
    const told = book.answers.get(id)!;
    if ('refused' in told)
      return answer || steps ? [`${id} was refused (${told.refused}), but ${steps?.join()} is there`] : [];
    if (!answer || !steps) return [`LOST ${id} was acknowledged and is not there`];
    const { version, steps: taken } = told.receipt;
    const kept = answer.version ?? last;
    if (kept !== version) return [`${id} was told version ${version}, kept is ${kept}`];
    return steps.join() === taken.join() ? [] : [`DOUBLED ${id}: ${taken.join()} stands as ${steps.join()}`];
  });
}

/** Each query finds what must not be. */
const never: Readonly<Record<string, string>> = {
  'a process whose log has a gap or an entry too many': `
    select p.id from engine.process p left join engine.log_entry e on e.process_id = p.id
     group by p.id, p.version having count(e.seq) <> p.version or max(e.seq) <> p.version or min(e.seq) <> 1`,
  'a log entry without the receipt of its command': `
    select e.process_id, e.seq from engine.log_entry e
     where not exists (select from platform.command c where c.command_id = e.command_id)`,
  'a receipt without an answer': `select command_id from platform.command where answer is null`,
  'a task that is closed and open at once, or opened by no entry': `
    select t.id from engine.task t
     where not exists (select from engine.log_entry e where (e.process_id, e.seq) = (t.process_id, t.opened_seq))`,
  'a deadline that no entry set': `
    select d.process_id, d.name from engine.deadline d
     where not exists (select from engine.log_entry e, jsonb_array_elements(e.clocks -> 'started') c
                        where (e.process_id, e.seq) = (d.process_id, d.epoch) and c ->> 'name' = d.name)`,
  'a payload of no entry, or an entry whose payload is missing': `
    select process_id, seq from engine.log_entry e where payload_digest is not null
       and not exists (select from engine.log_payload p where (p.process_id, p.seq) = (e.process_id, e.seq))`,
  'a transaction that stands open and idle': `
    select pid from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'
       and now() - state_change > interval '10 seconds'`,
};

/** Only where effects are stood in for. */
const ofEffects = {
  'an effect that the log does not know, or that is missing': `
    with logged as (select process_id, seq, e ->> 'effect' as effect
                      from engine.log_entry, jsonb_array_elements(effects) e where not e ->> 'effect' like '$%')
    (select * from logged except all select * from crash.effect)
    union all (select * from crash.effect except all select * from logged)`,
};

export const faultsOfEngineRows = (db: pg.Client): Promise<string[]> =>
  faultsOfRows(db, { ...never, ...ofEffects });

export async function faultsOfRows(
  db: pg.Client,
  queries: Readonly<Record<string, string>> = never,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [what, sql] of Object.entries(queries)) {
    const { rows } = await db.query(sql);
    if (rows.length > 0) faults.push(`${rows.length} × ${what}, first ${JSON.stringify(rows[0])}`);
  }
  return faults;
}
