import type { Place } from '../../platform/bare.ts';
import type { Step } from '../definition/definition.rules.ts';
import type { ProcessRow } from '../machine/process.rules.ts';

type StepWho = Step['who'][number];
export type Scope = NonNullable<StepWho['scope']>;

/** May take the step, in this function; or why not. */
export type Permission = { readonly as: StepWho } | { readonly denied: 'NO_FUNCTION' | 'FOUR_EYES' };

export const scopeOf = (who: StepWho): Scope => who.scope ?? 'process';

/** Where a function must be held to count for a step of this process. */
export function placeOf({ id, scopeId, seriesId }: ProcessRow, scope: Scope = 'process'): Place {
  const series = seriesId === null ? {} : { seriesId };
  if (scope === 'tenant') return {};
  return scope === 'series' ? series : { ...series, unitId: scopeId, processId: id };
}

/**
 * The first function that lets these people (the actor, and whoever is represented) take the step. Four eyes are two
 * natural persons: nobody of them may have taken, or been represented in, the step to be seconded.
 */
export function permissionOf(
  step: Step,
  process: ProcessRow,
  held: (scope: Scope) => ReadonlySet<string>,
  people: readonly string[],
): Permission {
  const holding = step.who.filter((who) => held(scopeOf(who)).has(who.function));
  if (holding.length === 0) return { denied: 'NO_FUNCTION' };
  const { by } = process.snapshot.c;
  const free = holding.find(
    (who) => !(who.notSameAs ?? []).some((other) => by[other]?.some((person) => people.includes(person))),
  );
  return free ? { as: free } : { denied: 'FOUR_EYES' };
}
