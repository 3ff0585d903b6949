import type { Text } from '../../platform/bare.ts';
import { factsShown, filled, leavesOf } from './chart.rules.ts';
import type { Definition, FactValue, Guard } from './definition.rules.ts';

/** Facts by name. A fact that is absent was not asked (it needs the step's payload): its leaf stays open. */
export type Facts = ReadonlyMap<string, FactValue>;

/** A guard function over facts, by name in the closed registry. Pure. */
export interface GuardCall {
  readonly facts: readonly string[];
  evaluate(facts: Facts, params: Readonly<Record<string, FactValue>>): boolean;
}
export type GuardCalls = ReadonlyMap<string, GuardCall>;

/** What one leaf said, for the log: so a decision can be explained without the data of its day. */
export interface Answer {
  readonly leaf: string;
  readonly holds: boolean;
}

/** Why a step is closed: a stable code, and a sentence with its numbers. */
export interface Reason {
  readonly code: string;
  readonly text: Text;
}

export interface Verdict {
  /** Undefined: it depends on facts that were not asked. */
  readonly holds: boolean | undefined;
  readonly answers: readonly Answer[];
  readonly reasons: readonly Reason[];
}

/** A guard with everything that its evaluation needs. */
export interface GuardContext {
  readonly facts: Facts;
  readonly calls: Pick<GuardCalls, 'get'>;
  readonly reasons: Definition['reasons'];
  /** How a fact's value reads in a sentence; by default as it is. */
  readonly show?: (fact: string, value: FactValue) => Text;
}

/** Evaluates a whole guard. It evaluates every leaf, so that all reasons are named and all results recorded. */
export function evaluateGuard(guard: Guard | undefined, context: GuardContext): Verdict {
  if (!guard) return { holds: true, answers: [], reasons: [] };
  const answers = leavesOf(guard).flatMap((leaf): Answer[] => {
    const holds = leafHolds(leaf, context);
    return holds === undefined ? [] : [{ leaf: nameOfLeaf(leaf), holds }];
  });
  const holds = holdsOf(guard, context);
  return { holds, answers, reasons: holds === false ? reasonsOf(guard, false, context) : [] };
}

/** The facts a guard reads, those its sentences show included. */
export function factsOf(
  guard: Guard | undefined,
  calls: GuardCalls,
  reasons: Definition['reasons'],
): string[] {
  return leavesOf(guard).flatMap((leaf) => {
    const shown = reasons[leaf.reason];
    const asked = 'fact' in leaf ? [leaf.fact] : (calls.get(leaf.call)?.facts ?? []);
    return [...asked, ...(shown ? [...factsShown(shown.de), ...factsShown(shown.en)] : [])];
  });
}

/** Whether a guard may come to hold when only these facts are known; undefined: the other facts decide. */
export function holdsAsFarAs(facts: Facts, guard: Guard | undefined): boolean | undefined {
  return guard ? holdsOf(guard, { facts, calls: unasked, reasons: {} }) : true;
}
const unaskedCall: GuardCall = { facts: ['\0'], evaluate: () => false };
const unasked: Pick<GuardCalls, 'get'> = { get: () => unaskedCall };

type Leaf = ReturnType<typeof leavesOf>[number];

function holdsOf(guard: Guard, context: GuardContext): boolean | undefined {
  if ('not' in guard) {
    const holds = holdsOf(guard.not, context);
    return holds === undefined ? undefined : !holds;
  }
  if ('all' in guard) return settled(guard.all, context, false);
  if ('any' in guard) return settled(guard.any, context, true);
  return leafHolds(guard, context);
}

/** `all` is settled by one no, `any` by one yes; an open part leaves an unsettled whole open. */
function settled(guards: readonly Guard[], context: GuardContext, by: boolean): boolean | undefined {
  const parts = guards.map((guard) => holdsOf(guard, context));
  if (parts.includes(by)) return by;
  return parts.includes(undefined) ? undefined : !by;
}

/** The leaves that make `guard` come out as `outcome`: under `not` those are the ones that hold. */
function reasonsOf(guard: Guard, outcome: boolean, context: GuardContext): Reason[] {
  if ('not' in guard) return reasonsOf(guard.not, !outcome, context);
  const parts = 'all' in guard ? guard.all : 'any' in guard ? guard.any : undefined;
  if (!parts) return [reasonOf(guard as Leaf, context)];
  const found = parts
    .filter((part) => holdsOf(part, context) === outcome)
    .flatMap((part) => reasonsOf(part, outcome, context));
  return [...new Map(found.map((reason) => [reason.code, reason])).values()];
}

function reasonOf(leaf: Leaf, { facts, reasons, show }: GuardContext): Reason {
  const sentence = reasons[leaf.reason]!;
  const shown = (language: 'de' | 'en') => (fact: string) => {
    const value = facts.get(fact) ?? null;
    return show?.(fact, value)[language] ?? String(value ?? '–');
  };
  return {
    code: leaf.reason,
    text: { de: filled(sentence.de, shown('de')), en: filled(sentence.en, shown('en')) },
  };
}

function leafHolds(leaf: Leaf, { facts, calls }: GuardContext): boolean | undefined {
  if ('call' in leaf) {
    const call = calls.get(leaf.call);
    if (!call) throw new Error(`Guard function ${leaf.call} is not registered`);
    return call.facts.every((name) => facts.has(name)) ? call.evaluate(facts, leaf.with ?? {}) : undefined;
  }
  const value = facts.get(leaf.fact);
  return value === undefined ? undefined : compare(leaf, value);
}

function compare(leaf: Extract<Leaf, { fact: string }>, value: FactValue): boolean {
  if (leaf.is !== undefined) return value === leaf.is;
  if (leaf.isNot !== undefined) return value !== leaf.isNot;
  // A fact without a value satisfies no order: what is unknown must not open a step.
  if (typeof value !== 'number') return false;
  if (leaf.atLeast !== undefined) return value >= leaf.atLeast;
  if (leaf.atMost !== undefined) return value <= leaf.atMost;
  if (leaf.below !== undefined) return value < leaf.below;
  return value > leaf.above!;
}

function nameOfLeaf(leaf: Leaf): string {
  if ('call' in leaf) return `${leaf.call}(${JSON.stringify(leaf.with ?? {})})`;
  const { fact, reason: _reason, ...comparison } = leaf;
  const [[operator, operand]] = Object.entries(comparison) as [[string, FactValue]];
  return `${fact} ${operator} ${JSON.stringify(operand)}`;
}
