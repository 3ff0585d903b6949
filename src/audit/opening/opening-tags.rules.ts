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

/** The tags of a process with `published` among them where its report, last released to the public, is not held back. */
export function shownTags(tags: readonly string[], isReleasedToPublic: boolean): readonly string[] {
  const isPublished = isReleasedToPublic && !tags.includes(openingTags.publicationHeld);
  return isPublished ? [...tags, 'published'] : tags;
}
