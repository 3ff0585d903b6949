import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Imports } from '../organisation/index.ts';
import { Commands, found, Reads, type Actor, type Tx } from '../platform/index.ts';
import { EditionRow } from './catalogue.entity.ts';
import { Catalogue } from './catalogue.service.ts';
import { differenceBetween } from './edition-difference.rules.ts';
import { digestOf, editionWith, publish, writeDraft } from './edition-draft.sql.ts';
import { EditionFiles } from './edition-files.service.ts';
import {
  alreadyPublished,
  faultyFile,
  gapOf,
  incomplete,
  refusePublication,
} from './edition-refusal.rules.ts';
import type { EditionContent } from './edition.rules.ts';

export interface EditionImport {
  readonly commandId: string;
  readonly bytes: Uint8Array;
  /** Nothing is written; the report says what would happen. */
  readonly dryRun?: boolean | null | undefined;
}
export interface Publication {
  readonly commandId: string;
  readonly editionId: string;
  readonly expectedRevision: number;
}
type Outcome = 'NEW' | 'DRAFT_REPLACED' | 'UNCHANGED';

const shippedFolder = new URL('../../data/catalogues/', import.meta.url);
const anEdition = { de: 'Fassung', en: 'Edition' };
/** Who works on catalogues: the integration centre, and the system when it ships them. */
const worksOnCatalogues = (actor: Actor) => actor.system === true || actor.functionsAt().has('OPENING_COORD');

/** Writes editions: from file to draft, from draft to published. */
@Injectable()
export class Editions {
  readonly #commands: Commands;
  readonly #catalogue: Catalogue;
  readonly #files: EditionFiles;
  readonly #imports: Imports;
  readonly #reads: Reads;

  constructor(commands: Commands, catalogue: Catalogue, files: EditionFiles, imports: Imports, reads: Reads) {
    this.#commands = commands;
    this.#catalogue = catalogue;
    this.#files = files;
    this.#imports = imports;
    this.#reads = reads;
  }

  /** The same as `importEdition`, for a file that lies uploaded (`POST /imports`, format `catalogue.yaml`). */
  async importUpload(
    actor: Actor,
    { importId, ...how }: Omit<EditionImport, 'bytes'> & { importId: string },
  ) {
    const upload = await this.#imports.bytes(await this.#reads.db(actor), importId);
    const file = upload?.format === 'catalogue.yaml' ? upload : undefined;
    const { bytes } = found(file, { de: 'Hochgeladener Katalog', en: 'Uploaded catalogue' });
    return this.importEdition(actor, { ...how, bytes });
  }

  /**
   * Reads a catalogue file into a draft. A draft of the same version is replaced, the same content changes nothing.
   * Refuses a faulty file as a whole (`EditionFileFaulty`) and other content for a published version
   * (`EditionAlreadyPublished`).
   */
  async importEdition(actor: Actor, { commandId, bytes, dryRun }: EditionImport) {
    const input = { file: createHash('sha256').update(bytes).digest('hex'), dryRun: dryRun === true };
    const isAllowed = worksOnCatalogues(actor);
    // Read before the transaction begins, which would hold its connection meanwhile.
    const content = isAllowed ? await this.#files.read(bytes) : { faults: [] };
    return this.#commands.run(actor, { name: 'importEdition', commandId, input }, async (tx) => {
      tx.permit(isAllowed);
      return 'faults' in content ? faultyFile(content.faults) : this.#take(tx, content, input.dryRun);
    });
  }

  /**
   * Publishes a draft for good. Refuses what lacks something (`EditionIncomplete`), what the publisher read in
   * (`PublisherMustBeAnother`), what changed since (`ChangedMeanwhile`) and what is published (`NotPossibleNow`).
   */
  publishEdition(actor: Actor, { commandId, ...input }: Publication) {
    return this.#commands.run(actor, { name: 'publishEdition', commandId, input }, async (tx) => {
      tx.permit(worksOnCatalogues(actor));
      const { editionId, expectedRevision } = input;
      const locked = await tx.em.findOne(EditionRow, editionId, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const draft = found(locked, anEdition);
      const refusal = refusePublication(draft, actor.person, expectedRevision);
      if (refusal) return refusal;
      const content = await this.#catalogue.content(tx, editionId);
      const gaps = await this.#catalogue.gaps(tx, content!);
      if (gaps.length > 0) return incomplete(gaps);
      publish(tx, draft);
      return { editionId };
    });
  }

  /** Loads the catalogues that come with the product, published, where their version is not there yet. */
  async loadShippedCatalogues(tx: Tx): Promise<void> {
    const files = (await readdir(shippedFolder)).filter((name) => name.endsWith('.yaml')).sort();
    for (const name of files) {
      const content = await this.#files.read(await readFile(new URL(name, shippedFolder)));
      if ('faults' in content) throw new Error(`${name}: ${content.faults[0]?.message.en}`);
      if (await editionWith(tx, content)) continue;
      const row = await writeDraft(tx, content, null);
      await tx.em.flush();
      publish(tx, row);
      await tx.em.flush();
    }
  }

  async #take(tx: Tx, content: EditionContent, dryRun: boolean) {
    const standing = await editionWith(tx, content);
    const same = standing?.digest === digestOf(content);
    if (standing?.status === 'PUBLISHED' && !same)
      return alreadyPublished(content.version, await this.#catalogue.edition(tx, standing.id));
    const outcome: Outcome = !standing ? 'NEW' : same ? 'UNCHANGED' : 'DRAFT_REPLACED';
    const report = await this.#report(tx, content, outcome);
    if (dryRun) return { editionId: null, report };
    const row = same ? standing! : await writeDraft(tx, content, standing);
    return { editionId: row.id, report };
  }

  async #report(tx: Tx, content: EditionContent, outcome: Outcome) {
    const newest = await this.#catalogue.newest(tx, content.key);
    const previous = newest && (await this.#catalogue.content(tx, newest.id));
    return {
      key: content.key,
      version: content.version,
      outcome,
      criteriaCount: content.criteria.length,
      coreCount: content.criteria.filter(({ core }) => core).length,
      comparedWith: newest?.version ?? null,
      ...differenceBetween(content, previous),
      gaps: (await this.#catalogue.gaps(tx, content)).slice(0, 500).map(gapOf),
    };
  }
}
