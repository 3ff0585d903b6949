import type { Text } from '../platform/bare.ts';

/** Why a unit of the round is missing in a figure. */
export type LeftOutReason = 'NOT_YOURS' | 'NOT_PUBLISHED' | 'NOT_OPEN' | 'FEW' | 'UNKNOWN';

/** How many units a figure leaves out for one reason, and the reason as a sentence. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly units: number;
  readonly sentence: Text;
}

/** What a figure leaves out, counted by reason, in the order in which they are written here. */
export function leftOutBy(reasons: readonly LeftOutReason[]): LeftOut[] {
  return (Object.keys(sentences) as LeftOutReason[]).flatMap((reason) => {
    const units = reasons.filter((one) => one === reason).length;
    return units === 0 ? [] : [{ reason, units, sentence: sentences[reason] }];
  });
}

const sentences: Readonly<Record<LeftOutReason, Text>> = {
  NOT_YOURS: {
    de: 'Für diese Einheiten haben Sie keine Funktion; die Zahl gilt ohne sie.',
    en: 'You hold no function for these units; the figure holds without them.',
  },
  NOT_PUBLISHED: {
    de: 'Der Bericht dieser Einheiten ist nicht veröffentlicht.',
    en: 'The report of these units is not public.',
  },
  NOT_OPEN: {
    de: 'Die Bewertungen dieser Einheiten sind abgeschlossen, Ihnen aber (noch) nicht zugänglich.',
    en: 'The ratings of these units are closed, but not (yet) open to you.',
  },
  FEW: {
    de: 'In diesen Einheiten arbeiten zu wenige Menschen; ihre Bewertungen zählen nirgends mit, damit sie sich auch nicht errechnen lassen.',
    en: 'Too few people work in these units; their ratings count nowhere, so that they cannot be worked out either.',
  },
  UNKNOWN: {
    de: 'Wie viele Menschen in diesen Einheiten arbeiten, hat niemand angegeben; bis dahin zählen ihre Bewertungen nirgends mit.',
    en: 'Nobody has stated how many people work in these units; until then their ratings count nowhere.',
  },
};
