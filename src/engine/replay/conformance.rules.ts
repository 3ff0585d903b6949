import type { GuardCalls } from '../definition/guard.rules.ts';
import { leavesOf } from '../definition/chart.rules.ts';
import { MIGRATE, START, type LogEntry } from '../steps/log.rules.ts';
import type { Machine } from '../machine/machine.rules.ts';
import { after, decide, startSnapshot } from '../steps/move.rules.ts';
import { isOfRow, ofRow } from '../definition/own-facts.rules.ts';
import type { Snapshot } from '../machine/process.rules.ts';

export type PlayedEntry = Pick<LogEntry, 'seq' | 'step' | 'personId' | 'onBehalfOf' | 'facts'>;

/** The first step of a history that a definition would have refused. */
interface Deviation {
  readonly step: string;
  /** The visible state before it. */
  readonly stage: string;
}

/**
 * Plays a recorded history on a definition that it did not run by. Facts are those of the record; where the guards ask
 * for others, nobody can know, and they count as held. From an earlier migration on there is nothing to compare.
 */
export function firstDeviation(
  machine: Machine,
  history: readonly PlayedEntry[],
  calls: GuardCalls,
): Deviation | undefined {
  const { chart } = machine;
  let snapshot: Snapshot | undefined;
  let states: readonly string[] = [];
  for (const { step, personId, onBehalfOf, facts } of history) {
    if (step === MIGRATE) return undefined;
    if (step === START) {
      const moved = machine.start();
      [snapshot, states] = [startSnapshot(moved), moved.states];
      continue;
    }
    if (step.startsWith('$') || chart.definition.steps[step]?.does) continue;
    const known = new Map([...Object.entries(facts), ...ownFacts(machine, snapshot!, states, step)]);
    const { reasons } = chart.definition;
    const { moved } = decide(machine, snapshot!, step, { facts: known, calls, reasons });
    if (!moved) return { step, stage: chart.stage(states) };
    snapshot = after(chart, snapshot!, moved, step, onBehalfOf ? [personId, onBehalfOf] : [personId]);
    states = moved.states;
  }
  return undefined;
}

/** What the engine itself knows where this definition would have brought the process. */
function ownFacts({ chart }: Machine, snapshot: Snapshot, states: readonly string[], step: string) {
  const leaves = chart.candidates(states, step).flatMap(({ transition }) => leavesOf(transition.guard));
  return leaves.flatMap((leaf) =>
    'fact' in leaf && isOfRow(leaf.fact)
      ? [[leaf.fact, ofRow({ states, snapshot }, leaf.fact)] as const]
      : [],
  );
}
