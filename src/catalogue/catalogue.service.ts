import { Injectable } from '@nestjs/common';
import { Organisation } from '../organisation/index.ts';
import type { Db, Text } from '../platform/index.ts';
import type { Applicable } from './applicability.rules.ts';
import type { ContentFault, CriterionContent, DraftText, EditionContent } from './edition.rules.ts';
import { gapsForPublication } from './edition-gaps.rules.ts';
import { oneEdition, allCatalogues, newestPublished } from './catalogue.sql.ts';

export interface FieldOfAction {
  readonly id: string;
  /** Such as `LEI`. */
  readonly code: string;
  readonly title: Text;
}
export interface Criterion extends Applicable {
  readonly id: string;
  /** Such as `LEI-01`; the same from edition to edition. */
  readonly code: string;
  /** The code of its field of action. */
  readonly field: string;
  readonly fieldOfAction: FieldOfAction;
  readonly core: boolean;
  /** 1 to 3. */
  readonly weight: number;
  /** What its source calls it; null where it has none. */
  readonly reference: string | null;
  readonly title: Text;
  readonly description: Text;
  readonly indicator: Text;
  readonly evidence: Text;
}
export interface ScaleLevel {
  readonly level: number;
  readonly label: Text;
  readonly pdca: string | null;
  readonly proof: Text;
}
/** One state of a catalogue, fields and criteria in its order. Frozen for good once published. */
export interface Edition {
  readonly id: string;
  readonly key: string;
  /** Such as `1.0.0`. */
  readonly version: string;
  readonly status: 'DRAFT' | 'PUBLISHED';
  readonly languages: readonly string[];
  readonly title: Text;
  readonly scale: readonly ScaleLevel[];
  readonly fields: readonly FieldOfAction[];
  readonly criteria: readonly Criterion[];
  readonly importedBy: string | null;
  readonly importedAt: Date;
  readonly publishedAt: Date | null;
  readonly revision: number;
}
export interface CatalogueEditions {
  readonly id: string;
  readonly key: string;
  readonly editionIds: readonly string[];
}

type ReadEditionRow = Omit<Edition, 'title' | 'scale' | 'fields' | 'criteria'> & {
  readonly title: DraftText;
  readonly scale: EditionContent['scale'];
  readonly fields: readonly { id: string; code: string; title: DraftText }[];
  readonly criteria: readonly (Omit<CriterionContent, 'reference'> & { readonly code: string; readonly reference: string | null })[]; // prettier-ignore
};

const mostKept = 100;

/** Reads editions. Those that are published never change, so each is read once and kept. */
@Injectable()
export class Catalogue {
  readonly #organisation: Organisation;
  readonly #published = new Map<string, Edition>();

  constructor(organisation: Organisation) {
    this.#organisation = organisation;
  }

  /** The edition with its fields, criteria and scale; undefined for an id that is unknown here. Drafts included. */
  async edition(db: Db, id: string): Promise<Edition | undefined> {
    const key = `${db.actor.tenant} ${id}`;
    const kept = this.#published.get(key);
    if (kept) return kept;
    const row = await rowOf(db, id);
    if (!row) return undefined;
    const edition = editionOf(row);
    if (edition.status === 'PUBLISHED') this.#keep(key, edition);
    return edition;
  }

  /** The newest published edition of a catalogue, by its key. */
  async newest(db: Db, catalogueKey: string): Promise<Edition | undefined> {
    const [row] = await db.call<{ id: string }>(newestPublished, [catalogueKey]);
    return row && this.edition(db, row.id);
  }

  /** All catalogues with the ids of their editions, newest first; drafts only where wished. */
  catalogues(db: Db, withDrafts: boolean): Promise<CatalogueEditions[]> {
    return db.call<CatalogueEditions>(allCatalogues, [withDrafts]);
  }

  /** What the edition says, in the words of its file: what is compared, checked and hashed. */
  async content(db: Db, id: string): Promise<EditionContent | undefined> {
    const row = await rowOf(db, id);
    return row && contentOf(row);
  }

  /** What the content lacks before it can be published here: kinds of unit are each administration's own. */
  async gaps(db: Db, content: EditionContent): Promise<ContentFault[]> {
    const kinds = await this.#organisation.kinds(db);
    return gapsForPublication(
      content,
      kinds.map(({ code }) => code),
    );
  }

  #keep(key: string, edition: Edition): void {
    this.#published.set(key, edition);
    if (this.#published.size > mostKept) this.#published.delete(this.#published.keys().next().value!);
  }
}

async function rowOf(db: Db, id: string): Promise<ReadEditionRow | undefined> {
  const [row] = await db.call<ReadEditionRow>(oneEdition, [id]);
  return row;
}

function editionOf(row: ReadEditionRow): Edition {
  const fields = row.fields.map((field) => Object.freeze({ ...field, title: shown(field.title) }));
  const fieldOf = new Map(fields.map((field) => [field.code, field]));
  const criteria = row.criteria.map((criterion) =>
    Object.freeze({
      ...criterion,
      fieldOfAction: fieldOf.get(criterion.field)!,
      title: shown(criterion.title),
      description: shown(criterion.description),
      indicator: shown(criterion.indicator),
      evidence: shown(criterion.evidence),
    }),
  );
  const scale = row.scale.map((level) =>
    Object.freeze({ ...level, label: shown(level.label), proof: shown(level.proof) }),
  );
  return Object.freeze({ ...row, title: shown(row.title), scale, fields, criteria });
}

/** What is shown to whom: a text that lacks the reader's language is shown in one that it has, German or English first. */
function shown(text: DraftText): Text {
  const any = text['de'] ?? text['en'] ?? Object.values(text)[0] ?? '';
  return { de: text['de'] ?? any, en: text['en'] ?? any };
}

function contentOf({
  key,
  version,
  languages,
  title,
  scale,
  fields,
  criteria,
}: ReadEditionRow): EditionContent {
  return {
    key,
    version,
    languages,
    title,
    scale,
    fields: fields.map(({ code, title: heading }) => ({ id: code, title: heading })),
    criteria: criteria.map(({ code, reference, ...criterion }) => ({
      ...criterion,
      ...(reference !== null && { reference }),
      id: code,
    })),
  };
}
