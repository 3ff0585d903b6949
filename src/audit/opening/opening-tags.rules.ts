import type { GroupSizes } from '../../organisation/index.ts';

/**
 * What states of an opening process mean to programs. A definition names its regions, states, deadlines and tasks as it
 * likes; by these tags it says what they are, and figures, rights and lists ask for nothing else.
 */
export const openingTags = {
  /** The unit has not been commissioned yet. */
  notStarted: 'notStarted',
  /** The unit's own ratings stand; until then they are nobody else's to count. */
  ratingsClosed: 'ratingsClosed',
  /** The report is out: the audit's final ratings are the ones that count. */
  released: 'released',
  /** An open objection keeps what it attacks from being shown outside (Konzept §2.3). */
  publicationHeld: 'publicationHeld',
  /** Nothing will happen any more; without `released` it was cancelled. */
  terminal: 'terminal',
} as const;
export type OpeningTag = keyof typeof openingTags;

/** What decides about rights beside the definition's tags. */
export interface Shown {
  readonly isReleasedToPublic: boolean;
  readonly sizes: GroupSizes;
}

/**
 * The tags that rights are decided by: those of the state; `published` where the report was last released to the public
 * and is not held back; `fewInside` and `fewOutside` where the ratings are about too few people, or about nobody knows
 * how many, to be shown to colleagues who do not work on the case, and to the public.
 */
export function shownTags(tags: readonly string[], { isReleasedToPublic, sizes }: Shown): readonly string[] {
  const isPublished = isReleasedToPublic && !tags.includes(openingTags.publicationHeld);
  return [
    ...tags,
    ...(isPublished ? ['published'] : []),
    ...(sizes.inside === 'ENOUGH' ? [] : ['fewInside']),
    ...(sizes.outside === 'ENOUGH' ? [] : ['fewOutside']),
  ];
}
