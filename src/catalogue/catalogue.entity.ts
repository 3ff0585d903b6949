import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../platform/index.ts';
import type { DraftText, ScaleLevelContent } from './edition.rules.ts';

// Writing goes through these; reading goes through one bound statement (catalogue.sql.ts), which shapes an edition.

const CatalogueRowSchema = defineEntity({
  name: 'CatalogueRow',
  schema: 'catalogue',
  tableName: 'catalogue',
  properties: { ...baseColumns, key: p.text() },
});
export class CatalogueRow extends CatalogueRowSchema.class {}
CatalogueRowSchema.setClass(CatalogueRow);

const EditionRowSchema = defineEntity({
  name: 'EditionRow',
  schema: 'catalogue',
  tableName: 'edition',
  properties: {
    ...baseColumns,
    catalogue: () => p.manyToOne(CatalogueRow).ref(),
    version: p.text(),
    status: p.text().$type<'DRAFT' | 'PUBLISHED'>(),
    languages: p.array<string>(),
    title: p.json<DraftText>(),
    scale: p.json<readonly ScaleLevelContent[]>(),
    digest: p.text(),
    importedBy: p.uuid().nullable(),
    importedAt: p.datetime(),
    publishedBy: p.uuid().nullable(),
    publishedAt: p.datetime().nullable(),
    revision: p.integer().version(),
  },
});
export class EditionRow extends EditionRowSchema.class {}
EditionRowSchema.setClass(EditionRow);

const FieldRowSchema = defineEntity({
  name: 'FieldRow',
  schema: 'catalogue',
  tableName: 'field',
  properties: {
    ...baseColumns,
    edition: () => p.manyToOne(EditionRow).ref(),
    position: p.smallint(),
    code: p.text(),
    title: p.json<DraftText>(),
  },
});
export class FieldRow extends FieldRowSchema.class {}
FieldRowSchema.setClass(FieldRow);

const CriterionRowSchema = defineEntity({
  name: 'CriterionRow',
  schema: 'catalogue',
  tableName: 'criterion',
  properties: {
    ...baseColumns,
    edition: () => p.manyToOne(EditionRow).ref(),
    field: () => p.manyToOne(FieldRow).ref(),
    position: p.smallint(),
    code: p.text(),
    core: p.boolean(),
    weight: p.smallint(),
    reference: p.text().nullable(),
    title: p.json<DraftText>(),
    description: p.json<DraftText>(),
    indicator: p.json<DraftText>(),
    evidence: p.json<DraftText>(),
    levels: p.array<string>(),
    unitKinds: p.array<string>(),
  },
});
export class CriterionRow extends CriterionRowSchema.class {}
CriterionRowSchema.setClass(CriterionRow);

export const catalogueEntities = [CatalogueRow, EditionRow, FieldRow, CriterionRow];
