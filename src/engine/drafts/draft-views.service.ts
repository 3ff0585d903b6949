import { Injectable } from '@nestjs/common';
import { ClientError, found, Reads, type Actor, type Db, type Text } from '../../platform/index.ts';
import { Chart } from '../definition/chart.rules.ts';
import { headOf, type Checked } from '../publish/definition-check.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { Definitions, type PublishedDefinition } from '../publish/definitions.service.ts';
import { DraftChecks } from './draft-checks.service.ts';
import { readDraft, readDraftOf, readDrafts } from './draft.sql.ts';
import { printed, type DraftRow } from './draft.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { readVariant, type Variant } from '../definition/variant-format.rules.ts';
import { onNewerBase } from '../definition/variant.rules.ts';
import { hintsOfStaff, placesToStaff } from '../publish/who.rules.ts';

const mostFaults = 100;
const aDraft: Text = { de: 'Entwurf', en: 'Draft' };
const aVariant: Text = { de: 'Variante', en: 'Variant' };

/** Drafts and variants as people read them: with what can be said against them today. */
@Injectable()
export class DraftViews {
  readonly #reads: Reads;
  readonly #checks: DraftChecks;
  readonly #definitions: Definitions;
  readonly #registry: EngineRegistry;

  constructor(reads: Reads, checks: DraftChecks, definitions: Definitions, registry: EngineRegistry) {
    this.#reads = reads;
    this.#checks = checks;
    this.#definitions = definitions;
    this.#registry = registry;
  }

  async open(actor: Actor) {
    return (await readDrafts(await this.#reads.db(actor))).map((draft) => shown(draft, actor));
  }

  async draft(actor: Actor, id: string) {
    const draft = await readDraft(await this.#reads.db(actor), id);
    return draft ? shown(draft, actor) : null;
  }

  /** The draft a command has just worked on. */
  async answered(actor: Actor, id: string) {
    return found(await this.draft(actor, id), aDraft);
  }

  async check(actor: Actor, source: string) {
    const db = await this.#reads.db(actor);
    return this.#told(db, await this.#checks.of(db, source));
  }

  /** The definition a text means, as far as its names are right: only then it can be drawn. */
  async meant(actor: Actor, source: string): Promise<Definition | null> {
    const db = await this.#reads.db(actor);
    const { definition, hasNames } = await this.#checks.of(db, source);
    return hasNames ? definition! : null;
  }

  /** What a published definition is a variant of. */
  async base(actor: Actor, definitionId: string): Promise<PublishedDefinition | null> {
    const db = await this.#reads.db(actor);
    const variant = await this.#variantOf(db, definitionId);
    if (!variant) return null;
    const { key, version } = variant.base;
    return (
      (await this.#definitions.list(db)).find((one) => one.key === key && one.version === version) ?? null
    );
  }

  async report(actor: Actor, definitionId: string, baseId: string) {
    const db = await this.#reads.db(actor);
    const variant = found(await this.#variantOf(db, definitionId), aVariant);
    const now = (await this.#definitions.machineOf(db, baseId)).chart.definition;
    if (now.key !== variant.base.key) throw otherBase(variant.base.key);
    const before = (await this.base(actor, definitionId))!.body;
    const { outcomes, variant: next } = onNewerBase(variant, before, now);
    const source = printed(next);
    return {
      changes: outcomes.map(({ change, outcome, faults }, index) => ({
        index,
        operation: change.do,
        outcome,
        faults,
      })),
      source,
      check: await this.check(actor, source),
    };
  }

  async #variantOf(db: Db, definitionId: string): Promise<Variant | undefined> {
    const draft = await readDraftOf(db, definitionId);
    if (!draft || !headOf(draft.source)?.isVariant) return undefined;
    const read = readVariant(draft.source);
    return 'variant' in read ? read.variant : undefined;
  }

  async #told(db: Db, { faults, sha256, definition }: Checked) {
    const chart = definition && faults.length === 0 ? new Chart(definition) : undefined;
    return {
      faults: faults.slice(0, mostFaults),
      sha256: sha256 ?? null,
      hints: chart ? hintsOfStaff(chart, await this.#staff(db, chart)) : [],
    };
  }

  /** Who holds the functions that are asked for in the whole administration; others depend on the place. */
  async #staff(db: Db, chart: Chart): Promise<Map<string, ReadonlySet<string>>> {
    const staff = new Map<string, ReadonlySet<string>>();
    for (const code of placesToStaff(chart)) {
      const holders = await this.#registry.authority.holders(db, code, {});
      staff.set(code, new Set(holders.map(({ personId }) => personId)));
    }
    return staff;
  }
}

const shown = (draft: DraftRow, { person }: Actor) => ({
  ...draft,
  isVariant: headOf(draft.source)?.isVariant === true,
  iWroteOnIt: draft.authors.includes(person),
});
export type ShownDraft = ReturnType<typeof shown>;

const otherBase = (key: string) =>
  new ClientError('BAD_INPUT', {
    de: `Das ist keine Version von ${key}, der Grundlage dieser Variante.`,
    en: `This is no version of ${key}, which this variant is based on.`,
  });
