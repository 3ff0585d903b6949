import { factsShown, leavesOf, type Chart } from '../definition/chart.rules.ts';
import type { FactValue, Guard, Transition } from '../definition/definition.rules.ts';
import { typeOfOwnFact } from '../definition/own-facts.rules.ts';
import type { Vocabulary } from '../machine/registry.ts';

export type Say = (path: string, de: string, en: string) => void;
const has = (record: object, name: string) => Object.hasOwn(record, name);
const mostLeaves = 8;

/** What a transition, or a step that the engine does itself, asks and causes. */
export function checkDeed(
  place: string,
  { guard, effects = [] }: Pick<Transition, 'guard' | 'effects'>,
  chart: Chart,
  known: Vocabulary,
  say: Say,
): void {
  effects.forEach(({ effect }, i) => {
    if (!known.effects.has(effect))
      say(`${place}.effects[${i}]`, `Unbekannte Wirkung ${effect}.`, `Unknown effect ${effect}.`);
  });
  checkGuard(`${place}.guard`, guard, chart, known, say);
}

function checkGuard(path: string, guard: Guard | undefined, chart: Chart, known: Vocabulary, say: Say): void {
  const leaves = leavesOf(guard);
  if (leaves.length > mostLeaves)
    say(path, `Mehr als ${mostLeaves} Bedingungen.`, `More than ${mostLeaves} conditions.`);
  for (const leaf of leaves) {
    const reason = chart.definition.reasons[leaf.reason];
    if (!has(chart.definition.reasons, leaf.reason))
      say(path, `Zum Grund ${leaf.reason} fehlt der Satz.`, `The reason ${leaf.reason} has no sentence.`);
    else
      for (const shown of factsShown(reason!.de))
        checkFact(shown, undefined, `$.reasons.${leaf.reason}`, chart, known, say);
    if ('call' in leaf) {
      if (!known.calls.has(leaf.call))
        say(path, `Unbekannte Bedingung ${leaf.call}.`, `Unknown guard ${leaf.call}.`);
    } else {
      const { fact, reason: _reason, ...comparison } = leaf;
      checkFact(fact, Object.entries(comparison)[0] as [string, FactValue], path, chart, known, say);
    }
  }
}

const literalOf = { int: 'number', bool: 'boolean', text: 'string', id: 'string' } as const;

function checkFact(
  fact: string,
  comparison: [operator: string, operand: FactValue] | undefined,
  path: string,
  chart: Chart,
  known: Vocabulary,
  say: Say,
): void {
  const own = typeOfOwnFact(chart, fact);
  if (own === null)
    return say(
      path,
      `${fact} nennt, was es in diesem Ablauf nicht gibt.`,
      `${fact} names what this process does not have.`,
    );
  const type = own ?? known.facts.get(fact)?.type;
  if (!type) return say(path, `Unbekannte Tatsache ${fact}.`, `Unknown fact ${fact}.`);
  if (!comparison) return;
  const [operator, operand] = comparison;
  const ordered = operator !== 'is' && operator !== 'isNot';
  if (typeof operand !== literalOf[type] || (ordered && type !== 'int'))
    say(
      path,
      `${fact} ist ${type}, verglichen mit ${JSON.stringify(operand)}.`,
      `${fact} is ${type}, compared with ${JSON.stringify(operand)}.`,
    );
}
