import { canonical, type Text } from '../../platform/bare.ts';
import { identityOf, type Fault } from './definition-file.rules.ts';
import { definitionSchema, type Definition } from './definition.rules.ts';
import type { VariantChange, Variant } from './variant-format.rules.ts';
import { operationFor } from './variant-operations.rules.ts';

/** The whole definition that a variant makes of its base, or every change that does not fit, by its place. */
export function materialise(
  variant: Variant,
  base: Definition,
): { definition: Definition } | { faults: Fault[] } {
  const other = faultOfBase(variant, base);
  if (other) return { faults: [other] };
  const { definition, outcomes } = applied(variant, base);
  const faults = outcomes.flatMap(({ faults }, i) => faults.map((fault) => at(i, fault)));
  return faults.length > 0 ? { faults } : { definition };
}

function faultOfBase({ base: { key, version, sha256 } }: Variant, base: Definition): Fault | undefined {
  if (key === base.key && version === base.version && sha256 === identityOf(base).sha256) return undefined;
  const message: Text = {
    de: `Die Grundlage ${key} v${version} ist mit einem anderen Inhalt veröffentlicht.`,
    en: `The base ${key} v${version} is published with another content.`,
  };
  return { path: '$.base', message };
}

const at = (i: number, { path, message }: Fault): Fault => ({
  path: `$.changes[${i}]${path.slice(1)}`,
  message,
});

/** Applies the changes in their order; one that does not fit is left out, and says why. */
function applied({ key, version, title, description, changes }: Variant, base: Definition) {
  const definition = structuredClone(base);
  Object.assign(definition, { key, version, title, ...(description && { description }) });
  const outcomes = changes.map((change) => {
    const operation = operationFor(change);
    const before = operation.touches(base);
    const faults = operation.faults(definition);
    if (faults.length === 0) operation.apply(definition);
    return { before, faults };
  });
  return { definition: definitionSchema.parse(definition), outcomes };
}

/** How a change fares on another version of its base. */
interface ChangeOutcome {
  readonly change: VariantChange;
  /** Applies to the same as before, to something that the base has changed too, or not at all. */
  readonly outcome: 'APPLIES' | 'BASE_CHANGED_TOO' | 'CONFLICTS';
  readonly faults: readonly Fault[];
}

/**
 * Looks three ways: what the variant changed, what the base has changed since, and where both touch the same. The
 * variant as it would be on the new version goes with it, to be looked at, mended and published.
 */
export function onNewerBase(
  variant: Variant,
  before: Definition,
  now: Definition,
): { outcomes: ChangeOutcome[]; variant: Variant } {
  const { outcomes } = applied(variant, now);
  const kept = outcomes.map(({ before: touchedNow, faults }, i): ChangeOutcome => {
    const change = variant.changes[i]!;
    const same = canonical(operationFor(change).touches(before) ?? null) === canonical(touchedNow ?? null);
    const outcome = faults.length > 0 ? 'CONFLICTS' : same ? 'APPLIES' : 'BASE_CHANGED_TOO';
    return { change, outcome, faults: faults.map((fault) => at(i, fault)) };
  });
  const fitting = kept.filter(({ outcome }) => outcome !== 'CONFLICTS').map(({ change }) => change);
  const base = { key: now.key, version: now.version, sha256: identityOf(now).sha256 };
  return { outcomes: kept, variant: { ...variant, version: variant.version + 1, base, changes: fitting } };
}
