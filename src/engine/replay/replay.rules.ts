import { canonical } from '../definition/definition-file.rules.ts';
import type { GuardCalls } from '../definition/guard.rules.ts';
import { digestOf, HAND_OVER, isMigration, link, START, type LogEntry } from '../steps/log.rules.ts';
import type { Machine, Moved } from '../machine/machine.rules.ts';
import { SUSPENSION, type StartedClock } from '../steps/clock.rules.ts';
import { after, decide, startSnapshot, tasksOf } from '../steps/move.rules.ts';
import { areSame, belongingOf } from '../steps/place.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { type ReplayState, follow } from './replay-state.rules.ts';
import { relocate } from './replay-migration.rules.ts';
import type { DefinitionLibrary } from './definition-library.rules.ts';

/** Everything that is stored about one process. */
export interface Stored {
  readonly process: ProcessRow;
  readonly entries: readonly (LogEntry & { readonly hash: string })[];
  /** By seq; an erased payload is absent, and its digest remains in the entry. */
  readonly payloads: ReadonlyMap<number, { readonly salt: string; readonly body: unknown }>;
  readonly deadlines: readonly (StartedClock & { readonly epoch: number })[];
  readonly openTasks: readonly {
    readonly name: string;
    readonly function: string;
    readonly openedSeq: number;
  }[];
}

/** Where the stored process and its replay differ. */
export interface Difference {
  readonly processId: string;
  /** The log entry, when it lies in the log; its step, as `7 SIGN_OFF`. */
  readonly step: string | undefined;
  readonly what: string;
}

/**
 * Plays a process's log again on the pure machine, with the facts that were recorded, and compares: each entry's
 * place, guards, states and link of the chain, then the rows that stand. It stops at the first entry that differs,
 * because whatever follows rests on it.
 */
export function replay(library: DefinitionLibrary, stored: Stored, calls: GuardCalls): Difference[] {
  const processId = stored.process.id;
  const { replayed, difference } = replayStateOf(library, stored, calls);
  if (difference) return [{ processId, ...difference }];
  return faultsOfRows(library.machineOf(replayed.definitionId), stored, replayed).map((what) => ({
    processId,
    step: undefined,
    what,
  }));
}

/** Where a log leads, entry by entry, up to the first that differs. */
export function replayStateOf(
  library: DefinitionLibrary,
  stored: Pick<Stored, 'process' | 'entries' | 'payloads'>,
  calls: GuardCalls,
): { replayed: ReplayState; difference?: Omit<Difference, 'processId'> } {
  const replayed: ReplayState = {
    definitionId: stored.entries[0]?.definitionId ?? stored.process.definitionId,
    snapshot: undefined,
    states: [],
    head: '',
    stage: '',
    stageSince: '',
    suspendedAt: null,
    clocks: new Map(),
    tasks: [],
    belonging: undefined,
    before: undefined,
  };
  for (const [i, entry] of stored.entries.entries()) {
    const what = playEntry(library, stored, calls, replayed, entry, i + 1);
    if (what) return { replayed, difference: { step: `${entry.seq} ${entry.step}`, what } };
  }
  return { replayed };
}

/** Nearly always already the texts are the same; only keys in another order need the canonical one. */
const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || canonical(a) === canonical(b);

function playEntry(
  library: DefinitionLibrary,
  stored: Pick<Stored, 'process' | 'entries' | 'payloads'>,
  calls: GuardCalls,
  replayed: ReplayState,
  entry: Stored['entries'][number],
  seq: number,
): string | undefined {
  const { hash, ...body } = entry;
  if (entry.seq !== seq) return `entry ${seq} is missing`;
  if (entry.processId !== stored.process.id) return 'belongs to another process';
  if (!same(entry.from, replayed.states))
    return `begins in ${entry.from.join()} instead of ${replayed.states.join()}`;
  const machine = library.machineOf(entry.definitionId);
  const what =
    follow(replayed, body) ??
    (isMigration(entry)
      ? relocate(library, replayed, body, stored.entries.slice(0, seq - 1))
      : goOn(machine, replayed, entry, calls));
  if (what) return what;
  recordClocks(replayed, entry);
  replayed.stage = machine.chart.stage(replayed.states);
  if (!same(entry.to, replayed.states))
    return `leads to ${replayed.states.join()}, the log says ${entry.to.join()}`;
  if (entry.stage !== replayed.stage || !same(entry.tags, machine.chart.tags(replayed.states)))
    return 'stage or tags differ';
  const head = link(replayed.head, body, replayed.snapshot!);
  if (head !== hash) return 'the hash chain is broken here';
  replayed.head = head;
  return faultOfPayload(stored, entry);
}

/** A step of the definition that the process runs by. */
function goOn(
  machine: Machine,
  replayed: ReplayState,
  entry: LogEntry,
  calls: GuardCalls,
): string | undefined {
  if (entry.definitionId !== replayed.definitionId) return 'belongs to another definition';
  replayed.before = undefined;
  if (entry.step === HAND_OVER) return replayed.snapshot ? undefined : 'does not begin with its start';
  const moved = play(machine, replayed, entry, calls);
  if (typeof moved === 'string') return moved;
  advance(machine, replayed, entry, moved);
  return undefined;
}

function recordClocks({ clocks }: ReplayState, { seq, clocks: { started, stopped } }: LogEntry): void {
  for (const name of stopped) clocks.delete(name);
  for (const clock of started) clocks.set(clock.name, { ...clock, epoch: seq });
}

/** The step as it must have gone; a text when the recorded facts or answers do not allow it. */
function play(machine: Machine, replayed: ReplayState, entry: LogEntry, calls: GuardCalls): Moved | string {
  if (entry.step === START) return replayed.snapshot ? 'starts a second time' : machine.start();
  if (!replayed.snapshot) return 'does not begin with its start';
  const facts = new Map(Object.entries(entry.facts));
  const { reasons } = machine.chart.definition;
  const { moved, answers } = decide(machine, replayed.snapshot, entry.step, { facts, calls, reasons });
  if (!moved) return 'is not possible with the recorded facts';
  return same(answers, entry.guards) ? moved : 'the guards answer otherwise than recorded';
}

function advance(machine: Machine, replayed: ReplayState, entry: LogEntry, moved: Moved): void {
  const people = entry.onBehalfOf ? [entry.personId, entry.onBehalfOf] : [entry.personId];
  const { chart } = machine;
  replayed.snapshot = replayed.snapshot
    ? after(chart, replayed.snapshot, moved, entry.step, people)
    : startSnapshot(moved);
  replayed.states = moved.states;
  const stage = chart.stage(moved.states);
  const leaf = `${chart.definition.stage}.${stage}`;
  if (stage !== replayed.stage || (moved.left.includes(leaf) && moved.entered.includes(leaf)))
    replayed.stageSince = entry.at;
  const builtIn = chart.definition.steps[entry.step]?.does;
  if (builtIn === 'suspend') replayed.suspendedAt = entry.at;
  if (builtIn === 'resume' || moved.position.s === 'done') replayed.suspendedAt = null;
  const { closed, opened } = tasksOf(chart, moved);
  const stillOpen = replayed.tasks.filter(({ name }) => !closed.includes(name));
  replayed.tasks = [
    ...stillOpen,
    ...opened.map((task) => ({ name: task.name, function: task.function, openedSeq: entry.seq })),
  ];
}

function faultOfPayload(
  { payloads }: Pick<Stored, 'payloads'>,
  { seq, payloadDigest }: LogEntry,
): string | undefined {
  const payload = payloads.get(seq);
  if (!payload) return undefined;
  if (payloadDigest === null) return 'has a payload that the log does not know';
  return digestOf(payload.salt, payload.body) === payloadDigest
    ? undefined
    : 'the payload is not the one that was sent';
}

function faultsOfRows(
  machine: Machine,
  { process, entries, deadlines, openTasks }: Stored,
  replayed: ReplayState,
): string[] {
  const byName = <T extends { name: string }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  const checks: [holds: boolean, what: string][] = [
    [process.version === entries.length, `version ${process.version} with ${entries.length} log entries`],
    [process.definitionId === replayed.definitionId, 'runs by another definition than the log says'],
    [
      !replayed.belonging || areSame(replayed.belonging, belongingOf(process)),
      'the process was moved to another place than the log says',
    ],
    [process.head === replayed.head, 'the head is not the end of the hash chain'],
    [same(process.snapshot, replayed.snapshot), 'the stored snapshot is not what the log leads to'],
    [same(process.states, replayed.states), 'the stored states are not what the log leads to'],
    [
      same(process.tags, machine.chart.tags(replayed.states)),
      'the stored tags are not what the log leads to',
    ],
    [
      process.stage === replayed.stage && process.stageSince.toISOString() === replayed.stageSince,
      'stage or its beginning differ from the log',
    ],
    [
      (process.suspendedAt?.toISOString() ?? null) === replayed.suspendedAt &&
        process.suspendedUntil === (replayed.clocks.get(SUSPENSION)?.dueOn ?? null),
      'its rest differs from the log',
    ],
    [
      process.status === (replayed.snapshot?.s === 'done' ? 'FINISHED' : 'RUNNING'),
      'the status differs from the log',
    ],
    [
      same(byName(deadlines), byName([...replayed.clocks.values()])),
      'the deadlines are not what the log leads to',
    ],
    [same(byName(openTasks), byName(replayed.tasks)), 'the open tasks are not what the log leads to'],
  ];
  return checks.filter(([holds]) => !holds).map(([, what]) => what);
}
