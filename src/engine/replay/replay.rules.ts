import { canonical } from '../definition/definition-file.rules.ts';
import type { GuardCalls } from '../definition/guard.rules.ts';
import { digestOf, HAND_OVER, isMigration, link, START, type LogEntry } from '../steps/log.rules.ts';
import type { Machine, Moved } from '../machine/machine.rules.ts';
import { SUSPENSION, type StartedClock } from '../steps/clock.rules.ts';
import { after, decide, startSnapshot, tasksOf } from '../steps/move.rules.ts';
import { areSame, belongingOf } from '../steps/place.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';
import { type Course, follow } from './course.rules.ts';
import { relocate } from './replay-migration.rules.ts';
import type { Shelf } from './shelf.rules.ts';

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
export function replay(shelf: Shelf, stored: Stored, calls: GuardCalls): Difference[] {
  const processId = stored.process.id;
  const { course, difference } = courseOf(shelf, stored, calls);
  if (difference) return [{ processId, ...difference }];
  return faultsOfRows(shelf.machineOf(course.definitionId), stored, course).map((what) => ({
    processId,
    step: undefined,
    what,
  }));
}

/** Where a log leads, entry by entry, up to the first that differs. */
export function courseOf(
  shelf: Shelf,
  stored: Pick<Stored, 'process' | 'entries' | 'payloads'>,
  calls: GuardCalls,
): { course: Course; difference?: Omit<Difference, 'processId'> } {
  const course: Course = {
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
    const what = playEntry(shelf, stored, calls, course, entry, i + 1);
    if (what) return { course, difference: { step: `${entry.seq} ${entry.step}`, what } };
  }
  return { course };
}

/** Nearly always already the texts are the same; only keys in another order need the canonical one. */
const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || canonical(a) === canonical(b);

function playEntry(
  shelf: Shelf,
  stored: Pick<Stored, 'process' | 'entries' | 'payloads'>,
  calls: GuardCalls,
  course: Course,
  entry: Stored['entries'][number],
  seq: number,
): string | undefined {
  const { hash, ...body } = entry;
  if (entry.seq !== seq) return `entry ${seq} is missing`;
  if (entry.processId !== stored.process.id) return 'belongs to another process';
  if (!same(entry.from, course.states))
    return `begins in ${entry.from.join()} instead of ${course.states.join()}`;
  const machine = shelf.machineOf(entry.definitionId);
  const what =
    follow(course, body) ??
    (isMigration(entry)
      ? relocate(shelf, course, body, stored.entries.slice(0, seq - 1))
      : goOn(machine, course, entry, calls));
  if (what) return what;
  recordClocks(course, entry);
  course.stage = machine.chart.stage(course.states);
  if (!same(entry.to, course.states))
    return `leads to ${course.states.join()}, the log says ${entry.to.join()}`;
  if (entry.stage !== course.stage || !same(entry.tags, machine.chart.tags(course.states)))
    return 'stage or tags differ';
  const head = link(course.head, body, course.snapshot!);
  if (head !== hash) return 'the hash chain is broken here';
  course.head = head;
  return faultOfPayload(stored, entry);
}

/** A step of the definition that the process runs by. */
function goOn(machine: Machine, course: Course, entry: LogEntry, calls: GuardCalls): string | undefined {
  if (entry.definitionId !== course.definitionId) return 'belongs to another definition';
  course.before = undefined;
  if (entry.step === HAND_OVER) return course.snapshot ? undefined : 'does not begin with its start';
  const moved = play(machine, course, entry, calls);
  if (typeof moved === 'string') return moved;
  advance(machine, course, entry, moved);
  return undefined;
}

function recordClocks({ clocks }: Course, { seq, clocks: { started, stopped } }: LogEntry): void {
  for (const name of stopped) clocks.delete(name);
  for (const clock of started) clocks.set(clock.name, { ...clock, epoch: seq });
}

/** The step as it must have gone; a text when the recorded facts or answers do not allow it. */
function play(machine: Machine, course: Course, entry: LogEntry, calls: GuardCalls): Moved | string {
  if (entry.step === START) return course.snapshot ? 'starts a second time' : machine.start();
  if (!course.snapshot) return 'does not begin with its start';
  const facts = new Map(Object.entries(entry.facts));
  const { reasons } = machine.chart.definition;
  const { moved, answers } = decide(machine, course.snapshot, entry.step, { facts, calls, reasons });
  if (!moved) return 'is not possible with the recorded facts';
  return same(answers, entry.guards) ? moved : 'the guards answer otherwise than recorded';
}

function advance(machine: Machine, course: Course, entry: LogEntry, moved: Moved): void {
  const people = entry.onBehalfOf ? [entry.personId, entry.onBehalfOf] : [entry.personId];
  const { chart } = machine;
  course.snapshot = course.snapshot
    ? after(chart, course.snapshot, moved, entry.step, people)
    : startSnapshot(moved);
  course.states = moved.states;
  const stage = chart.stage(moved.states);
  const leaf = `${chart.definition.stage}.${stage}`;
  if (stage !== course.stage || (moved.left.includes(leaf) && moved.entered.includes(leaf)))
    course.stageSince = entry.at;
  const act = chart.definition.steps[entry.step]?.does;
  if (act === 'suspend') course.suspendedAt = entry.at;
  if (act === 'resume' || moved.position.s === 'done') course.suspendedAt = null;
  const { closed, opened } = tasksOf(chart, moved);
  const stillOpen = course.tasks.filter(({ name }) => !closed.includes(name));
  course.tasks = [
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
  course: Course,
): string[] {
  const byName = <T extends { name: string }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  const checks: [holds: boolean, what: string][] = [
    [process.version === entries.length, `version ${process.version} with ${entries.length} log entries`],
    [process.definitionId === course.definitionId, 'runs by another definition than the log says'],
    [
      !course.belonging || areSame(course.belonging, belongingOf(process)),
      'the process was moved to another place than the log says',
    ],
    [process.head === course.head, 'the head is not the end of the hash chain'],
    [same(process.snapshot, course.snapshot), 'the stored snapshot is not what the log leads to'],
    [same(process.states, course.states), 'the stored states are not what the log leads to'],
    [same(process.tags, machine.chart.tags(course.states)), 'the stored tags are not what the log leads to'],
    [
      process.stage === course.stage && process.stageSince.toISOString() === course.stageSince,
      'stage or its beginning differ from the log',
    ],
    [
      (process.suspendedAt?.toISOString() ?? null) === course.suspendedAt &&
        process.suspendedUntil === (course.clocks.get(SUSPENSION)?.dueOn ?? null),
      'its rest differs from the log',
    ],
    [
      process.status === (course.snapshot?.s === 'done' ? 'FINISHED' : 'RUNNING'),
      'the status differs from the log',
    ],
    [
      same(byName(deadlines), byName([...course.clocks.values()])),
      'the deadlines are not what the log leads to',
    ],
    [same(byName(openTasks), byName(course.tasks)), 'the open tasks are not what the log leads to'],
  ];
  return checks.filter(([holds]) => !holds).map(([, what]) => what);
}
