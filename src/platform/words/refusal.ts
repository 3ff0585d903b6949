import type { Text } from './text.ts';

/**
 * A rule's *no* as a value: the name of a GraphQL type that implements `Refusal`, a sentence that says what,
 * where and what to do, and the facts a screen needs. Never thrown by rules (ADR 0003).
 */
export interface Refusal<T extends string = string> {
  readonly __typename: T;
  readonly message: Text;
}

const refusals = new WeakSet<object>();

/** Makes a refusal; `facts` become fields of its GraphQL type. */
export function refuse<T extends string, F extends object = object>(
  typename: T,
  message: Text,
  facts?: F,
): Refusal<T> & F {
  const refusal = Object.freeze({ ...(facts as F), __typename: typename, message });
  refusals.add(refusal);
  return refusal;
}

/** True for what `refuse` made, and for nothing that merely looks like it. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && refusals.has(value);
}

/** What cannot be done as things stand: the state (null where there is none to name) and why, the first reason as the sentence. */
export const notPossible = (state: string | null, first: Text, ...more: readonly Text[]) =>
  refuse('NotPossibleNow', first, { state, reasons: [first, ...more] });
