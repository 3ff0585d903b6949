import type { Tx } from '../../platform/index.ts';
import type { MoveRow } from './transition.rules.ts';

const many = 'select engine.commit_transition($1::jsonb)';
/** So many transitions go into one call: memory stays bounded. */
const batch = 1000;

/** The parameters of `engine.commit_step`, in its order. */
const parameters = (
  'process_id version status stage tags reentered snapshot hash command_id step account_id person_id on_behalf_of ' +
  'at definition_id facts guards payload_digest payload salt effects clocks from_states to_states clocks_stopped ' +
  'tasks_closed tasks_opened tasks_dated notices suspended_at suspended_until'
).split(' ');
const one = `select engine.commit_step(${parameters.map((_, i) => `$${i + 1}`).join(', ')})`;

const json = (value: unknown) => (value == null ? null : JSON.stringify(value));
const bytes = (hex: unknown) => (hex == null ? null : Buffer.from(hex as string, 'hex'));
/** Nothing to do is told as NULL: the function then does not even look. */
const some = (list: unknown) => ((list as readonly unknown[] | undefined)?.length ? list : null);
const someJson = (list: unknown) => json(some(list));
/** Names as the text of an array: JSON's quotes are PostgreSQL's. */
const array = (names: readonly string[]) => `{${names.map((name) => JSON.stringify(name)).join(',')}}`;
const tasks = (list: unknown) =>
  someJson(
    (list as readonly { readonly deadlines: readonly string[] }[] | undefined)?.map((task) => ({
      ...task,
      deadlines: array(task.deadlines),
    })),
  );
const encode = new Map<string, (value: unknown) => unknown>([
  ...['snapshot', 'facts', 'guards', 'payload', 'effects', 'clocks'].map((name) => [name, json] as const),
  ...['tasks_opened', 'tasks_dated'].map((name) => [name, tasks] as const),
  ['notices', someJson],
  ...['clocks_stopped', 'tasks_closed'].map((name) => [name, some] as const),
  ...['hash', 'salt'].map((name) => [name, bytes] as const),
]);
const valueOf = (row: MoveRow) => (name: string) =>
  encode.has(name) ? encode.get(name)!(row[name]) : row[name];

/** Writes transitions, one or thousands: all their rows in one call, which nobody waits for before COMMIT. */
export function commit(tx: Tx, rows: readonly MoveRow[]): void {
  if (rows.length === 1 && rows[0]!.version > 1) return tx.tell(one, parameters.map(valueOf(rows[0]!)));
  for (let i = 0; i < rows.length; i += batch) tx.tell(many, [JSON.stringify(rows.slice(i, i + batch))]);
}
