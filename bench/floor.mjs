// The least that PostgreSQL could do for a step: one prepared statement that updates the process row and inserts the log
// entry, past row-level security, without foreign keys, a receipt, tasks, deadlines, an outbox, or a decision. It writes
// copies of our two tables with nothing but a primary key; a second one writes copies with our indexes.
const tables = `
  create table bench.indexed_process (like engine.process including all);
  insert into bench.indexed_process select * from engine.process;
  create table bench.indexed_log (like engine.log_entry including all);
  create table bench.bare_process as select * from engine.process;
  alter table bench.bare_process add primary key (tenant_id, id);
  create table bench.bare_log as select * from engine.log_entry with no data;
  alter table bench.bare_log add primary key (tenant_id, process_id, seq)`;
const statement = (kind) => `with moved as (
    update bench.${kind}_process set version = version + 1, stage = $3, snapshot = $4, stage_since = now()
     where tenant_id = $1 and id = $2 returning *)
  insert into bench.${kind}_log (tenant_id, process_id, seq, command_id, step, account_id, person_id, at, definition_id,
                                 facts, guards, effects, clocks, from_states, to_states, stage, tags, hash)
    select tenant_id, id, version, id, 'PING', id, id, now(), definition_id, $4, $4, $4, $4, states, states, stage, tags,
           head
      from moved`;
const snapshot = JSON.stringify({ v: { work: 'a' }, s: 'active', c: { n: {}, by: {} } });

export async function createFloorTables(pool) {
  await pool.query(tables);
  await pool.query('analyze bench.indexed_process, bench.bare_process');
}

export function floorVariants({ pool }, { tenant, ids }, clients) {
  const variant = (kind) => {
    const text = statement(kind);
    const values = (client, i) => [tenant, ids[(client + i * clients) % ids.length], 'a', snapshot];
    return { once: (client, i) => pool.query({ name: kind, text, values: values(client, i) }) };
  };
  return { bare: variant('bare'), indexed: variant('indexed') };
}
