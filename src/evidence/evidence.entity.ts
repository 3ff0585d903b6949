import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../platform/index.ts';
import type { EvidenceKind, EvidenceType, WithdrawalReason } from './evidence.rules.ts';

// Reading goes through one bound statement (evidence.sql.ts), which gives when a proof was recorded as well.
const ProofRowSchema = defineEntity({
  name: 'ProofRow',
  schema: 'evidence',
  tableName: 'evidence',
  properties: {
    ...baseColumns,
    unitId: p.uuid(),
    kind: p.text().$type<EvidenceKind>(),
    evidenceType: p.text().$type<EvidenceType>(),
    url: p.text().nullable(),
    reference: p.text().nullable(),
    note: p.text().nullable(),
    proofOn: p.date(),
    attachedBy: p.uuid(),
    withdrawnAt: p.datetime().nullable(),
    withdrawnBy: p.uuid().nullable(),
    withdrawalReason: p.text().$type<WithdrawalReason>().nullable(),
  },
});
export class ProofRow extends ProofRowSchema.class {}
ProofRowSchema.setClass(ProofRow);

export const evidenceEntities = [ProofRow];
