import { LockMode } from '@mikro-orm/core';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import type { Tx } from '../platform/index.ts';
import { CatalogueRow, CriterionRow, EditionRow, FieldRow } from './catalogue.entity.ts';
import type { EditionContent } from './edition.rules.ts';

const oneAtATime = `select pg_advisory_xact_lock(hashtextextended('catalogue ' || platform.tenant() || $1, 0))`;

/** Two files that say the same have the same digest, whatever their order of keys, comments and spaces. */
export const digestOf = (content: EditionContent): string =>
  createHash('sha256').update(canonicalize(content)!).digest('hex');

/** The edition with the content's key and version, if there is one; until the command ends nobody else writes there. */
export async function editionWith(tx: Tx, { key, version }: EditionContent): Promise<EditionRow | null> {
  await tx.call(oneAtATime, [key]);
  const catalogue = await tx.em.findOne(CatalogueRow, { key });
  return (
    catalogue && tx.em.findOne(EditionRow, { catalogue, version }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  );
}

/** Writes the content as a draft, in place of the standing one. */
export async function writeDraft(
  tx: Tx,
  content: EditionContent,
  standing: EditionRow | null,
): Promise<EditionRow> {
  const { version, languages, title, scale } = content;
  const head = {
    version,
    languages: [...languages],
    title,
    scale,
    digest: digestOf(content),
    importedBy: tx.actor.system ? null : tx.actor.person,
    importedAt: tx.at,
  };
  if (standing) {
    await tx.em.nativeDelete(CriterionRow, { edition: standing.id });
    await tx.em.nativeDelete(FieldRow, { edition: standing.id });
  }
  const row = standing
    ? tx.em.assign(standing, head)
    : tx.em.create(EditionRow, { ...head, catalogue: await catalogueWith(tx, content.key), status: 'DRAFT' });
  writeContent(tx, row, content);
  return row;
}

async function catalogueWith(tx: Tx, key: string): Promise<CatalogueRow> {
  return (await tx.em.findOne(CatalogueRow, { key })) ?? tx.em.create(CatalogueRow, { key });
}

function writeContent(tx: Tx, edition: EditionRow, { fields, criteria }: EditionContent): void {
  const rows = new Map(
    fields.map(({ id, title }, position) => [
      id,
      tx.em.create(FieldRow, { edition, position, code: id, title }),
    ]),
  );
  criteria.forEach(({ id, field, levels, unitKinds, reference, ...said }, position) =>
    tx.em.create(CriterionRow, {
      ...said,
      edition,
      field: rows.get(field)!,
      position,
      code: id,
      reference: reference ?? null,
      levels: [...levels],
      unitKinds: [...unitKinds],
    }),
  );
}

/** Fixes the edition for good; flush its criteria before, a published edition takes no more. */
export function publish(tx: Tx, edition: EditionRow): void {
  edition.status = 'PUBLISHED';
  edition.publishedAt = tx.at;
  edition.publishedBy = tx.actor.system ? null : tx.actor.person;
}
