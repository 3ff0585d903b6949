import type { Text } from '../../platform/bare.ts';
import type { Chart } from '../definition/chart.rules.ts';
import { SUSPENSION, type Clocks, type StartedClock } from './clock.rules.ts';
import type { BuiltInStep } from '../definition/definition.rules.ts';

/** What became of a deadline, as people are told. */
type ChangeKind =
  | 'SET'
  | 'MOVED'
  | 'PAUSED'
  | 'RESUMED'
  | 'ACTED'
  | 'CANCELLED'
  | 'EXTENSION_REQUESTED'
  | 'EXTENSION_REFUSED';

/** One change of one deadline by one log entry. */
interface DeadlineChange {
  readonly name: string;
  readonly kind: ChangeKind;
  readonly seq: number;
  readonly step: string;
  readonly at: Date;
  readonly definitionId: string;
  /** Where it is due after the change; for a cancelled one, where it would have been. */
  readonly dueOn: string;
  /** Where it was due before, when that is another day. */
  readonly dueOnBefore: string | null;
}

export interface EntryOfClocks extends Pick<DeadlineChange, 'seq' | 'step' | 'at' | 'definitionId'> {
  readonly clocks: Clocks;
}

const kindOf: Readonly<Partial<Record<BuiltInStep, ChangeKind>>> = {
  suspend: 'PAUSED',
  resume: 'RESUMED',
  requestExtension: 'EXTENSION_REQUESTED',
  grantExtension: 'MOVED',
  refuseExtension: 'EXTENSION_REFUSED',
};

/** Reads from a process's entries, first to last, what became of its deadlines. */
export function changesOf(
  entries: readonly EntryOfClocks[],
  chartOf: (definitionId: string) => Chart,
): DeadlineChange[] {
  const running = new Map<string, StartedClock>();
  return entries.flatMap(({ clocks, ...entry }) => {
    const builtIn = chartOf(entry.definitionId).definition.steps[entry.step]?.does;
    const before = new Map(running);
    for (const name of clocks.stopped) running.delete(name);
    for (const clock of clocks.started) running.set(clock.name, clock);
    const gone = clocks.stopped.filter((name) => !running.has(name) && before.has(name));
    return [
      ...gone.map((name) => ({
        ...entry,
        name,
        kind: 'CANCELLED' as const,
        dueOn: before.get(name)!.dueOn,
        dueOnBefore: null,
      })),
      ...clocks.started.map((clock) => changeOf(entry, builtIn, before.get(clock.name), clock)),
    ];
  });
}

function changeOf(
  entry: Omit<EntryOfClocks, 'clocks'>,
  builtIn: BuiltInStep | undefined,
  before: StartedClock | undefined,
  { name, dueOn }: StartedClock,
): DeadlineChange {
  const acted = before?.nextStep === entry.step && before.dueOn === dueOn;
  const kind = (before && builtIn && kindOf[builtIn]) ?? (acted ? 'ACTED' : 'SET');
  return { ...entry, name, kind, dueOn, dueOnBefore: before && before.dueOn !== dueOn ? before.dueOn : null };
}

export const labelOfDeadline = ({ definition }: Chart, name: string): Text =>
  name === SUSPENSION
    ? { de: 'Ende der Aussetzung', en: 'End of the suspension' }
    : (definition.deadlines[name]?.label ?? { de: name, en: name });
