/** Where NOTIFY tells all servers what has changed. Only keys pass here: who may see what is decided where it is read. */
export const channel = 'oa_live';

/** A process with its newest entry. */
interface ProcessMoved {
  readonly id: string;
  readonly seq: number;
}

/** What changed in one administration: processes that moved, or so many that none is named. */
export interface LiveChange {
  readonly tenant: string;
  readonly processes: readonly ProcessMoved[] | 'many';
  /** Something was commanded that moved no process. */
  readonly commands: boolean;
}

/** `told` closes a batch: everything that this snapshot of the database saw has been told by now. */
export interface News {
  /** Undefined: nobody looked for a while, so anything may have changed. */
  readonly changes: readonly LiveChange[] | undefined;
  readonly told: string | undefined;
}

const anything = '*';
const command = '+';
const closing = '!';
// PostgreSQL takes less than 8,000 bytes in one NOTIFY; a process takes 48 at most, a snapshot is cut off at 2,000.
const mostBytes = 5900;
const mostInLine = 110;
/** Of one administration; 5,000 a second, in ten payloads each turn. */
const mostProcesses = 1000;
const longestSnapshot = 2000;

/** The changes as payloads, as few as they fit in: lines for an administration, `tenant + process:seq process:seq`. */
export function payloadsOf(changes: readonly LiveChange[], snapshot: string): string[] {
  const payloads: string[] = [];
  let payload = '';
  for (const line of changes.flatMap(linesOf)) {
    if (payload && payload.length + line.length >= mostBytes) {
      payloads.push(payload);
      payload = '';
    }
    payload += payload ? `\n${line}` : line;
  }
  if (!payload) return [];
  return [...payloads, closed(payload, snapshot)];
}

function linesOf({ tenant, processes, commands }: LiveChange): string[] {
  const many = processes === 'many' || processes.length > mostProcesses;
  const named = many ? [anything] : processes.map(({ id, seq }) => `${id}:${seq}`);
  const lines: string[] = [];
  for (let i = 0; i === 0 || i < named.length; i += mostInLine)
    lines.push(
      [tenant, ...(commands && i === 0 ? [command] : []), ...named.slice(i, i + mostInLine)].join(' '),
    );
  return lines;
}

/** What a new relay tells: it does not know what the last one had told. */
export const anythingSince = (snapshot: string): string => closed(anything, snapshot);

// Without its end a reader's place stays where it was: then something is told twice, and nothing is lost.
const closed = (payload: string, snapshot: string): string =>
  snapshot.length > longestSnapshot ? payload : `${payload}\n${closing} ${snapshot}`;

/** What several payloads say, as one: an administration is named once. */
export function newsOf(payloads: readonly string[]): News {
  const changes = new Map<string, LiveChange>();
  let [told, isAnything]: [string | undefined, boolean] = [undefined, false];
  for (const line of payloads.flatMap((payload) => payload.split('\n'))) {
    const [head = '', ...entries] = line.split(' ');
    if (head === closing) told = entries[0];
    else if (head === anything) isAnything = true;
    else changes.set(head, joined(changes.get(head), head, entries));
  }
  return { changes: isAnything ? undefined : [...changes.values()], told };
}

function joined(before: LiveChange | undefined, tenant: string, entries: string[]): LiveChange {
  const commands = entries[0] === command;
  if (commands) entries.shift();
  const isMany = entries[0] === anything || before?.processes === 'many';
  const processes = isMany
    ? ('many' as const)
    : [...((before?.processes as ProcessMoved[]) ?? []), ...entries.map(movedIn)];
  return { tenant, processes, commands: commands || before?.commands === true };
}

/** A process as `id:seq`. */
export function movedIn(entry: string): ProcessMoved {
  const [id = '', seq] = entry.split(':');
  return { id, seq: Number(seq) };
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
