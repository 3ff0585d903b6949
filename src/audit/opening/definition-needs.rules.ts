import { openingTags } from './opening-tags.rules.ts';

/** Steps that rounds take by name: at the start, and when a unit leaves. */
const steps = { begin: 'COMMISSION', leave: 'CANCEL' } as const;
/** The step by which a unit's process goes over to the unit that follows it. */
export const successionStep = 'ORG_CHANGE';
/** Tags without which nobody could rate, and no figure would ever count the unit. */
const tags = ['editable', openingTags.ratingsClosed, openingTags.released, openingTags.terminal];

/** What a round has to know of a process definition. */
export interface DefinitionShape {
  readonly steps: readonly string[];
  readonly tags: readonly string[];
}

/** What a definition lacks for a round to be held by it; empty when nothing does. Said in docs/process-definitions.md. */
export function lacksForRounds(shape: DefinitionShape): readonly string[] {
  return [
    ...Object.values(steps).filter((step) => !shape.steps.includes(step)),
    ...tags.filter((tag) => !shape.tags.includes(tag)),
  ];
}
