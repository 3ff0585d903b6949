import type { Text } from '../../platform/bare.ts';
import type { Kind } from './assignment-rule.rules.ts';
import type { Draft } from './assignment.rules.ts';

/** What is asked of a unit, with headings. */
export interface AskedUnit {
  readonly id: string;
  readonly validFrom: string;
  readonly criteria: readonly {
    readonly code: string;
    readonly title: Text;
    readonly field: string;
    readonly fieldOfAction: { readonly title: Text };
  }[];
}

/** A criterion nobody carries out, or a field nobody answers for, with the first day without anybody. */
export interface Gap {
  readonly unitId: string;
  readonly kind: Kind;
  readonly code: string;
  readonly title: Text;
  readonly since: string;
}

/** The gaps of units on a day. `lines` are all that ever held there, ended ones included: they say since when. */
export function gapsOf(units: readonly AskedUnit[], lines: readonly Draft[], day: string): Gap[] {
  const held = new Map<string, string | null>();
  for (const line of lines) {
    if (line.stage !== 'CONFIRMED' || line.validFrom > day) continue;
    for (const subject of line.subjects)
      note(held, `${line.unitId} ${line.kind} ${subject}`, line.validUntil);
  }
  return units.flatMap((unit) =>
    slotsOf(unit).flatMap(({ kind, code, title }) => {
      const until = held.get(`${unit.id} ${kind} ${code}`);
      if (until === null || (until !== undefined && until > day)) return [];
      return [{ unitId: unit.id, kind, code, title, since: until ?? unit.validFrom }];
    }),
  );
}

/** Keeps the latest end; null is open. */
function note(held: Map<string, string | null>, slot: string, until: string | null): void {
  const known = held.get(slot);
  if (known === null) return;
  held.set(slot, until === null || known === undefined || until > known ? until : known);
}

function slotsOf({ criteria }: AskedUnit): { kind: Kind; code: string; title: Text }[] {
  const fields = new Map(criteria.map(({ field, fieldOfAction }) => [field, fieldOfAction.title]));
  return [
    ...criteria.map(({ code, title }) => ({ kind: 'COMPETENT' as const, code, title })),
    ...[...fields].map(([code, title]) => ({ kind: 'ACCOUNTABLE' as const, code, title })),
  ];
}

/** The post somebody carries out a criterion at, or answers for a field at, with who is appointed there. */
export interface NamedPost {
  readonly postId: string;
  readonly rationale: string | null;
  readonly persons: readonly string[];
}

export interface Union {
  readonly unitId: string;
  readonly field: string;
  readonly criteria: readonly string[];
  readonly postId: string;
  readonly rationale: string | null;
}

/**
 * Where the same natural person carries out criteria of a field and answers for it. The reason may stand with either
 * assignment. Source: criterion STE-02 of the administration catalogue.
 */
export function unionsOf(
  units: readonly AskedUnit[],
  named: (unitId: string, kind: Kind, code: string) => NamedPost | undefined,
): Union[] {
  return units.flatMap((unit) => {
    const found = new Map<string, Union>();
    for (const { code, field } of unit.criteria) {
      const competent = named(unit.id, 'COMPETENT', code);
      const accountable = named(unit.id, 'ACCOUNTABLE', field);
      if (!competent || !accountable?.persons.some((person) => competent.persons.includes(person))) continue;
      const key = `${field} ${competent.postId}`;
      const rationale = competent.rationale ?? accountable.rationale;
      const known = found.get(key) ?? {
        unitId: unit.id,
        field,
        criteria: [],
        postId: competent.postId,
        rationale,
      };
      found.set(key, {
        ...known,
        criteria: [...known.criteria, code],
        rationale: known.rationale ?? rationale,
      });
    }
    return [...found.values()];
  });
}
