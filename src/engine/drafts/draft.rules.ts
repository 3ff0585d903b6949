import { refuse, refuseFaults, type Refusal, type Text, notPossible } from '../../platform/bare.ts';
import type { Checked } from '../publish/definition-check.rules.ts';

const mostFaults = 100;

/** How a draft may move: drafted and changed, submitted, then published by somebody else or returned. */

export type DraftStatus = 'DRAFT' | 'IN_REVIEW' | 'PUBLISHED' | 'DISCARDED';

export interface DraftRow {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly source: string;
  readonly status: DraftStatus;
  readonly revision: number;
  readonly authors: readonly string[];
  readonly sha256: string | null;
  readonly returnedBecause: string | null;
  readonly definitionId: string | null;
  readonly changedAt: Date;
}

const refused = (message: Text, state: string): Refusal<'NotPossibleNow'> => notPossible(state, message);

const standing: Record<DraftStatus, Text> = {
  DRAFT: { de: 'Der Entwurf ist noch nicht eingereicht.', en: 'The draft is not submitted yet.' },
  IN_REVIEW: {
    de: 'Der Entwurf wird gerade geprüft und ändert sich nicht. Bitte erst zurückgeben.',
    en: 'The draft is in review and does not change. Please return it first.',
  },
  PUBLISHED: {
    de: 'Der Entwurf ist veröffentlicht. Für Änderungen bitte einen neuen mit der nächsten Version anlegen.',
    en: 'The draft is published. For changes please begin a new one with the next version.',
  },
  DISCARDED: { de: 'Der Entwurf ist verworfen.', en: 'The draft is discarded.' },
};

export const refuseStatus = ({ status }: DraftRow, needed: DraftStatus) =>
  status === needed ? undefined : refused(standing[status], status);

export const refuseRevision = ({ revision }: DraftRow, expected: number) =>
  revision === expected
    ? undefined
    : refuse(
        'ChangedMeanwhile',
        {
          de: 'Der Entwurf wurde inzwischen geändert. Bitte neu laden und erneut entscheiden.',
          en: 'The draft was changed meanwhile. Please reload it and decide again.',
        },
        { currentVersion: revision },
      );

/** What was checked must be what stands now, and without a fault. */
export const refuseChecked = (draft: DraftRow, checked: (Checked & { revision: number }) | undefined) =>
  refuseRevision(draft, checked?.revision ?? -1) ?? refuseFaults(checked!.faults.slice(0, mostFaults));

/** Four eyes are two natural persons: none of the authors publishes. */
export const refuseAuthor = ({ authors }: DraftRow, person: string) =>
  authors.includes(person)
    ? refuse('NotAllowed', {
        de: 'Vier Augen: Sie haben an diesem Entwurf geschrieben. Veröffentlichen muss ihn eine zweite Person.',
        en: 'Four eyes: you have written on this draft. A second person must publish it.',
      })
    : undefined;

/** Only what was reviewed is published: the reader says by its hash what that was. */
export const refuseOtherHash = ({ sha256, revision }: DraftRow, reviewed: string) =>
  sha256 === reviewed
    ? undefined
    : refuse(
        'ChangedMeanwhile',
        {
          de: 'Eingereicht ist ein anderer Inhalt als der geprüfte. Bitte neu laden und erneut prüfen.',
          en: 'What is submitted is not what was reviewed. Please reload it and review again.',
        },
        { currentVersion: revision },
      );

export const tooManyDrafts = (most: number) =>
  refused(
    {
      de: `Es gibt schon ${most} offene Entwürfe. Bitte zuerst einige verwerfen.`,
      en: `There are ${most} open drafts already. Please discard some first.`,
    },
    'FULL',
  );

/** Written for people: a definition as the text of a draft. */
export const printed = (definition: object): string => `${JSON.stringify(definition, null, 2)}\n`;
