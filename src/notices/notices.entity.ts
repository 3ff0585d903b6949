import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns, type Language } from '../platform/index.ts';
import type { Rhythm } from './notice.rules.ts';

const ChoiceRowSchema = defineEntity({
  name: 'ChoiceRow',
  schema: 'notices',
  tableName: 'choice',
  properties: {
    personId: p.uuid().primary(),
    tenantId: baseColumns.tenantId,
    language: p.text().$type<Language>(),
    rhythm: p.text().$type<Rhythm>(),
    kinds: p.json<Readonly<Record<string, Rhythm>>>(),
    chosenAt: p.datetime(),
  },
});
/** What one person chose; each person has one row at most. */
export class ChoiceRow extends ChoiceRowSchema.class {}
ChoiceRowSchema.setClass(ChoiceRow);

const WebhookRowSchema = defineEntity({
  name: 'WebhookRow',
  schema: 'notices',
  tableName: 'webhook',
  properties: {
    ...baseColumns,
    url: p.text(),
    events: p.array<string>(),
    secret: p.text().lazy(),
    registeredBy: p.uuid(),
    registeredAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
});
export class WebhookRow extends WebhookRowSchema.class {}
WebhookRowSchema.setClass(WebhookRow);

export const noticesEntities = [ChoiceRow, WebhookRow];
