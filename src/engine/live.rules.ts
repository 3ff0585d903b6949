/** Where NOTIFY tells all servers what has changed. Only keys pass here: who may see what is decided where it is read. */
export const channel = 'oa_live';

/** What changed in one administration: processes with their newest entry, or so many that none is named. */
export interface Change {
  readonly tenant: string;
  readonly processes: readonly { readonly id: string; readonly seq: number }[] | 'many';
  /** Something was commanded that moved no process. */
  readonly commands: boolean;
}

/** One payload. `told` closes a batch: everything that this snapshot of the database saw has been told by now. */
export interface News {
  /** Undefined: nobody looked for a while, so anything may have changed. */
  readonly changes: readonly Change[] | undefined;
  readonly told: string | undefined;
}

const anything = '*';
const command = '+';
const told = '!';
// PostgreSQL takes less than 8,000 bytes in one NOTIFY; a process takes 48 at most, a snapshot is cut off at 2,000.
const mostBytes = 5900;
const mostProcesses = 110;
const longestSnapshot = 2000;

/** The changes as payloads, as few as they fit in: a line for each administration, `tenant + process:seq process:seq`. */
export function payloadsOf(changes: readonly Change[], snapshot: string): string[] {
  const payloads: string[] = [];
  let payload = '';
  for (const { tenant, processes, commands } of changes) {
    const many = processes === 'many' || processes.length > mostProcesses;
    const named = many ? [anything] : processes.map(({ id, seq }) => `${id}:${seq}`);
    const line = [tenant, ...(commands ? [command] : []), ...named].join(' ');
    if (payload && payload.length + line.length >= mostBytes) {
      payloads.push(payload);
      payload = '';
    }
    payload += payload ? `\n${line}` : line;
  }
  if (!payload) return [];
  return [...payloads, closed(payload, snapshot)];
}

/** What a new relay tells: it does not know what the last one had told. */
export const anythingSince = (snapshot: string): string => closed(anything, snapshot);

// Without its end a reader's place stays where it was: then something is told twice, and nothing is lost.
const closed = (payload: string, snapshot: string): string =>
  snapshot.length > longestSnapshot ? payload : `${payload}\n${told} ${snapshot}`;

export function newsOf(payload: string): News {
  const lines = payload.split('\n').map((line) => line.split(' '));
  const end = lines.at(-1)?.[0] === told ? lines.pop()?.[1] : undefined;
  if (lines[0]?.[0] === anything) return { changes: undefined, told: end };
  const changes = lines.map(([tenant = '', ...entries]): Change => {
    const commands = entries[0] === command;
    if (commands) entries.shift();
    if (entries[0] === anything) return { tenant, processes: 'many', commands };
    const processes = entries.map((entry) => {
      const [id = '', seq] = entry.split(':');
      return { id, seq: Number(seq) };
    });
    return { tenant, processes, commands };
  });
  return { changes, told: end };
}

/** A place in what is told is PostgreSQL's own text of a snapshot: `xmin:xmax:xip,…`, ascending between the two. */
export function isSnapshot(text: string): boolean {
  const [xmin, xmax, running, ...rest] = text.split(':');
  const ids = running ? running.split(',') : [];
  if (running === undefined || rest.length > 0) return false;
  if (![xmin, xmax, ...ids].every((id) => /^[1-9]\d{0,17}$/.test(id ?? ''))) return false;
  const numbers = [xmin!, ...ids].map(BigInt);
  const ascend = ids.every((id, i) => BigInt(id) >= numbers[i]!);
  return ascend && numbers.every((id) => id <= BigInt(xmax!));
}
