import type { Tx } from '../../platform/index.ts';
import type { BoundTask, MoveRow } from './move-row.rules.ts';

const many = 'select engine.commit_transition($1::jsonb)';
/** So many transitions go into one call: memory stays bounded. */
const batch = 1000;

/** The parameters of `engine.commit_step`, in its order. */
export const parameters = [
  'process_id',
  'version',
  'status',
  'stage',
  'tags',
  'reentered',
  'snapshot',
  'hash',
  'command_id',
  'step',
  'account_id',
  'person_id',
  'on_behalf_of',
  'at',
  'definition_id',
  'facts',
  'guards',
  'payload_digest',
  'payload',
  'salt',
  'effects',
  'clocks',
  'from_states',
  'to_states',
  'clocks_stopped',
  'tasks_closed',
  'tasks_opened',
  'tasks_dated',
  'notices',
  'suspended_at',
  'suspended_until',
] as const satisfies readonly (keyof MoveRow)[];
const one = `select engine.commit_step(${parameters.map((_, i) => `$${i + 1}`).join(', ')})`;

const json = (value: unknown) => (value == null ? null : JSON.stringify(value));
const bytes = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex'));
/** Nothing to do is said as NULL: the function then does not even look. */
const some = <T>(list: readonly T[]) => (list.length > 0 ? list : null);
const someJson = (list: readonly unknown[]) => json(some(list));
/** Names as the text of an array: JSON's quotes are PostgreSQL's. */
const array = (names: readonly string[]) => `{${names.map((name) => JSON.stringify(name)).join(',')}}`;
const tasks = (list: readonly BoundTask[]) =>
  someJson(list.map((task) => ({ ...task, deadlines: array(task.deadlines) })));

/** Columns that the driver would not write as the function reads them. */
const encode: { readonly [C in keyof MoveRow]?: (value: MoveRow[C]) => unknown } = {
  snapshot: json,
  facts: json,
  guards: json,
  payload: json,
  effects: json,
  clocks: json,
  hash: bytes,
  salt: bytes,
  clocks_stopped: some,
  tasks_closed: some,
  tasks_opened: tasks,
  tasks_dated: tasks,
  notices: someJson,
};
function valueOf<C extends keyof MoveRow>(row: MoveRow, column: C): unknown {
  const write = encode[column];
  return write ? write(row[column]) : row[column];
}

/** Writes transitions, one or thousands: all their rows in one call, which nobody waits for before COMMIT. */
export function commit(tx: Tx, rows: readonly MoveRow[]): void {
  const [first] = rows;
  if (rows.length === 1 && first!.version > 1)
    return tx.queue(
      one,
      parameters.map((column) => valueOf(first!, column)),
    );
  for (let i = 0; i < rows.length; i += batch) tx.queue(many, [JSON.stringify(rows.slice(i, i + batch))]);
}
