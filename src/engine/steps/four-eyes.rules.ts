import type { Text } from '../../platform/bare.ts';
import type { Chart } from '../definition/chart.rules.ts';
import type { Reason } from '../definition/guard.rules.ts';
import { functionList, type NameOf } from '../machine/function-names.rules.ts';
import type { Holder } from '../machine/registry.ts';

export const fourEyes: Reason = {
  code: 'FOUR_EYES',
  text: {
    de: 'Vier Augen: Das muss eine andere Person tun als die, die den vorausgehenden Schritt gegangen ist.',
    en: 'Four eyes: somebody else than the person who took the preceding step must do this.',
  },
};

/** The steps that nobody who took this one may take, in whatever function. */
export const secondsOf = ({ definition }: Chart, first: string): string[] =>
  Object.entries(definition.steps)
    .filter(([, { who }]) => who.every(({ notSameAs }) => notSameAs?.includes(first)))
    .map(([name]) => name);

/** Those whom four eyes do not rule out: neither the people themselves, nor who stands in for one of them. */
export function notRuledOut<H extends Holder>(holders: readonly H[], people: ReadonlySet<string>): H[] {
  const theirs = new Set(
    holders.filter(({ as, personId }) => as !== 'DEPUTY' && people.has(personId)).map(({ postId }) => postId),
  );
  return holders.filter(
    ({ as, personId, postId }) => !people.has(personId) && !(as === 'DEPUTY' && theirs.has(postId)),
  );
}

/** Why somebody should leave a step to others: nobody else could take the later one. */
export function nobodyLeft({ definition }: Chart, later: string, nameOf: NameOf): Reason {
  const { label, who } = definition.steps[later]!;
  const functions = functionList(
    who.map((one) => one.function),
    nameOf,
  );
  const text: Text = {
    de: `Danach könnte niemand mehr „${label.de}“: Das darf nur, wer diesen Schritt nicht gegangen ist, und außer Ihnen kommt dafür niemand in Frage (${functions.de}). Bitte diesen Schritt einer anderen Person überlassen.`,
    en: `Nobody could take “${label.en}” afterwards: only somebody who did not take this step may, and there is nobody but you (${functions.en}). Please leave this step to another person.`,
  };
  return { code: 'NOBODY_LEFT', text };
}
