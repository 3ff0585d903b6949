import { countCriteria, type Counters, type FrozenCriterion } from './counters.rules.ts';

/** What these rules ask of an edition. */
export interface EditionCriteria {
  readonly scale: readonly { readonly level: number }[];
  readonly fields: readonly { readonly code: string }[];
  readonly criteria: readonly {
    readonly id: string;
    readonly field: string;
    readonly weight: number;
    readonly core: boolean;
  }[];
}

/** The given criteria as a process holds them: fields by their number in the edition. */
export function frozenCriteria(
  edition: EditionCriteria,
  criteria: EditionCriteria['criteria'],
): FrozenCriterion[] {
  const numbers = new Map(edition.fields.map(({ code }, at) => [code, at + 1]));
  return criteria.map(({ id, field, weight, core }) => ({
    criterionId: id,
    fieldNo: numbers.get(field)!,
    weight,
    core,
    top: edition.scale.length - 1,
  }));
}

/** Counts for each class of units once: thousands of units fall into a few dozen of level, kind and tags. */
export function countByClass<U extends { level: string; kind: string; tags: readonly string[] }>(
  edition: EditionCriteria,
  applicable: (unit: U) => EditionCriteria['criteria'],
): (unit: U) => Counters {
  const classes = new Map<string, Counters>();
  return (unit) => {
    const name = [unit.level, unit.kind, ...unit.tags.toSorted()].join('|');
    const known =
      classes.get(name) ?? countCriteria(frozenCriteria(edition, applicable(unit)), edition.fields.length);
    classes.set(name, known);
    return known;
  };
}
