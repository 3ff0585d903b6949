import { digest, refuse, type Refusal, type Text } from '../../platform/bare.ts';

/** What these rules need of an audit rating, a sheet and a report's words. */
export interface ReportedCriterion {
  readonly level: number | null;
  readonly statement: string | null;
  readonly reason: string | null;
  readonly personId: string | null;
}
export interface FindingSheet {
  readonly processId: string;
  readonly lines: ReadonlyMap<
    string,
    { readonly criterionId: string; readonly ratings: { readonly AUDIT?: ReportedCriterion } }
  >;
}
export interface Words {
  readonly summary: string;
  readonly publicSummary: string | null;
}

/** What a signature under the report binds: every audit rating with its explanation, and the report's words. */
export function reportHash(sheet: FindingSheet, text: Words | undefined): string {
  const ratings = [...sheet.lines.values()]
    .map(({ criterionId, ratings: { AUDIT } }) => ({ criterionId, ...(AUDIT && said(AUDIT)) }))
    .sort((one, other) => (one.criterionId < other.criterionId ? -1 : 1));
  const words = text ? { summary: text.summary, publicSummary: text.publicSummary } : null;
  return digest({ processId: sheet.processId, ratings, words });
}

const said = ({ level, statement, reason }: ReportedCriterion) => ({ level, statement, reason });

/** Everybody whose audit rating stands in a sheet. */
export const ratersOf = ({ lines }: FindingSheet): string[] => [
  ...new Set([...lines.values()].flatMap(({ ratings: { AUDIT } }) => AUDIT?.personId ?? [])),
];

/**
 * The second signature is another natural person's: neither whoever wrote the report's words, nor the one who alone
 * rated everything. `isSigner` counts a deputy and the person stood in for as one (Konzept §6.2, four eyes).
 */
export function refuseSigner(
  authors: { readonly words: string; readonly raters: readonly string[] },
  isSigner: (personId: string) => boolean,
): Refusal<'FourEyesNeeded'> | undefined {
  const ratedAlone = authors.raters.length > 0 && authors.raters.every(isSigner);
  if (!ratedAlone && !isSigner(authors.words)) return;
  return refuse('FourEyesNeeded', fourEyes);
}

const fourEyes: Text = {
  de: 'Den Bericht zeichnet eine zweite Person gegen: nicht, wer ihn verfasst oder allein bewertet hat.',
  en: 'A second person countersigns the report: not whoever wrote it or rated alone.',
};
