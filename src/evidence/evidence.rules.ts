import { howMany, isBlank, refuse, textOrNull, type Refusal, type Text } from '../platform/bare.ts';

/** Sorts of proof that a criterion can ask for (Konzept §3.3). */
export type EvidenceType =
  | 'RULE'
  | 'PLAN'
  | 'MINUTES'
  | 'STATISTIC'
  | 'SAMPLE'
  | 'PHOTO_NO_PERSONS'
  | 'AGREEMENT'
  | 'SURVEY'
  | 'LINK'
  | 'STATEMENT';
export type EvidenceKind = 'LINK' | 'FILE_REFERENCE' | 'NOTE';
export type WithdrawalReason = 'MISTAKE' | 'OUTDATED' | 'CONTAINS_PERSONAL_DATA';

/** A proof as somebody wants to attach it. */
export interface NewEvidence {
  readonly kind: EvidenceKind;
  readonly evidenceType: EvidenceType;
  readonly url?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly note?: string | null | undefined;
  /** The day it speaks of, YYYY-MM-DD. */
  readonly proofOn: string;
  readonly containsNoPersonalData: boolean;
}

export interface EvidenceFault {
  /** Such as `newEvidence.2.url`. */
  readonly path: string;
  readonly message: Text;
}

const contents = ['url', 'reference', 'note'] as const;
const contentOf = { LINK: 'url', FILE_REFERENCE: 'reference', NOTE: 'note' } as const;
const nameOf = {
  LINK: { de: 'einem Link', en: 'a link' },
  FILE_REFERENCE: { de: 'einem Aktenzeichen', en: 'a file reference' },
  NOTE: { de: 'einer Notiz', en: 'a note' },
} as const;
const mostCharacters = { url: 2000, reference: 200, note: 2000 } as const;

/** What is wrong with proofs that somebody wants to attach; `path` is the place of their list in the input. */
export function faultsOfEvidence(
  items: readonly NewEvidence[],
  today: string,
  path = 'newEvidence',
): EvidenceFault[] {
  return items.flatMap((item, at) =>
    faultsOf(item, today).map(([name, de, en]) => ({ path: `${path}.${at}.${name}`, message: { de, en } })),
  );
}

/** Refuses proofs with faults, each with its place. */
export function refuseEvidence(
  items: readonly NewEvidence[],
  today: string,
  path?: string,
): (Refusal<'InvalidInput'> & { readonly faults: readonly EvidenceFault[] }) | undefined {
  const faults = faultsOfEvidence(items, today, path);
  if (faults.length === 0) return;
  const message = {
    de: `Die Nachweise haben ${howMany(faults.length, 'einen Fehler', 'Fehler')}; die Liste nennt jede Stelle.`,
    en: `The evidence has ${howMany(faults.length, 'one fault', 'faults')}; the list names each place.`,
  };
  return refuse('InvalidInput', message, { faults });
}

type Fault = [name: string, de: string, en: string];

function faultsOf(item: NewEvidence, today: string): Fault[] {
  const wanted = contentOf[item.kind];
  const faults: Fault[] = contents
    .filter((name) => name !== wanted && !isBlank(item[name]))
    .map((name) => [
      name,
      `Passt nicht zu ${nameOf[item.kind].de}.`,
      `Does not belong to ${nameOf[item.kind].en}.`,
    ]);
  const content = textOrNull(item[wanted]);
  if (!content) faults.push([wanted, 'Fehlt.', 'Is missing.']);
  else if (content.length > mostCharacters[wanted])
    faults.push([
      wanted,
      `Höchstens ${mostCharacters[wanted]} Zeichen.`,
      `At most ${mostCharacters[wanted]} characters.`,
    ]);
  else if (wanted === 'url') faults.push(...faultsOfUrl(content));
  if (item.proofOn > today)
    faults.push([
      'proofOn',
      'Liegt in der Zukunft. Gemeint ist der Tag, von dem der Nachweis spricht.',
      'Lies in the future. The day is meant that the proof speaks of.',
    ]);
  if (!item.containsNoPersonalData)
    faults.push([
      'containsNoPersonalData',
      'Bitte prüfen und bestätigen: Der Nachweis enthält keine Angaben über einzelne Nutzende oder Beschäftigte.',
      'Please check and confirm: the proof says nothing about individual users or staff.',
    ]);
  return faults;
}

/** A link is opened by others: only the web, and nobody's password in it. */
function faultsOfUrl(text: string): Fault[] {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    return [['url', 'Keine http- oder https-Adresse.', 'Not an http or https address.']];
  if (address.username || address.password)
    return [
      [
        'url',
        'Die Adresse enthält Zugangsdaten. Bitte ohne sie angeben.',
        'The address contains credentials. Please give it without them.',
      ],
    ];
  return [];
}
