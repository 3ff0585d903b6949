import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../../platform/index.ts';
import type { Headship } from './assignment-rule.rules.ts';

const RuleRowSchema = defineEntity({
  name: 'RuleRow',
  schema: 'responsibility',
  tableName: 'assignment_rule',
  properties: {
    ...baseColumns,
    unitId: p.uuid(),
    levels: p.array<string>().$type<readonly string[]>(),
    catalogue: p.text(),
    fields: p.array<string>().$type<readonly string[]>(),
    criteria: p.array<string>().$type<readonly string[]>(),
    competentPostId: p.uuid().nullable(),
    competentHeadOf: p.text().$type<Headship>().nullable(),
    competentPostFunction: p.text().nullable(),
    accountablePostId: p.uuid().nullable(),
    accountableHeadOf: p.text().$type<Headship>().nullable(),
    rationale: p.text().nullable(),
    validFrom: p.date(),
    validUntil: p.date().nullable(),
    proposedBy: p.uuid().nullable(),
    recordedAt: p.datetime(),
    retractedAt: p.datetime().nullable(),
  },
});
/** A rule is kept for good; ending it sets `retractedAt`, once. */
export class RuleRow extends RuleRowSchema.class {}
RuleRowSchema.setClass(RuleRow);

export const responsibilityEntities = [RuleRow];
