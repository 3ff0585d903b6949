// The least that PostgreSQL could do for a step: one prepared statement that updates the process row and inserts the log
// entry, without row-level security, without a foreign key, a receipt, tasks, deadlines, an outbox, or a decision.
const tables = `
  create table bench.floor_process as select * from engine.process;
  alter table bench.floor_process add primary key (tenant_id, id);
  create table bench.floor_log as select * from engine.log_entry with no data;
  alter table bench.floor_log add primary key (tenant_id, process_id, seq)`;
const text = `with moved as (
    update bench.floor_process set version = version + 1, stage = $3, snapshot = $4, stage_since = now()
     where tenant_id = $1 and id = $2 returning *)
  insert into bench.floor_log (tenant_id, process_id, seq, command_id, step, account_id, person_id, at, definition_id,
                               facts, guards, effects, clocks, from_states, to_states, stage, tags, hash)
    select tenant_id, id, version, id, 'PING', id, id, now(), definition_id, $4, $4, $4, $4, states, states, stage, tags,
           head
      from moved`;
const snapshot = JSON.stringify({ v: { work: 'a' }, s: 'active', c: { n: {}, by: {} } });

export async function floorVariant({ pool }, { tenant, ids }, clients) {
  await pool.query(tables);
  await pool.query('analyze bench.floor_process');
  return {
    once: (client, i) =>
      pool.query({
        name: 'floor',
        text,
        values: [tenant, ids[(client + i * clients) % ids.length], 'a', snapshot],
      }),
  };
}
