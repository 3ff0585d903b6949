// The table: what was measured, what it must be and what would be better; printed, and kept beside the figures.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

const folder = new URL('results/', import.meta.url);
const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** A row: its figure, its range over the runs, and whether it holds. At most or at least, as \`must\` says. */
export function row(what, { median, low, high }, must, stretch, { atMost = false, unit = '' } = {}) {
  const holds = must === undefined ? undefined : atMost ? median <= must : median >= must;
  return { what, median, low, high, must, stretch, atMost, unit, holds };
}

export function printed(rows) {
  const sign = ({ atMost }) => (atMost ? '≤' : '≥');
  const lines = rows.map((one) => [
    one.what,
    `${number(one.median)}${one.unit}`,
    `${number(one.low)}–${number(one.high)}`,
    one.must === undefined ? '' : `${sign(one)} ${one.must}`,
    one.stretch === undefined ? '' : String(one.stretch),
    one.holds === undefined ? '' : one.holds ? 'yes' : '**no**',
  ]);
  const head = ['measured', 'median', 'runs', 'must', 'stretch', 'holds'];
  const table = [head, head.map(() => '---'), ...lines];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const notes = `
## How it is measured
One process holds our server and all peers; one PostgreSQL 18 with \`fsync\`, \`synchronous_commit\` and full page writes
on. Variants run one after another in slices of 0.4 s, in random order; a ratio is taken within one cycle; the figure is
the median of the runs' medians, and the range is that of the runs. Only ratios mean anything on a shared machine.

- **floor**: one prepared statement that updates the process row and inserts the log entry, in copies of the two tables
  with nothing but a primary key. No row-level security, no foreign keys, nothing decided. *With our indexes*: the same
  in copies that have them.
- **command**: what \`takeStep\` does, from \`StepGroups.take\` on: a turn among equal commands, the row lock, permission, a
  fact, the guard, the pure step; process, log entry with facts, guards and hash chain, a task closed and one opened, a
  deadline stopped and one started with its reminder, a notice in the outbox, the receipt; row-level security on all.
  Steps that arrive while others are under way share a transaction (ADR 69), as those of users do; each client waits for
  its answer, which comes after COMMIT. Who is signed in and which functions they hold is answered from memory.
- **with a domain change**: also one row of a tenant table, by a bound statement of an effect in the same transaction.
- **GraphQL**: the same as an HTTP request through Fastify's \`inject\` (no socket), with parsing, validation, access rules
  and the process in the answer.
- **peers** do, for one event: lock, the same pure step, SHA-256, and instance, log, deadline, tasks, domain row and outbox
  by one prepared statement. They have no receipt, policies, foreign keys, facts or permissions: less work than ours.
  *DBOS*: one workflow with one transaction on the least data source its public interface asks for; system tables in the
  same database; tracing off. *pg-boss*: LISTEN/NOTIFY and bursts, batches of 32. *graphile-worker*: 32 at a time; both are as
  parallel with one client as with 32, which favours them there. A job's rate counts completed events, the drain of a bounded backlog included.
- **versioned**: the same engine, which reads without the lock, finds 40001 and does the whole command again; it is set
  against the lock with each command in a transaction of its own, and then against steps that share one.
- **start**: 5,000 processes in one command, against one command for each, one after another.
- **replay**: all that was logged by then, read, recomputed and compared, against the rate of commands at 8 clients.
- **publish check**: names, exploration and all else that publishing asks, of the shipped definition with the most states.
- **live**: relay, listener and due steps at work, and 200 subscribers that re-read their process at each change.
`;

const fileOf = (name) => new URL(`${name}.json`, folder);

/** Keeps what one part measured, with where and when. */
export function keep(name, measured) {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0].toFixed(1),
    node: process.version,
  };
  const kept = { at: new Date().toISOString(), machine, ...measured };
  writeFileSync(fileOf(name), `${JSON.stringify(kept, null, 1)}\n`);
}

/** The page for people, from what is kept of each part. */
export function writePage(names) {
  const parts = names
    .filter((name) => existsSync(fileOf(name)))
    .map((name) => ({ name, ...JSON.parse(readFileSync(fileOf(name), 'utf8')) }));
  const measured = parts.map(
    ({ name, at, machine: { cores, cpu, memoryGB, node, load } }) =>
      `- ${name}: ${at.slice(0, 16).replace('T', ' ')}, ${cores} × ${cpu}, ${memoryGB} GB, Node ${node}, load ${load} at its end`,
  );
  const title = '# What the engine costs, beside its peers';
  const about =
    '`npm run bench` writes this page; the figures behind it are in the JSON files beside it. Measured:';
  const table = printed(parts.flatMap(({ rows }) => rows));
  writeFileSync(
    new URL('README.md', folder),
    `${title}\n\n${about}\n\n${measured.join('\n')}\n\n${table}\n\nWhere the time goes: \`profile.md\`.\n${notes}`,
  );
}
