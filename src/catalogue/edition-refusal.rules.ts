import { howMany, refuse, notPossible } from '../platform/bare.ts';
import type { ContentFault } from './edition.rules.ts';
import { pathText, type FileFault } from './yaml.rules.ts';

/** A gap as clients see it; a plain object, since receipts keep it as JSON. */
export const gapOf = ({ path, message: { de, en } }: ContentFault) => ({
  path: pathText(path),
  message: { de, en },
});

export function faultyFile(faults: readonly FileFault[]) {
  const message = {
    de: `Die Datei hat ${howMany(faults.length, 'einen Fehler', 'Fehler')} und wurde nicht eingelesen. Bitte die genannten Stellen berichtigen.`,
    en: `The file has ${howMany(faults.length, 'one fault', 'faults')} and was not read in. Please correct the places named.`,
  };
  return refuse('EditionFileFaulty', message, { faults });
}

export function alreadyPublished<E>(version: string, edition: E) {
  const message = {
    de: `Die Version ${version} ist schon veröffentlicht und ändert sich nicht mehr. Bitte der Datei eine höhere Version geben.`,
    en: `Version ${version} is published and never changes. Please give the file a higher version.`,
  };
  return refuse('EditionAlreadyPublished', message, { edition });
}

export interface DraftState {
  readonly status: 'DRAFT' | 'PUBLISHED';
  readonly revision: number;
  /** Null: shipped with the product. */
  readonly importedBy?: string | null | undefined;
}

/** Refuses what is published already, what changed since it was read, and the person who read it in (four eyes). */
export function refusePublication(draft: DraftState, publisher: string, expectedRevision: number) {
  if (draft.status === 'PUBLISHED') {
    const reason = { de: 'Die Fassung ist schon veröffentlicht.', en: 'The edition is published already.' };
    return notPossible(draft.status, reason);
  }
  if (draft.revision !== expectedRevision) {
    const message = {
      de: 'Der Entwurf wurde inzwischen geändert. Bitte erneut lesen und dann veröffentlichen.',
      en: 'The draft was changed in the meantime. Please read it again, then publish.',
    };
    return refuse('ChangedMeanwhile', message, { currentVersion: draft.revision });
  }
  if (draft.importedBy !== publisher) return undefined;
  return refuse('PublisherMustBeAnother', {
    de: 'Sie haben diesen Entwurf eingelesen. Veröffentlichen muss eine zweite Person des Integrationszentrums.',
    en: 'You read in this draft. A second person of the integration centre must publish it.',
  });
}

export function incomplete(gaps: readonly ContentFault[]) {
  const message = {
    de: `Dem Entwurf fehlt noch etwas (${howMany(gaps.length, 'eine Stelle', 'Stellen')}). Bitte ergänzen und erneut einlesen.`,
    en: `The draft still lacks something (${howMany(gaps.length, 'one place', 'places')}). Please complete it and read it in again.`,
  };
  return refuse('EditionIncomplete', message, { gaps: gaps.map(gapOf) });
}
