// What each peer does for one event, in plain tables without row-level security: lock and read the instance, decide,
// then write instance, log, deadline, tasks, domain row and outbox by one prepared statement. It is less than our command
// does: no receipt, no guards' answers and facts in the log, no foreign keys, no policies.
import { createHash } from 'node:crypto';

const tables = `
  create schema peer;
  create table peer.instance (id uuid primary key, version int not null, state text not null, snapshot jsonb not null,
                              head text not null);
  create table peer.log (id uuid not null, seq int not null, event text not null, at timestamptz not null,
                         body jsonb not null, hash text not null, primary key (id, seq));
  create table peer.deadline (id uuid not null, name text not null, due_at timestamptz not null, primary key (id, name));
  create index on peer.deadline (due_at);
  create table peer.task (id uuid not null, name text not null, opened_seq int not null, closed_seq int,
                          primary key (id, opened_seq));
  create index on peer.task (id) where closed_seq is null;
  create table peer.domain (id uuid primary key, n int not null, note text not null);
  create table peer.outbox (id uuid not null, seq int not null, kind text not null, body jsonb not null,
                            primary key (id, seq));
  insert into peer.instance select id, 1, 'a', '{}', '' from engine.process;
  insert into peer.domain select id, 0, '' from engine.process;
  insert into peer.deadline select id, 'weekA', now() + interval '7 days' from engine.process;
  insert into peer.task select id, 'ping', 1, null from engine.process;
  analyze peer.instance, peer.domain, peer.deadline, peer.task`;

const lock = 'select version, state, snapshot, head from peer.instance where id = $1 for update';
const write = `with
  moved as (update peer.instance set version = $2, state = $3, snapshot = $4, head = $5 where id = $1),
  logged as (insert into peer.log values ($1, $2, $6, now(), $7, $5)),
  stopped as (delete from peer.deadline where id = $1 and name = $8),
  started as (insert into peer.deadline values ($1, $9, now() + interval '7 days')),
  closed as (update peer.task set closed_seq = $2 where id = $1 and closed_seq is null),
  opened as (insert into peer.task values ($1, $10, $2, null)),
  changed as (update peer.domain set n = n + 1, note = $6 where id = $1)
  insert into peer.outbox values ($1, $2, 'told', '{"to":["HEAD"]}')`;

export const createPeerTables = (pool) => pool.query(tables);

/** The event, inside whoever's transaction: \`query\` is a client's. */
export function peerStep(machine) {
  const position = { a: machine.start().position };
  position.b = machine.step(position.a, 'PING', new Set(machine.chart.edges.map(({ id }) => id))).position;
  const open = new Set(machine.chart.edges.map(({ id }) => id));
  return async (client, id) => {
    const { rows } = await client.query({ name: 'peer-lock', text: lock, values: [id] });
    const { version, state, head } = rows[0];
    const event = state === 'a' ? 'PING' : 'PONG';
    const moved = machine.step(position[state], event, open);
    const next = state === 'a' ? 'b' : 'a';
    const body = JSON.stringify({
      id,
      seq: version + 1,
      event,
      from: [state],
      to: moved.states,
      facts: { 'list.open': 0 },
    });
    const hash = createHash('sha256').update(head).update(body).digest('hex');
    const names = state === 'a' ? ['weekA', 'weekB', 'pong'] : ['weekB', 'weekA', 'ping'];
    const values = [id, version + 1, next, JSON.stringify(moved.position), hash, event, body, ...names];
    await client.query({ name: 'peer-write', text: write, values });
  };
}

/** The event in a transaction of its own: what a job runs. */
export const inTransaction = (pool, step) => async (id) => {
  const client = await pool.connect();
  try {
    await client.query({ name: 'begin', text: 'begin' });
    await step(client, id);
    await client.query({ name: 'commit', text: 'commit' });
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
};
