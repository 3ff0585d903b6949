import type { Chart } from './chart.rules.ts';
import type { FactValue } from './definition.rules.ts';

/** Facts the engine knows by itself, so that no room registers them. */

/** `taken.STEP`: how often the process took it. */
export const TAKEN = 'taken.';
/** `in.live.course.review`: whether that state is active, alone or with inner states. */
export const IN = 'in.';
/** How often the deadline that the step's payload names was put off already. */
export const EXTENSIONS_GRANTED = 'asked.extensionsGranted';

export const isIn = (states: readonly string[], path: string): boolean =>
  states.some((state) => state === path || state.startsWith(`${path}.`));

/** Whether a process's own row answers it. */
export const isOfRow = (name: string): boolean => name.startsWith(TAKEN) || name.startsWith(IN);

/** What of a process's row they need. */
interface FactColumns {
  readonly states: readonly string[];
  readonly snapshot: { readonly c: { readonly n: Readonly<Record<string, number>> } };
}

export function ofRow({ states, snapshot }: FactColumns, name: string): FactValue {
  if (name.startsWith(IN)) return isIn(states, name.slice(IN.length));
  return snapshot.c.n[name.slice(TAKEN.length)] ?? 0;
}

/** Its type; null for one of the engine's own that names what the definition does not have. */
export function typeOfOwnFact(chart: Chart, name: string): 'int' | 'bool' | null | undefined {
  if (name === EXTENSIONS_GRANTED) return 'int';
  if (name.startsWith(TAKEN))
    return Object.hasOwn(chart.definition.steps, name.slice(TAKEN.length)) ? 'int' : null;
  if (name.startsWith(IN)) return chart.nodes.has(name.slice(IN.length)) ? 'bool' : null;
  return undefined;
}
