import canonicalize from 'canonicalize';
import type { CriterionContent, EditionContent } from './edition.rules.ts';

/** Codes of criteria that differ between two editions of a catalogue. */
export interface EditionDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What `next` changes against `previous`; a criterion keeps its identity by its code. */
export function differenceBetween(
  next: EditionContent,
  previous: EditionContent | undefined,
): EditionDifference {
  const before = new Map(previous?.criteria.map((criterion) => [criterion.id, said(criterion)]));
  const now = new Map(next.criteria.map((criterion) => [criterion.id, said(criterion)]));
  const codes = [...now.keys()];
  return {
    added: codes.filter((code) => !before.has(code)),
    changed: codes.filter((code) => before.has(code) && before.get(code) !== now.get(code)),
    removed: [...before.keys()].filter((code) => !now.has(code)),
  };
}

const said = (criterion: CriterionContent): string => canonicalize(criterion)!;
